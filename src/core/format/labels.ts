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
  /** images of each class, of the same splits */
  readonly counts: readonly (readonly number[] | undefined)[]
}

const MAX_CLASSES = 10_000

/** Whole numbers below are counted and looked up in tables, which takes less time than a Map. */
const SMALL = 1 << 16

const isSmall = (value: number | string): value is number =>
  typeof value === 'number' && value >>> 0 === value && value < SMALL

/** How many images of a split have each label. */
interface Occurrences {
  /** in the order in which they come first */
  readonly labels: readonly (number | string)[]
  /** of whole numbers below SMALL */
  readonly small: Uint32Array
  readonly others: ReadonlyMap<number | string, number>
}

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
  const labelled = splits.filter((values) => values !== undefined)
  if (labelled.length === 0) {
    const none = splits.map(() => undefined)
    return { classNames: [], labels: none, counts: none }
  }
  const occurrences = splits.map((values) => values && occurrencesOf(path, values))
  const distinct = [...new Set(occurrences.flatMap((found) => found?.labels ?? []))]
  if (distinct.length > MAX_CLASSES) throw tooMany(path)
  const numeric = distinct.every((value) => /^\s*[+-]?\d+(\.0*)?\s*$/.test(String(value)))
  const classes = numeric
    ? numericClasses(path, distinct.map(Number), labelled, warn)
    : namedClasses(path, distinct, labelled, warn)
  const places = new Map<number | string, number>()
  for (const value of distinct) {
    const place = (classes as readonly unknown[]).indexOf(numeric ? Number(value) : String(value))
    places.set(value, place)
  }
  const labels = splits.map((values) => values && placesOf(values, places))
  const counts = occurrences.map((found) => found && countsOf(found, places, classes.length))
  const classNames = classes.map(String)
  countRemarks(classNames, counts).forEach(warn)
  return { classNames, labels, counts }
}

function occurrencesOf(path: string, given: LabelValues): Occurrences {
  const values = given as ArrayLike<number | string>
  const labels: (number | string)[] = []
  const small = new Uint32Array(SMALL)
  const others = new Map<number | string, number>()
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!
    const before = isSmall(value) ? small[value]! : (others.get(value) ?? 0)
    if (isSmall(value)) small[value] = before + 1
    else others.set(value, before + 1)
    if (before === 0 && labels.push(value) > MAX_CLASSES) throw tooMany(path)
  }
  return { labels, small, others }
}

function placesOf(given: LabelValues, places: ReadonlyMap<number | string, number>): Int32Array {
  // which is what most labels are, and copied at once
  const arePlaces = [...places].every(([value, place]) => value === place)
  if (arePlaces) return new Int32Array(given as ArrayLike<number>)
  const values = given as ArrayLike<number | string>
  const small = new Int32Array(SMALL)
  for (const [value, place] of places) if (isSmall(value)) small[value] = place
  const mapped = new Int32Array(values.length)
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!
    mapped[index] = isSmall(value) ? small[value]! : places.get(value)!
  }
  return mapped
}

function countsOf(
  { small, others }: Occurrences,
  places: ReadonlyMap<number | string, number>,
  classes: number
): number[] {
  const counts = new Array<number>(classes).fill(0)
  for (const [value, place] of places) {
    counts[place]! += isSmall(value) ? small[value]! : (others.get(value) ?? 0)
  }
  return counts
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
