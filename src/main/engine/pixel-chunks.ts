import type { Dataset, PixelArray, SplitName } from '../../core/dataset/dataset'
import { readRows } from '../data/rows'

const CHUNK = 500

/** The images of some splits in chunks of whole images; other work gets its turn between two. */
export async function* pixelChunks(
  dataset: Dataset,
  splits: readonly SplitName[]
): AsyncGenerator<PixelArray> {
  for (const split of splits) {
    const count = dataset.splits[split]?.count ?? 0
    for (let at = 0; at < count; at += CHUNK) {
      yield await readRows(dataset, split, at, Math.min(CHUNK, count - at))
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
}
