import { createRandom } from '../random'

/** Seed of drawings that are the same for every run of a data set. */
export const DRAWING_SEED = 0

/**
 * So many images of a list, class by class at random and in proportion to the classes: places in
 * `labels`, ascending. The largest remainders get what rounding leaves. The same labels, count and
 * name give the same images.
 */
export function drawPerClass(labels: Int32Array, count: number, name: string): Int32Array {
  const all = Int32Array.from(labels, (_, place) => place)
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
