import { featuresOf } from '../../core/dataset/dataset'
import type { Dataset, PixelArray, SplitName } from '../../core/dataset/dataset'
import { readRows } from '../data/rows'
import { yieldToEventLoop } from '../processes/event-loop'

/** Values of one slice, some milliseconds of work, also where each image is sorted. */
const SLICE_VALUES = 120_000

/** The images of some splits in chunks of whole images; other work gets its turn between two. */
export async function* pixelChunks(
  dataset: Dataset,
  splits: readonly SplitName[],
  sliceValues = SLICE_VALUES
): AsyncGenerator<PixelArray> {
  const chunk = Math.max(1, Math.floor(sliceValues / featuresOf(dataset)))
  for (const split of splits) {
    const count = dataset.splits[split]?.count ?? 0
    for (let at = 0; at < count; at += chunk) {
      yield await readRows(dataset, split, at, Math.min(chunk, count - at))
      await yieldToEventLoop()
    }
  }
}
