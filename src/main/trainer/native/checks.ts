import { NormscopeError } from '../../../core/error'
import type { LabelledImages, Weights } from '../session'
import { productOf } from '../../../core/network/layers/shape'
import type { StateValue } from './program'

/** TensorFlow would find these faults only inside a call, and a failed call ends the process. */
export function checkImages(
  split: string,
  { count, pixels, labels }: LabelledImages,
  features: number,
  classes: number
): void {
  checkSize(`the ${split} images`, 'pixel values', pixels.length, count * features)
  checkSize(`the ${split} images`, 'labels', labels.length, count)
  const at = labels.findIndex((label) => !(label >= 0 && label < classes))
  if (at < 0) return
  throw new NormscopeError({
    code: 'label-out-of-range',
    message: `Label ${labels[at]} of image ${at} of the ${split} images is not one of the ${classes} classes.`,
    expected: `0 to ${classes - 1}`,
    actual: String(labels[at])
  })
}

/** Indices of training images. */
export function checkRows(rows: Int32Array, count: number): void {
  const at = rows.findIndex((row) => !(row >= 0 && row < count))
  if (at < 0) return
  throw new NormscopeError({
    code: 'row-out-of-range',
    message: `Row ${rows[at]} at place ${at} is not one of the ${count} training images.`,
    expected: `0 to ${count - 1}`,
    actual: String(rows[at])
  })
}

export function checkWeights(parameters: readonly StateValue[], weights: Weights): void {
  checkSize('the weights', 'arrays', weights.length, parameters.length)
  parameters.forEach((parameter, at) => {
    checkSize(parameter.name, 'weights', weights[at]!.length, productOf(parameter.shape))
  })
}

function checkSize(what: string, things: string, actual: number, expected: number): void {
  if (actual === expected) return
  throw new NormscopeError({
    code: 'wrong-size',
    message: `There are ${actual} ${things} for ${what}; ${expected} were expected.`,
    expected: String(expected),
    actual: String(actual)
  })
}
