import type { PixelArray } from '../dataset/dataset'

/** Per class: how many images, and the sum of each feature over them (the class mean images). */
export interface ClassSums {
  /** values in one image */
  readonly features: number
  /** images per class; as long as the greatest label seen + 1 */
  counts: Float64Array
  /** classes x features; absent once the classes are too many for it */
  sums?: Float64Array
}

/** Bytes that the sums may take; a thousand classes of large images would fill the memory. */
const MOST_BYTES = 64 * 1024 * 1024

export function createClassSums(features: number): ClassSums {
  return { features, counts: new Float64Array(), sums: new Float64Array() }
}

export function addClassSums(
  classes: ClassSums,
  pixels: PixelArray,
  count: number,
  labels: Int32Array
): void {
  let most = classes.counts.length
  for (let i = 0; i < count; i++) most = Math.max(most, labels[i]! + 1)
  widen(classes, most)
  const { counts, sums, features } = classes
  for (let i = 0; i < count; i++) {
    const label = labels[i]!
    counts[label] = counts[label]! + 1
    if (sums) addRow(sums, label * features, pixels, i * features, features)
  }
}

export function mergeClassSums(a: ClassSums, b: ClassSums): ClassSums {
  const merged: ClassSums = { features: a.features, counts: a.counts.slice() }
  if (a.sums && b.sums) merged.sums = a.sums.slice()
  widen(merged, Math.max(a.counts.length, b.counts.length))
  b.counts.forEach((count, label) => (merged.counts[label] = merged.counts[label]! + count))
  if (merged.sums) addRow(merged.sums, 0, b.sums!, 0, b.sums!.length)
  return merged
}

/** Mean image of a class, D values; undefined where the class has no image or sums were given up. */
export function classMeanImage(classes: ClassSums, label: number): Float64Array | undefined {
  const count = classes.counts[label]
  if (!classes.sums || !count) return undefined
  const start = label * classes.features
  return classes.sums.slice(start, start + classes.features).map((sum) => sum / count)
}

function addRow(
  sums: Float64Array,
  to: number,
  values: PixelArray | Float64Array,
  from: number,
  length: number
): void {
  for (let f = 0; f < length; f++) sums[to + f] = sums[to + f]! + values[from + f]!
}

function widen(classes: ClassSums, length: number): void {
  if (classes.sums && length * classes.features * 8 > MOST_BYTES) delete classes.sums
  if (length === classes.counts.length) return
  const counts = new Float64Array(length)
  counts.set(classes.counts)
  classes.counts = counts
  if (!classes.sums) return
  const sums = new Float64Array(length * classes.features)
  sums.set(classes.sums)
  classes.sums = sums
}
