import { NormscopeError } from '../error'
import { compareNames } from '../dataset/names'
import type { LabelValues } from './opened'
import { baseName, type Warn } from './source'

/** Labels as places in a list of classes. */
interface MappedLabels {
  readonly classNames: readonly string[]
  /** one array per split, in the order given; undefined for a split without labels */
  readonly labels: readonly (Int32Array | undefined)[]
}

const MAX_CLASSES = 10_000

/**
 * Finds the classes of all splits together. Whole numbers that begin at 0 and leave out at most
 * half of their range stay what they are (a class without images is warned about); any others
 * become 0, 1, 2, ... in ascending order, and the original values become the classes' names.
 * Splits without labels stay without. Throws NormscopeError 'bad-label' or 'too-many-classes'.
 */
export function mapLabels(
  path: string,
  splits: readonly (LabelValues | undefined)[],
  warn: Warn
): MappedLabels {
  const distinct = new Set<number | string>()
  const labelled = splits.filter((values) => values !== undefined)
  if (labelled.length === 0) return { classNames: [], labels: splits.map(() => undefined) }
  for (const values of labelled as readonly ArrayLike<number | string>[]) {
    for (let index = 0; index < values.length; index++) {
      distinct.add(values[index]!)
      if (distinct.size > MAX_CLASSES) throw tooMany(path)
    }
  }
  const numeric = [...distinct].every((value) => /^\s*[+-]?\d+(\.0*)?\s*$/.test(String(value)))
  const classes = numeric
    ? numericClasses([...distinct].map(Number), warn)
    : namedClasses(path, [...distinct], labelled)
  const places = new Map<number | string, number>()
  for (const value of distinct) {
    places.set(
      value,
      (classes as readonly unknown[]).indexOf(numeric ? Number(value) : String(value))
    )
  }
  const labels = splits.map((given) => {
    const values = given as ArrayLike<number | string> | undefined
    if (values === undefined) return undefined
    const mapped = new Int32Array(values.length)
    for (let index = 0; index < values.length; index++) mapped[index] = places.get(values[index]!)!
    return mapped
  })
  return { classNames: classes.map(String), labels }
}

function numericClasses(values: readonly number[], warn: Warn): readonly number[] {
  const sorted = [...new Set(values)].sort((a, b) => a - b)
  const count = sorted.at(-1)! + 1
  if (sorted[0] !== 0 || count === sorted.length || count > 2 * sorted.length) return sorted
  const all = Array.from({ length: count }, (_, value) => value)
  const missing = all.filter((value) => !sorted.includes(value))
  warn(`No image has the label ${missing.join(', ')}; the class was kept, empty.`)
  return all
}

/** In the order of names. Numbers that are not whole are no labels. */
function namedClasses(
  path: string,
  values: readonly (number | string)[],
  splits: readonly LabelValues[]
): readonly string[] {
  const number = values.find((value) => typeof value === 'number')
  const empty = values.find((value) => typeof value === 'string' && value.trim() === '')
  const bad = number === undefined ? empty : values.find((value) => !Number.isInteger(value))
  if (bad !== undefined) throw badLabel(path, bad, splits)
  return values.map(String).sort(compareNames)
}

function badLabel(
  path: string,
  bad: number | string,
  splits: readonly LabelValues[]
): NormscopeError {
  const index = splits
    .map((values) => Array.from(values as ArrayLike<unknown>).indexOf(bad))
    .find((at) => at >= 0)
  return new NormscopeError({
    code: 'bad-label',
    message: `${baseName(path)}: the label of image ${index ?? 0} is ${bad === '' ? 'empty' : bad}; labels are whole numbers or names.`,
    path,
    expected: 'whole numbers or names',
    actual: String(bad)
  })
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
