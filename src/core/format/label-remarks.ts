import { grouped } from '../numbers'
import { counted } from '../text'

/** Labels that a sentence names. */
const MOST_NAMED = 6
/** Images from which on labels that half of them have to themselves are suspected to be no classes. */
const FEW_IMAGES = 10

/** '0, 1 and 7', or the first of many and how many there are. */
export function listed(values: readonly (number | string)[]): string {
  const more = values.length - MOST_NAMED
  if (more > 0) return `${values.slice(0, MOST_NAMED).join(', ')} and ${grouped(more)} more`
  return values.length < 2
    ? values.join('')
    : `${values.slice(0, -1).join(', ')} and ${values.at(-1)}`
}

/** What is odd about whole numbers as labels, ascending, that do not stay what they are. */
export function numberRemarks(sorted: readonly number[]): readonly string[] {
  const [first = 0] = sorted
  const last = sorted.at(-1) ?? 0
  const negative = sorted.filter((value) => value < 0)
  const isWhole = last - first + 1 === sorted.length
  const remarks: string[] = []
  if (negative.length > 0) {
    remarks.push(
      `Some labels are negative (${listed(negative)}) and became classes like the others. Where such a number marks images without a class, leave those images out.`
    )
  }
  if (isWhole && negative.length === 0 && sorted.length > 1) {
    remarks.push(
      `The labels are ${first} to ${last}, not 0 to ${sorted.length - 1}: the first class is that of label ${first}.`
    )
  } else if (!isWhole) {
    remarks.push(
      `The labels are ${listed(sorted)}, with gaps: each became a class of that name, ${grouped(sorted.length)} in all.`
    )
  }
  return remarks
}

/** What spreadsheets and Python write where there is no value. */
const NO_VALUE = /^\s*[+-]?(nan|null|n\/?a)\s*$/i
const FRACTION = /^\s*[+-]?\d*\.\d*[1-9]\d*(e[+-]?\d+)?\s*$/i

/** What is odd about names as labels. */
export function nameRemarks(names: readonly string[]): readonly string[] {
  const absent = names.filter((name) => NO_VALUE.test(name))
  const fractions = names.filter((name) => FRACTION.test(name))
  return [
    ...(absent.length > 0
      ? [
          `Some labels read ${listed(absent)}, which became a class of that name. Where it marks images without a class, leave those images out.`
        ]
      : []),
    ...(fractions.length > 0
      ? [
          `Some labels are no whole numbers (${listed(fractions)}) and became classes by their text. If they are measurements, sort them into classes first.`
        ]
      : [])
  ]
}

/** What is odd about how many training and test images the classes have. */
export function countRemarks(
  classNames: readonly string[],
  [train, test]: readonly (readonly number[] | undefined)[]
): readonly string[] {
  if (train === undefined) return []
  const images = train.reduce((sum, count) => sum + count, 0)
  const trained = train.filter((count) => count > 0).length
  const untrained = classNames.filter((_, label) => (test?.[label] ?? 0) > 0 && train[label] === 0)
  const remarks: string[] = []
  if (classNames.length === 1 && images > 1) {
    remarks.push(
      `All images have the label ${classNames[0]}: with one class there is nothing to tell apart.`
    )
  }
  const isMany = images >= FEW_IMAGES && trained > images / 2
  if (classNames.length > images || isMany) {
    remarks.push(
      `There are ${grouped(classNames.length)} classes for ${counted(images, 'training image')}. Labels that few images share may number the images instead of their classes.`
    )
  }
  if (untrained.length > 0) {
    remarks.push(
      `Test images have labels that no training image has, which no network can learn: ${listed(untrained)}.`
    )
  }
  return remarks
}
