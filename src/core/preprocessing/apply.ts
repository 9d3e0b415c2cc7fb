import { featuresOf } from '../dataset/dataset'
import { equaliser } from './equalise'
import type { Applier, FittedPreprocessing, PreprocessingForm } from './preprocessing'

export type { Applier } from './preprocessing'

/**
 * What a fitted choice does to one image. Arithmetic is in double precision and rounded once where
 * `out` is a Float32Array. The function may keep scratch space: do not share it between threads.
 */
export function applier(fitted: FittedPreprocessing): Applier {
  const features = featuresOf(fitted)
  const { form } = fitted
  switch (form.kind) {
    case 'affine':
      return affineApplier(form, features, fitted.channels)
    case 'log':
      return logApplier(form.max, features)
    case 'image-standardise':
      return standardiseImage(features)
    case 'image-range':
      return stretchImage(features)
    case 'image-length':
      return scaleToLength(features, form.tiny)
    case 'image-equalise':
      return equaliser(features, fitted.channels)
    case 'linear':
      return multiplier(form.matrix, form.mean, features)
    default:
      return unknownForm(form)
  }
}

/** The constants of an affine form written out for each feature: from one, one a channel, or D. */
export function broadcast(
  constants: readonly number[],
  features: number,
  channels: number
): Float64Array {
  if (constants.length === features) return Float64Array.from(constants)
  const perChannel = constants.length === channels
  return Float64Array.from({ length: features }, (_, f) =>
    perChannel ? constants[f % channels]! : constants[0]!
  )
}

function affineApplier(
  form: Extract<PreprocessingForm, { kind: 'affine' }>,
  features: number,
  channels: number
): Applier {
  if (form.centre.length === 1 && form.divisor.length === 1) {
    const centre = form.centre[0]!
    const divisor = form.divisor[0]!
    return (image, out, outOffset = 0) => {
      for (let f = 0; f < features; f++) out[outOffset + f] = (image[f]! - centre) / divisor
    }
  }
  const centres = broadcast(form.centre, features, channels)
  const divisors = broadcast(form.divisor, features, channels)
  return (image, out, outOffset = 0) => {
    for (let f = 0; f < features; f++) out[outOffset + f] = (image[f]! - centres[f]!) / divisors[f]!
  }
}

function logApplier(max: number, features: number): Applier {
  const scale = Math.log1p(max)
  return (image, out, outOffset = 0) => {
    for (let f = 0; f < features; f++) out[outOffset + f] = Math.log1p(image[f]!) / scale
  }
}

/** tf.image.per_image_standardization: the floor keeps a constant image at 0. */
function standardiseImage(features: number): Applier {
  const floor = 1 / Math.sqrt(features)
  return (image, out, outOffset = 0) => {
    let sum = 0
    for (let f = 0; f < features; f++) sum += image[f]!
    const mean = sum / features
    let squares = 0
    for (let f = 0; f < features; f++) {
      const deviation = image[f]! - mean
      squares += deviation * deviation
    }
    const divisor = Math.max(Math.sqrt(squares / features), floor)
    for (let f = 0; f < features; f++) out[outOffset + f] = (image[f]! - mean) / divisor
  }
}

function stretchImage(features: number): Applier {
  return (image, out, outOffset = 0) => {
    let min = Infinity
    let max = -Infinity
    for (let f = 0; f < features; f++) {
      const value = image[f]!
      if (value < min) min = value
      if (value > max) max = value
    }
    const range = max > min ? max - min : 1
    for (let f = 0; f < features; f++) out[outOffset + f] = (image[f]! - min) / range
  }
}

function scaleToLength(features: number, tiny: number): Applier {
  return (image, out, outOffset = 0) => {
    let squares = 0
    for (let f = 0; f < features; f++) squares += image[f]! * image[f]!
    const length = Math.max(Math.sqrt(squares), tiny)
    for (let f = 0; f < features; f++) out[outOffset + f] = image[f]! / length
  }
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

function unknownForm(form: never): never {
  throw new Error(`Unknown form of preprocessing: ${JSON.stringify(form)}`)
}
