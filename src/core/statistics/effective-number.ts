/** exp of the entropy of the shares that the weights (each >= 0) have of their sum; 0 for no sum. */
export function effectiveNumber(weights: ArrayLike<number>): number {
  let total = 0
  for (let i = 0; i < weights.length; i++) total += weights[i]!
  if (total === 0) return 0
  let entropy = 0
  for (let i = 0; i < weights.length; i++) {
    const share = weights[i]! / total
    if (share > 0) entropy -= share * Math.log(share)
  }
  return Math.exp(entropy)
}
