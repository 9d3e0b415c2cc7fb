import { featuresOf } from '../dataset/dataset'
import { NormscopeError } from '../error'
import { checkFeatures, covarianceMatrix } from '../statistics/covariance'
import { symmetricEigen } from '../statistics/eigen'
import { featureMoments } from '../statistics/moments'
import type { Summary } from '../statistics/summary'
import type { Fit } from './preprocessing'

/**
 * eps as a share of the mean eigenvalue, i.e. of the mean variance of a pixel, so that whitening
 * bytes and whitening bytes / 255 give the same. Coates & Ng 2012 (Learning feature representations
 * with k-means, section 2.2) advise 0.01 to 0.1 for pixels of variance 1.
 */
export const WHITENING_EPSILON = 0.01

/**
 * ZCA whitening: y = U (L + eps)^-1/2 U^T (x - mean), symmetric, so that y stays an image.
 * The mean is that of all images, the covariance that of the images `addCovariance` was given.
 * Throws `no-covariance`, `too-many-features`.
 */
export function fitWhitening(summary: Summary): Fit {
  const features = featuresOf(summary.shape)
  checkFeatures(features)
  const { covariance } = summary
  if (!covariance || covariance.count === 0) {
    throw new NormscopeError({
      code: 'no-covariance',
      message: 'Whitening needs the covariance of the training images, and it was not taken.',
      expected: 'a summary with a covariance of at least one image',
      actual: 'none'
    })
  }
  const { values, vectors } = symmetricEigen(covarianceMatrix(covariance), features)
  // rounding may leave an eigenvalue of a singular covariance a little below 0
  for (let k = 0; k < features; k++) values[k] = Math.max(0, values[k]!)
  const meanEigenvalue = values.reduce((sum, value) => sum + value, 0) / features
  const epsilon = meanEigenvalue > 0 ? WHITENING_EPSILON * meanEigenvalue : 1
  return {
    form: {
      kind: 'linear',
      mean: Array.from(featureMoments(summary).mean),
      matrix: scaledOuter(values, vectors, features, (value) => 1 / Math.sqrt(value + epsilon))
    },
    parameters: {
      epsilon: [epsilon],
      largestEigenvalue: [values[features - 1]!],
      meanEigenvalue: [meanEigenvalue],
      covarianceImages: [covariance.count]
    }
  }
}

/** U f(L) U^T for eigenvectors in rows: symmetric, row-major. */
function scaledOuter(
  values: Float64Array,
  vectors: Float64Array,
  features: number,
  scale: (value: number) => number
): Float32Array {
  const result = new Float64Array(features * features)
  const factors = Float64Array.from(values, scale)
  // four eigenvectors at once: the row of the result is loaded and stored a quarter as often
  for (let k = 0; k < features; k += 4) {
    const rows = [0, 1, 2, 3].map((n) => Math.min(k + n, features - 1) * features)
    const used = [0, 1, 2, 3].map((n) => (k + n < features ? factors[k + n]! : 0))
    const [p, q, r, s] = rows as [number, number, number, number]
    const [fp, fq, fr, fs] = used as [number, number, number, number]
    for (let i = 0; i < features; i++) {
      const a = fp * vectors[p + i]!
      const b = fq * vectors[q + i]!
      const c = fr * vectors[r + i]!
      const d = fs * vectors[s + i]!
      const row = i * features
      for (let j = i; j < features; j++) {
        result[row + j] =
          result[row + j]! +
          (a * vectors[p + j]! + b * vectors[q + j]! + c * vectors[r + j]! + d * vectors[s + j]!)
      }
    }
  }
  const symmetric = new Float32Array(features * features)
  for (let i = 0; i < features; i++) {
    for (let j = i; j < features; j++) {
      symmetric[i * features + j] = result[i * features + j]!
      symmetric[j * features + i] = result[i * features + j]!
    }
  }
  return symmetric
}
