import { describe, expect, it } from 'vitest'
import { createRandom } from '../../../src/core/random'
import { symmetricEigen } from '../../../src/core/statistics/eigen'

/** Greatest |U diag(L) U^T - A| and |U U^T - 1|. */
function residuals(matrix: Float64Array, n: number): { product: number; orthogonal: number } {
  const { values, vectors } = symmetricEigen(matrix, n)
  let product = 0
  let orthogonal = 0
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0
      let dot = 0
      for (let k = 0; k < n; k++) {
        sum += values[k]! * vectors[k * n + i]! * vectors[k * n + j]!
        dot += vectors[i * n + k]! * vectors[j * n + k]!
      }
      product = Math.max(product, Math.abs(sum - matrix[i * n + j]!))
      orthogonal = Math.max(orthogonal, Math.abs(dot - (i === j ? 1 : 0)))
    }
  }
  return { product, orthogonal }
}

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

describe('symmetricEigen', () => {
  it('finds the eigenvalues of the second-difference matrix, 2 - 2 cos(k pi / (n + 1))', () => {
    const n = 20
    const matrix = new Float64Array(n * n)
    for (let i = 0; i < n; i++) {
      matrix[i * n + i] = 2
      if (i > 0) matrix[i * n + i - 1] = matrix[(i - 1) * n + i] = -1
    }
    const { values } = symmetricEigen(matrix, n)
    values.forEach((value, k) => {
      expect(value).toBeCloseTo(2 - 2 * Math.cos(((k + 1) * Math.PI) / (n + 1)), 13)
    })
  })

  it.each([
    ['of full rank', 60, 200],
    ['of rank 5 among 40 rows', 40, 5],
    ['of one row', 1, 1],
    ['of two rows', 2, 3]
  ])('gives back a matrix %s', (_, n, rank) => {
    const matrix = randomCovariance(n, rank)
    const { product, orthogonal } = residuals(matrix, n)
    expect(product).toBeLessThan(1e-11 * Math.max(...matrix))
    expect(orthogonal).toBeLessThan(1e-12)
  })

  it('takes a matrix of zeros, a diagonal one and an empty one', () => {
    expect(Array.from(symmetricEigen(new Float64Array(9), 3).values)).toEqual([0, 0, 0])
    expect(
      Array.from(symmetricEigen(Float64Array.of(5, 0, 0, 0, -1, 0, 0, 0, 2), 3).values)
    ).toEqual([-1, 2, 5])
    expect(symmetricEigen(new Float64Array(), 0).values).toHaveLength(0)
  })
})
