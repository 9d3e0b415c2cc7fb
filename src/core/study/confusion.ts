/** More classes than that and a matrix of them says nothing any more. */
export const MAX_CONFUSION_CLASSES = 100

/**
 * Mean of the recalls of the classes that occur, in [0, 1]: with unequal classes, what accuracy hides.
 * undefined without images. Source: Brodersen et al. 2010, "The balanced accuracy and its posterior
 * distribution", doi:10.1109/ICPR.2010.764.
 * @param guesses class that each image is taken for; -1 for none
 */
export function balancedAccuracy(
  labels: ArrayLike<number>,
  guesses: ArrayLike<number>,
  classes: number
): number | undefined {
  const counts = new Float64Array(classes)
  const hits = new Float64Array(classes)
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!
    counts[label]!++
    if (guesses[i] === label) hits[label]!++
  }
  let sum = 0
  let occurring = 0
  counts.forEach((count, label) => {
    if (count === 0) return
    sum += hits[label]! / count
    occurring++
  })
  return occurring > 0 ? sum / occurring : undefined
}

/** Images by label (row) and by the class they are taken for (column); what is taken for none is left out. */
export function confusionMatrix(
  labels: ArrayLike<number>,
  guesses: ArrayLike<number>,
  classes: number
): number[][] {
  const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0))
  for (let i = 0; i < labels.length; i++) {
    const row = matrix[labels[i]!]!
    const guess = guesses[i]!
    if (guess >= 0) row[guess]!++
  }
  return matrix
}
