import { featuresOf } from '../../dataset/dataset'
import type { Applier, FormRecord } from './form'

/** `matrix` is D x D, row-major, symmetric */
export interface LinearForm {
  readonly kind: 'linear'
  readonly mean: readonly number[]
  readonly matrix: Float32Array
}

/** matrix (x - mean) */
export const LINEAR: FormRecord<LinearForm> = {
  kind: 'linear',
  cost: 'products',
  applier: ({ matrix, mean }, shape) => multiplier(matrix, mean, featuresOf(shape)),
  many: ({ matrix, mean }, images, kernels, values) =>
    kernels.symmetricTimes(images, Float64Array.from(mean), matrix, values)
}

function multiplier(matrix: Float32Array, mean: readonly number[], features: number): Applier {
  const means = Float64Array.from(mean)
  const centred = new Float64Array(features)
  return (image, out, outOffset = 0) => {
    for (let f = 0; f < features; f++) centred[f] = image[f]! - means[f]!
    // four rows at once, so that each centred value is loaded a quarter as often
    let row = 0
    for (; row + 3 < features; row += 4) {
      const p = row * features
      const q = p + features
      const r = q + features
      const s = r + features
      let a = 0
      let b = 0
      let c = 0
      let d = 0
      for (let f = 0; f < features; f++) {
        const value = centred[f]!
        a += matrix[p + f]! * value
        b += matrix[q + f]! * value
        c += matrix[r + f]! * value
        d += matrix[s + f]! * value
      }
      out[outOffset + row] = a
      out[outOffset + row + 1] = b
      out[outOffset + row + 2] = c
      out[outOffset + row + 3] = d
    }
    for (; row < features; row++) {
      let sum = 0
      for (let f = 0; f < features; f++) sum += matrix[row * features + f]! * centred[f]!
      out[outOffset + row] = sum
    }
  }
}
