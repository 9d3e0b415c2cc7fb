import { rowsOfRun } from '../../../core/dataset/draw'
import type { Dataset } from '../../../core/dataset/dataset'
import { readLabels } from '../../data/labels'
import type { FitImages } from '../../statistics/slices'

/** Places of the images that a preprocessing is fitted on, ascending. */
export async function rowsOf(
  dataset: Dataset,
  split: 'train' | 'test',
  images: FitImages
): Promise<Int32Array> {
  const count = dataset.splits[split]?.count ?? 0
  const whole = !images.classes && (images.limit ?? count) >= count
  if (whole) return new Int32Array(count).map((_, row) => row)
  return rowsOfRun(await readLabels(dataset, split), images)
}
