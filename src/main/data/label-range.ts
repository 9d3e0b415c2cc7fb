import { NormscopeError } from '../../core/error'
import type { SplitName } from '../../core/dataset/dataset'

/**
 * A label outside the classes would fail deep inside a step, or train silently on nonsense.
 * Throws NormscopeError 'label-out-of-range'.
 */
export function checkLabels(labels: Int32Array, classes: number, split: SplitName): void {
  const odd = labels.findIndex((label) => label < 0 || label >= classes)
  if (odd < 0) return
  throw new NormscopeError({
    code: 'label-out-of-range',
    message: `Image ${odd} of the ${split} images has label ${labels[odd]}; labels are expected from 0 to ${classes - 1}. Check the file of labels.`,
    expected: `0 to ${classes - 1}`,
    actual: String(labels[odd])
  })
}
