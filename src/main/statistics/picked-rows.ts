import { BYTES_PER_PIXEL, featuresOf } from '../../core/dataset/dataset'
import type { Dataset, SplitName } from '../../core/dataset/dataset'
import { readRowsSync } from '../data/rows'

/** A gap that is read along: one more call of the system takes about as long. */
const GAP_BYTES = 1 << 16
/** What is read at once stays in a core's cache until it is picked from. */
const MOST_BYTES = 1 << 19

/**
 * The stored values of some images, by ascending places, into `into`: as `readRowsAt`, by a thread that waits
 * for the file, through its own memory, which `room` gives.
 */
export function pickRows(
  dataset: Dataset,
  split: SplitName,
  rows: Int32Array,
  into: Uint8Array,
  room: (bytes: number) => Uint8Array
): void {
  const bytes = featuresOf(dataset) * BYTES_PER_PIXEL[dataset.dtype]
  for (let at = 0; at < rows.length;) {
    const first = rows[at]!
    let next = at + 1
    while (next < rows.length) {
      const gap = rows[next]! - rows[next - 1]! - 1
      const count = rows[next]! - first + 1
      if (gap < 0 || gap * bytes > GAP_BYTES || count * bytes > MOST_BYTES) break
      next++
    }
    const { buffer, byteOffset } = readRowsSync(
      dataset,
      split,
      first,
      rows[next - 1]! - first + 1,
      room
    )
    for (; at < next; at++) {
      const image = new Uint8Array(buffer, byteOffset + (rows[at]! - first) * bytes, bytes)
      into.set(image, at * bytes)
    }
  }
}
