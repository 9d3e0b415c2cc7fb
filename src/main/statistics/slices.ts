import type { Dataset, PixelArray } from '../../core/dataset/dataset'
import type { RunConfig } from '../../core/network/config'
import { readRows, readRowsAt, readRowsSync } from '../data/rows'
import { yieldToEventLoop } from '../processes/event-loop'

/** Values of one slice of counting, some 10 ms; between two slices other work gets its turn. */
export const SLICE_VALUES = 800_000
/** Products of one slice of the covariance, some 20 ms. */
export const SLICE_PRODUCTS = 16_000_000

/** The images a preprocessing is fitted on: those that a run trains on. */
export type FitImages = Pick<RunConfig, 'limit' | 'classes'>

/** Places of images in a split, ascending: a list, or one after the other. */
export type RowsOf = Int32Array | { readonly start: number; readonly count: number }

/**
 * Reads the rows slice by slice; other work gets its turn between two. `room`: of a thread that waits for
 * the file.
 */
export async function eachSlice(
  dataset: Dataset,
  split: 'train' | 'test',
  rows: RowsOf,
  images: number,
  take: (pixels: PixelArray, count: number) => void,
  room?: (bytes: number) => Uint8Array
): Promise<void> {
  const total = imagesIn(rows)
  const slice = Math.max(1, Math.floor(images))
  for (let at = 0; at < total; at += slice) {
    const count = Math.min(slice, total - at)
    const first = firstOfRange(rows, at, count)
    const pixels =
      first === undefined
        ? await readRowsAt(dataset, split, (rows as Int32Array).subarray(at, at + count))
        : room
          ? readRowsSync(dataset, split, first, count, room)
          : await readRows(dataset, split, first, count)
    take(pixels, count)
    await yieldToEventLoop()
  }
}

export const imagesIn = (rows: RowsOf): number => ('count' in rows ? rows.count : rows.length)

/** The first of some rows where they follow one another. */
function firstOfRange(rows: RowsOf, at: number, count: number): number | undefined {
  if ('count' in rows) return rows.start + at
  return rows[at + count - 1]! - rows[at]! === count - 1 ? rows[at]! : undefined
}
