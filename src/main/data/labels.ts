import { NormscopeError } from '../../core/error'
import type { Dataset, SplitName } from '../../core/dataset/dataset'
import { readArray, splitOf } from './rows'

/**
 * One place in `classNames` per image. Throws NormscopeError 'unlabelled' where there are none, and
 * 'label-out-of-range'.
 */
export async function readLabels(dataset: Dataset, split: SplitName): Promise<Int32Array> {
  const labels = await labelsIfAny(dataset, split)
  if (labels !== undefined) return labels
  // it knows every format, which threads that read images need not load
  throw (await import('../../core/format/missing-labels')).unlabelled(dataset, split)
}

/** As `readLabels`; undefined where the split has no labels. */
export async function labelsIfAny(
  dataset: Dataset,
  split: SplitName
): Promise<Int32Array | undefined> {
  const { labels, count } = splitOf(dataset, split)
  if (labels === undefined) return undefined
  const bytes = await readArray(labels, 0, 4 * count)
  const read = new Int32Array(bytes.buffer, bytes.byteOffset, count)
  checkLabels(read, dataset.classNames.length, split)
  return read
}

/**
 * A label outside the classes would fail deep inside a step, or train silently on nonsense.
 * Throws NormscopeError 'label-out-of-range'.
 */
function checkLabels(labels: Int32Array, classes: number, split: SplitName): void {
  let odd = 0
  // a loop, which takes a fifth of findIndex: a million labels are looked through before a first picture
  while (odd < labels.length && labels[odd]! >= 0 && labels[odd]! < classes) odd++
  if (odd === labels.length) return
  throw new NormscopeError({
    code: 'label-out-of-range',
    message: `Image ${odd} of the ${split} images has label ${labels[odd]}; labels are expected from 0 to ${classes - 1}. Check the file of labels.`,
    expected: `0 to ${classes - 1}`,
    actual: String(labels[odd])
  })
}
