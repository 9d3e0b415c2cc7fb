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

/** What is odd about how many images the classes have; labels are places in the list of classes. */
export function countRemarks(
  classNames: readonly string[],
  [train, test]: readonly (Int32Array | undefined)[]
): readonly string[] {
  if (train === undefined) return []
  const trained = classesOf(train, classNames.length)
  const tested = test ? [...classesOf(test, classNames.length)] : []
  const untrained = tested.filter((label) => !trained.has(label))
  const remarks: string[] = []
  if (classNames.length === 1 && train.length > 1) {
    remarks.push(
      `All images have the label ${classNames[0]}: with one class there is nothing to tell apart.`
    )
  }
  const images = train.length
  const isMany = images >= FEW_IMAGES && trained.size > images / 2
  if (classNames.length > images || isMany) {
    remarks.push(
      `There are ${grouped(classNames.length)} classes for ${counted(images, 'training image')}. Labels that few images share may number the images instead of their classes.`
    )
  }
  if (untrained.length > 0) {
    const names = untrained.map((label) => classNames[label]!)
    remarks.push(
      `Test images have labels that no training image has, which no network can learn: ${listed(names)}.`
    )
  }
  return remarks
}

/** The classes that some image has, ascending. */
function classesOf(labels: Int32Array, classes: number): Set<number> {
  const seen = new Array<boolean>(classes).fill(false)
  for (let at = 0; at < labels.length; at++) seen[labels[at]!] = true
  return new Set([...seen.keys()].filter((label) => seen[label]))
}
