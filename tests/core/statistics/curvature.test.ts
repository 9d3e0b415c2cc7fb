import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../../../src/core/random'
import { addProducts, emptyCovariance } from '../../../src/core/statistics/covariance'
import {
  curvatureOf,
  largestEigenvalue,
  secondMoments
} from '../../../src/core/statistics/curvature'
import { eigenvaluesInSteps } from '../../../src/core/statistics/eigen'

interface ReferenceCase {
  readonly name: string
  readonly pixels: number[][]
  readonly centre: number[]
  readonly largest: number
  readonly smallest: number
  readonly zero: number
}

/** What tests/reference/curvature.py computed with NumPy. */
const REFERENCE = JSON.parse(
  readFileSync(new URL('../../reference/curvature.json', import.meta.url), 'utf8')
) as ReferenceCase[]

function eigenvaluesOf(matrix: Float64Array, n: number): { values: Float64Array; steps: number } {
  const found = eigenvaluesInSteps(matrix.slice(), n)
  for (let steps = 0; ; steps++) {
    const { done, value } = found.next()
    if (done) return { values: value, steps }
  }
}

function momentsOf({ pixels, centre }: ReferenceCase): Float64Array {
  const sums = emptyCovariance(centre.length)
  const values = pixels.flatMap((image) => image.map((value, f) => value - centre[f]!))
  addProducts(sums, values, pixels.length)
  return secondMoments(sums)
}

describe('curvature of the first layer', () => {
  it.each(REFERENCE)('is that of NumPy: $name', (reference) => {
    const n = reference.centre.length + 1
    const found = curvatureOf(eigenvaluesOf(momentsOf(reference), n).values, 40)
    expect(found.largest / reference.largest).toBeCloseTo(1, 12)
    expect(found.smallest! / reference.smallest).toBeCloseTo(1, 9)
    expect(found.zero).toBe(reference.zero)
    expect(found.condition! / (reference.largest / reference.smallest)).toBeCloseTo(1, 9)
    expect(found.inputs).toBe(13)
  })

  it('has 1 for the bias alone where every image is dark', () => {
    const sums = emptyCovariance(4)
    addProducts(sums, new Uint8Array(12), 3)
    const found = curvatureOf(eigenvaluesOf(secondMoments(sums), 5).values, 3)
    expect(found).toMatchObject({ largest: 1, smallest: 1, zero: 4, condition: 1 })
  })
})

describe('eigenvalues in steps', () => {
  it('are found by a step a column and one an eigenvalue', () => {
    const n = 30
    const random = createRandom(5)
    const matrix = new Float64Array(n * n)
    for (let i = 0; i < n; i++) {
      for (let j = i; j < n; j++) matrix[i * n + j] = matrix[j * n + i] = random.normal()
    }
    expect(eigenvaluesOf(matrix, n).steps).toBe(n - 2 + n)
  })
})

describe('the largest eigenvalue from products alone', () => {
  const times = (matrix: Float64Array, n: number) => (vector: Float64Array) =>
    Promise.resolve(
      Float64Array.from({ length: n }, (_, i) =>
        vector.reduce((sum, value, j) => sum + matrix[i * n + j]! * value, 0)
      )
    )

  it.each(REFERENCE)('is that of NumPy: $name', async (reference) => {
    const n = reference.centre.length + 1
    const found = await largestEigenvalue(n, times(momentsOf(reference), n))
    expect(found / reference.largest).toBeCloseTo(1, 9)
  })

  it('is found where all eigenvalues are one, and where there is one only', async () => {
    const identity = Float64Array.from({ length: 16 }, (_, i) => (i % 5 === 0 ? 3 : 0))
    expect(await largestEigenvalue(4, times(identity, 4))).toBeCloseTo(3, 12)
    expect(await largestEigenvalue(1, times(Float64Array.of(7), 1))).toBeCloseTo(7, 12)
  })

  it('is told from one a thousandth below', async () => {
    const n = 200
    const matrix = new Float64Array(n * n)
    for (let i = 0; i < n; i++) matrix[i * n + i] = i / n
    matrix[n * n - 1] = 1.0
    matrix[(n - 2) * n + n - 2] = 0.999
    expect(await largestEigenvalue(n, times(matrix, n))).toBeCloseTo(1, 6)
  })
})
