import { describe, expect, it } from 'vitest'
import { createRandom } from '../../../src/core/random'
import { eigenvaluesInSteps } from '../../../src/core/statistics/eigen'
import { inverseRootInSteps } from '../../../src/core/statistics/inverse-root'
import { completed } from '../../../src/core/statistics/steps'

const eigenvaluesOf = (matrix: Float64Array, n: number): Float64Array =>
  completed(eigenvaluesInSteps(matrix.slice(), n))

function randomCovariance(n: number, rank: number): Float64Array {
  const random = createRandom(3)
  const matrix = new Float64Array(n * n)
  for (let k = 0; k < rank; k++) {
    const x = Float64Array.from({ length: n }, () => random.normal())
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) matrix[i * n + j] = matrix[i * n + j]! + x[i]! * x[j]!
    }
  }
  return matrix
}

function product(a: Float64Array, b: Float64Array, n: number): Float64Array {
  return Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n]
    let sum = 0
    for (let k = 0; k < n; k++) sum += a[i * n + k]! * b[k * n + j]!
    return sum
  })
}

describe('eigenvaluesInSteps', () => {
  it('finds those of the second-difference matrix, 2 - 2 cos(k pi / (n + 1))', () => {
    const n = 20
    const matrix = new Float64Array(n * n)
    for (let i = 0; i < n; i++) {
      matrix[i * n + i] = 2
      if (i > 0) matrix[i * n + i - 1] = matrix[(i - 1) * n + i] = -1
    }
    eigenvaluesOf(matrix, n).forEach((value, k) => {
      expect(value).toBeCloseTo(2 - 2 * Math.cos(((k + 1) * Math.PI) / (n + 1)), 13)
    })
  })

  it('finds as many that are 0 as the rank leaves, and a sum that is the trace', () => {
    const n = 40
    const matrix = randomCovariance(n, 5)
    const values = eigenvaluesOf(matrix, n)
    const largest = values[n - 1]!
    expect(values.filter((value) => Math.abs(value) > 1e-13 * largest)).toHaveLength(5)
    const trace = values.reduce((sum, _, i) => sum + matrix[i * n + i]!, 0)
    expect(values.reduce((sum, value) => sum + value, 0) / trace).toBeCloseTo(1, 13)
  })

  it('takes a matrix of zeros, a diagonal one and an empty one', () => {
    expect(Array.from(eigenvaluesOf(new Float64Array(9), 3))).toEqual([0, 0, 0])
    const diagonal = Float64Array.of(5, 0, 0, 0, -1, 0, 0, 0, 2)
    expect(Array.from(eigenvaluesOf(diagonal, 3))).toEqual([-1, 2, 5])
    expect(eigenvaluesOf(new Float64Array(), 0)).toHaveLength(0)
  })
})

describe('inverseRootInSteps', () => {
  it.each([
    ['of full rank', 61, 200, 0.01],
    ['of rank 5 among 40 rows', 40, 5, 0.01],
    ['of which epsilon is far the greater part', 20, 30, 1e9],
    ['of which epsilon is a millionth of the mean', 30, 50, 1e-6],
    ['of one row', 1, 1, 0.01],
    ['of two rows', 2, 3, 0.01]
  ])('gives R with R (A + epsilon) R = 1 for a matrix %s', (_, n, rank, share) => {
    const matrix = randomCovariance(n, rank)
    let trace = 0
    for (let i = 0; i < n; i++) trace += matrix[i * n + i]!
    const epsilon = (share * trace) / n
    const { root, largest } = completed(inverseRootInSteps(matrix.slice(), n, epsilon))
    expect(largest / eigenvaluesOf(matrix, n)[n - 1]!).toBeCloseTo(1, 13)
    for (let i = 0; i < n; i++) matrix[i * n + i]! += epsilon
    product(product(root, matrix, n), root, n).forEach((value, at) => {
      expect(value).toBeCloseTo(at % (n + 1) === 0 ? 1 : 0, 8)
    })
    root.forEach((value, at) => expect(root[(at % n) * n + Math.floor(at / n)]).toBe(value))
  })

  it('is 1 / sqrt(epsilon) on the diagonal for a matrix of zeros', () => {
    const { root } = completed(inverseRootInSteps(new Float64Array(9), 3, 4))
    root.forEach((value, at) => expect(value).toBeCloseTo(at % 4 === 0 ? 0.5 : 0, 13))
  })
})
