import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { ChoiceSpec } from '../../../../src/core/preprocessing/preprocessing'
import { openDataset } from '../../../../src/main/data/open'
import { measureCurvature } from '../../../../src/main/engine/dataset/curvature'
import { fitChoice, summarise } from '../../../../src/main/engine/dataset/prepare'
import type { FitImages } from '../../../../src/main/statistics/slices'
import { smallRows, writeEvenImages, writeSmallImages } from '../small-images'

const folder = mkdtempSync(join(tmpdir(), 'normscope-curvature-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function curvature(path: string, choice: ChoiceSpec, images: FitImages = {}) {
  const dataset = await openDataset(path)
  const fitted = await fitChoice(dataset, choice, await summarise(dataset, 'train', images))
  return measureCurvature(dataset, fitted, images)
}

/** Eigenvalues of a symmetric 2 x 2 matrix by its trace and determinant. */
function pair(trace: number, determinant: number): [number, number] {
  const root = Math.sqrt(trace ** 2 - 4 * determinant)
  return [(trace + root) / 2, (2 * determinant) / (trace + root)]
}

describe('curvature of a data set', () => {
  // image i is 10 i u + v, u = (1, 1, 1, 1, 0), v = (0, 1, 2, 3, 1): the eigenvalues that are not 0
  // are those of [[E a^2, E a], [E a, 1]] [[u u, u v], [u v, v v]], a = 10 i
  test.each([
    ['all twelve images', {}],
    ['four of them', { limit: 4 }]
  ])('of %s has two eigenvalues that are not 0', async (_, limits) => {
    const path = writeSmallImages(join(folder, 'small'))
    const { rows, first: mean } = smallRows(limits)
    const images = rows.length
    const squares = rows.reduce((sum, row) => sum + (10 * row) ** 2, 0) / images
    const trace = squares * 4 + 2 * mean * 6 + 15
    const [largest, smallest] = pair(trace, (squares - mean ** 2) * (4 * 15 - 6 * 6))
    const found = await curvature(path, { id: 'raw' }, limits)
    expect(found.largest / largest).toBeCloseTo(1, 12)
    expect(found.smallest! / smallest).toBeCloseTo(1, 9)
    expect(found).toMatchObject({ zero: 3, inputs: 5, images })
  })

  test('of pixels / 255 is that of the bytes / 255^2, but for the bias', async () => {
    const path = writeSmallImages(join(folder, 'small'))
    const found = await curvature(path, { id: 'unit' })
    const trace = (50600 / 12 / 255 ** 2) * 4 + (2 * 55 * 6) / 255 ** 2 + 14 / 255 ** 2 + 1
    const determinant = ((50600 / 12 - 55 ** 2) * (4 * (14 + 255 ** 2) - 36)) / 255 ** 4
    expect(found.largest / pair(trace, determinant)[0]).toBeCloseTo(1, 12)
  })

  test('of images of 1,600 values is the largest eigenvalue alone', async () => {
    const values = [10, 20, 40, 90, 200]
    const path = writeEvenImages(join(folder, 'large'), 40, values)
    const squares = values.reduce((sum, value) => sum + value ** 2, 0) / 5
    const mean = values.reduce((sum, value) => sum + value, 0) / 5
    const found = await curvature(path, { id: 'raw' })
    const [largest] = pair(1600 * squares + 1, 1600 * (squares - mean ** 2))
    expect(found.largest / largest).toBeCloseTo(1, 9)
    expect(found).toEqual({ largest: found.largest, inputs: 1601, images: 5 })
  })
})
