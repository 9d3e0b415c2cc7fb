import { createRandom } from '../random'

/** Seed of drawings that are the same for every run of a data set. */
export const DRAWING_SEED = 0

/**
 * So many images of a list, class by class at random and in proportion to the classes: places in
 * `labels`, ascending. The largest remainders get what rounding leaves. The same labels, count and
 * name give the same images.
 */
function drawPerClass(labels: Int32Array, count: number, name: string): Int32Array {
  const all = labels.map((_, place) => place)
  if (count >= labels.length) return all
  const byClass = new Map<number, number[]>()
  labels.forEach((label, place) => {
    const members = byClass.get(label)
    if (members) members.push(place)
    else byClass.set(label, [place])
  })
  const shares = [...byClass]
    .sort(([a], [b]) => a - b)
    .map(([label, members]) => {
      const exact = (count * members.length) / labels.length
      return { label, members, taken: Math.floor(exact), rest: exact % 1 }
    })
  let left = count - shares.reduce((sum, { taken }) => sum + taken, 0)
  for (const share of [...shares].sort((a, b) => b.rest - a.rest)) if (left-- > 0) share.taken++
  const drawn = shares.flatMap(({ label, members, taken }) => {
    const order = Int32Array.from(members)
    createRandom(DRAWING_SEED, `${name} ${label}`).shuffle(order)
    return [...order.subarray(0, taken)]
  })
  return Int32Array.from(drawn).sort()
}

/** The images that figures are measured on: the same for every run on these labels. */
export function drawProbe(labels: Int32Array, count: number): Int32Array {
  return drawPerClass(labels, count, 'probe')
}

/** Images of a split that a run uses. */
interface Wanted {
  /** these two only; they become 0 and 1 */
  readonly classes?: readonly [number, number]
  /** so many, drawn class by class */
  readonly limit?: number
}

/** Their places in the split, ascending. */
export function rowsOfRun(labels: Int32Array, { classes, limit }: Wanted): Int32Array {
  const all = labels.map((_, row) => row)
  const rows = classes ? all.filter((row) => classes.includes(labels[row]!)) : all
  if (limit === undefined || limit >= rows.length) return rows
  const drawn = drawPerClass(runLabels(labels, rows, classes), limit, 'training images')
  return drawn.map((place) => rows[place]!)
}

/** The classes of images as a run numbers them. */
export function runLabels(
  labels: Int32Array,
  rows: Int32Array,
  classes: Wanted['classes']
): Int32Array {
  return rows.map((row) => (classes ? (labels[row] === classes[0] ? 0 : 1) : labels[row]!))
}
