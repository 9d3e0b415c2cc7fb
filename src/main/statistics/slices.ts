import { rowsOfRun } from '../../core/dataset/draw'
import type { Dataset, PixelArray } from '../../core/dataset/dataset'
import type { RunConfig } from '../../core/network/config'
import { readLabels, readRows, readRowsAt } from '../data/rows'
import { yieldToEventLoop } from '../processes/event-loop'

/** Values of one slice of counting, some 10 ms; between two slices other work gets its turn. */
export const SLICE_VALUES = 800_000
/** Products of one slice of the covariance, some 20 ms. */
export const SLICE_PRODUCTS = 16_000_000

/** The images a preprocessing is fitted on: those that a run trains on. */
export type FitImages = Pick<RunConfig, 'limit' | 'classes'>

/** Reads the rows slice by slice; other work gets its turn between two. */
export async function eachSlice(
  dataset: Dataset,
  split: 'train' | 'test',
  rows: Int32Array,
  images: number,
  take: (pixels: PixelArray, count: number) => void,
  room?: (bytes: number) => Uint8Array
): Promise<void> {
  const slice = Math.max(1, Math.floor(images))
  for (let at = 0; at < rows.length; at += slice) {
    const part = rows.subarray(at, at + slice)
    const pixels = isRange(part)
      ? await readRows(dataset, split, part[0]!, part.length, room)
      : await readRowsAt(dataset, split, part)
    take(pixels, part.length)
    await yieldToEventLoop()
  }
}

export async function rowsOf(
  dataset: Dataset,
  split: 'train' | 'test',
  images: FitImages
): Promise<Int32Array> {
  const count = dataset.splits[split]?.count ?? 0
  const whole = !images.classes && (images.limit ?? count) >= count
  if (whole) return Int32Array.from({ length: count }, (_, row) => row)
  return rowsOfRun(await readLabels(dataset, split), images)
}

function isRange(rows: Int32Array): boolean {
  return rows.length > 0 && rows[rows.length - 1]! - rows[0]! === rows.length - 1
}
