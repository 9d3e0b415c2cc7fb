import { NormscopeError } from '../error'
import { compareNames } from '../dataset/names'
import type { LabelValues } from './opened'
import { countRemarks, listed, nameRemarks, numberRemarks } from './label-remarks'
import { baseName, type Warn } from './source'

/** Labels as places in a list of classes. */
interface MappedLabels {
  readonly classNames: readonly string[]
  /** one array per split, in the order given; undefined for a split without labels */
  readonly labels: readonly (Int32Array | undefined)[]
}

const MAX_CLASSES = 10_000

/** Whole numbers below are looked up in tables, which takes less time than a Set and a Map. */
const SMALL = 1 << 16
const isSmall = (value: number | string): value is number =>
  typeof value === 'number' && value >>> 0 === value && value < SMALL

/**
 * Finds the classes of all splits together. Whole numbers that begin at 0 and leave out at most
 * half of their range stay what they are (a class without images is warned about); any others
 * become 0, 1, 2, ... in ascending order, and the original values become the classes' names. What is
 * odd about them is warned about.
 * Splits without labels stay without. Throws NormscopeError 'bad-label' or 'too-many-classes'.
 */
export function mapLabels(
  path: string,
  splits: readonly (LabelValues | undefined)[],
  warn: Warn
): MappedLabels {
  const distinct = new Set<number | string>()
  const seen = new Uint8Array(SMALL)
  const labelled = splits.filter((values) => values !== undefined)
  if (labelled.length === 0) return { classNames: [], labels: splits.map(() => undefined) }
  for (const values of labelled as readonly ArrayLike<number | string>[]) {
    for (let index = 0; index < values.length; index++) {
      const value = values[index]!
      if (isSmall(value)) {
        if (seen[value] === 1) continue
        seen[value] = 1
      }
      distinct.add(value)
      if (distinct.size > MAX_CLASSES) throw tooMany(path)
    }
  }
  const numeric = [...distinct].every((value) => /^\s*[+-]?\d+(\.0*)?\s*$/.test(String(value)))
  const classes = numeric
    ? numericClasses(path, [...distinct].map(Number), labelled, warn)
    : namedClasses(path, [...distinct], labelled, warn)
  const places = new Map<number | string, number>()
  const placesOfSmall = new Int32Array(SMALL)
  for (const value of distinct) {
    const place = (classes as readonly unknown[]).indexOf(numeric ? Number(value) : String(value))
    if (isSmall(value)) placesOfSmall[value] = place
    else places.set(value, place)
  }
  const labels = splits.map((given) => {
    const values = given as ArrayLike<number | string> | undefined
    if (values === undefined) return undefined
    const mapped = new Int32Array(values.length)
    for (let index = 0; index < values.length; index++) {
      const value = values[index]!
      mapped[index] = isSmall(value) ? placesOfSmall[value]! : places.get(value)!
    }
    return mapped
  })
  const classNames = classes.map(String)
  countRemarks(classNames, labels).forEach(warn)
  return { classNames, labels }
}

function numericClasses(
  path: string,
  values: readonly number[],
  splits: readonly LabelValues[],
  warn: Warn
): readonly number[] {
  const large = values.find((value) => !Number.isSafeInteger(value))
  if (large !== undefined) throw badLabel(path, large, splits)
  const sorted = [...new Set(values)].sort((a, b) => a - b)
  const count = sorted.at(-1)! + 1
  if (sorted[0] === 0 && count === sorted.length) return sorted
  if (sorted[0] !== 0 || count > 2 * sorted.length) {
    numberRemarks(sorted).forEach(warn)
    return sorted
  }
  const all = Array.from({ length: count }, (_, value) => value)
  const missing = all.filter((value) => !sorted.includes(value))
  warn(
    missing.length === 1
      ? `No image has the label ${missing[0]}; the class was kept, empty.`
      : `No image has the labels ${listed(missing)}; these classes were kept, empty.`
  )
  return all
}

/** In the order of names. Numbers that are not whole are no labels. */
function namedClasses(
  path: string,
  values: readonly (number | string)[],
  splits: readonly LabelValues[],
  warn: Warn
): readonly string[] {
  const number = values.find((value) => typeof value === 'number')
  const empty = values.find((value) => typeof value === 'string' && value.trim() === '')
  const bad = number === undefined ? empty : values.find((value) => !Number.isSafeInteger(value))
  if (bad !== undefined) throw badLabel(path, bad, splits)
  const names = values.map(String).sort(compareNames)
  nameRemarks(names).forEach(warn)
  return names
}

function badLabel(
  path: string,
  bad: number | string,
  splits: readonly LabelValues[]
): NormscopeError {
  const isBad = (value: unknown): boolean => Object.is(value, bad) || Number(value) === bad
  const places = splits.map((values) => Array.from(values as ArrayLike<unknown>).findIndex(isBad))
  const split = places.findIndex((at) => at >= 0)
  return new NormscopeError({
    code: 'bad-label',
    message: `${baseName(path)}: the label of ${split === 1 ? 'test image' : 'image'} ${places[split] ?? 0} is ${bad === '' ? 'empty' : bad}; labels are whole numbers or names.`,
    path,
    expected: 'whole numbers or names',
    actual: String(bad),
    hint: hintFor(bad)
  })
}

function hintFor(bad: number | string): string {
  if (typeof bad === 'string') return 'Name the class of each image, or leave those images out.'
  if (Number.isInteger(bad)) return 'Numbers as large as this are rather names: write them as text.'
  return Number.isFinite(bad)
    ? 'If the labels are measurements, sort them into classes first.'
    : 'Such a label often marks images without one: leave those images out.'
}

function tooMany(path: string): NormscopeError {
  return new NormscopeError({
    code: 'too-many-classes',
    message: `${baseName(path)} has more than ${MAX_CLASSES} different labels; these look like measurements, not classes.`,
    path,
    expected: `at most ${MAX_CLASSES} classes`
  })
}

/** Throws NormscopeError 'count-mismatch' unless there is one label per image. */
export function checkCounts(path: string, images: number, labels: number): void {
  if (images !== labels) throw countMismatch(path, images, String(labels))
}

/** `labels` are as many as were found, in words or digits. */
export function countMismatch(path: string, images: number, labels: string): NormscopeError {
  return new NormscopeError({
    code: 'count-mismatch',
    message: `${baseName(path)} does not fit: there are ${images} images, but ${labels} labels for them. Images and labels must belong together, one label per image.`,
    path,
    expected: `${images} labels`,
    actual: `${labels} labels`
  })
}
