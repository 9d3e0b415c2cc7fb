/**
 * The indices by their keys, from the least on or from the greatest; equal keys stay in the order of the indices.
 * Sorts in place.
 */
export function ordered(
  indices: Uint32Array,
  keys: ArrayLike<number>,
  descending: boolean
): Uint32Array {
  const sign = descending ? -1 : 1
  return indices.sort((a, b) => sign * (keys[a]! - keys[b]!) || a - b)
}
