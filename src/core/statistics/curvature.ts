import { createRandom } from '../random'
import { eigenvaluesInSteps } from './eigen'
import { completed } from './steps'
import type { Covariance } from './summary-types'

/**
 * Eigenvalues of E[x x^T], x the first layer's input and a 1 for its bias (LeCun, Bottou, Orr &
 * Mueller 1998, Efficient BackProp): the curvature of the loss of a linear unit along each direction
 * of its weights.
 */
export interface Curvature {
  readonly largest: number
  /** of those that are not 0; absent where only the largest was computed */
  readonly smallest?: number
  /** eigenvalues that are 0 but for rounding: directions in which no image differs from 0 */
  readonly zero?: number
  /** largest / smallest */
  readonly condition?: number
  /** values in one image and the 1 of the bias: so many eigenvalues there are */
  readonly inputs: number
  /** images it was taken from */
  readonly images: number
}

/** E[x x^T] with the 1 of the bias as the last input; (D + 1) x (D + 1), symmetric. */
export function secondMoments({ count, sum, products }: Covariance): Float64Array {
  const features = sum.length
  const n = features + 1
  const matrix = new Float64Array(n * n)
  const put = (i: number, j: number, value: number): void => {
    matrix[i * n + j] = value
    matrix[j * n + i] = value
  }
  for (let i = 0; i < features; i++) {
    for (let j = i; j < features; j++) put(i, j, products[i * features + j]! / count)
    put(i, features, sum[i]! / count)
  }
  put(features, features, 1)
  return matrix
}

/** From all eigenvalues, ascending. What is below n eps of the largest is 0 (NumPy's matrix_rank). */
export function curvatureOf(eigenvalues: Float64Array, images: number): Curvature {
  const inputs = eigenvalues.length
  const largest = eigenvalues[inputs - 1]!
  const zero = eigenvalues.findIndex((value) => value > largest * inputs * Number.EPSILON)
  const smallest = eigenvalues[zero]!
  return { largest, smallest, zero, condition: largest / smallest, inputs, images }
}

/** Steps of Lanczos after which the largest eigenvalue no longer changes, as a rule. */
const LANCZOS_STEPS = 60
const LANCZOS_TOLERANCE = 1e-10

/**
 * The largest eigenvalue of a symmetric positive n x n matrix that is known by its products alone
 * (Lanczos 1950, each vector made orthogonal to all before it).
 */
export async function largestEigenvalue(
  n: number,
  times: (vector: Float64Array) => Promise<Float64Array>
): Promise<number> {
  const random = createRandom(0, 'lanczos')
  const basis = [unit(Float64Array.from({ length: n }, () => random.normal()))]
  const diagonal: number[] = []
  const beside: number[] = []
  let largest = 0
  for (let step = 0; step < Math.min(n, LANCZOS_STEPS); step++) {
    const next = await times(basis[step]!)
    diagonal.push(dot(next, basis[step]!))
    const before = largest
    largest = ofTridiagonal(diagonal, beside)
    if (largest - before <= LANCZOS_TOLERANCE * largest) break
    // twice: once leaves what rounding left
    for (const vector of [...basis, ...basis]) subtract(next, dot(next, vector), vector)
    const length = Math.sqrt(dot(next, next))
    if (length <= Number.EPSILON * largest) break
    beside.push(length)
    basis.push(unit(next))
  }
  return largest
}

function ofTridiagonal(diagonal: readonly number[], beside: readonly number[]): number {
  const n = diagonal.length
  const matrix = new Float64Array(n * n)
  diagonal.forEach((value, k) => (matrix[k * n + k] = value))
  beside.forEach((value, k) => (matrix[k * n + k + 1] = matrix[(k + 1) * n + k] = value))
  return completed(eigenvaluesInSteps(matrix, n))[n - 1]!
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

function subtract(from: Float64Array, factor: number, vector: Float64Array): void {
  for (let i = 0; i < from.length; i++) from[i] = from[i]! - factor * vector[i]!
}

function unit(vector: Float64Array): Float64Array {
  const length = Math.sqrt(dot(vector, vector))
  return vector.map((value) => value / length)
}
