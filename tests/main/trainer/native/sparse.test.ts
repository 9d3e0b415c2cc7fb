import { describe, expect, test } from 'vitest'
import type { FittedPreprocessing } from '../../../../src/core/preprocessing/preprocessing'
import { isSparse, leftOut } from '../../../../src/main/trainer/native/sparse'

const images = (count: number, ...values: number[]) => ({
  count,
  pixels: Uint8Array.from(values),
  labels: new Int32Array(count)
})

const choice = (centre: number, size: number): FittedPreprocessing => ({
  choice: { id: 'unit' },
  height: 1,
  width: size,
  channels: 1,
  form: { kind: 'affine', centre: [centre], divisor: [255] },
  parameters: {}
})

describe('what own kernels of dense layers leave out', () => {
  test('is what is 0 in three images at once, and in three values of an image', () => {
    // columns 0 and 3 are 0 in the first three images, and column 1 in the fourth alone
    const given = images(4, 0, 1, 2, 0, 0, 3, 4, 0, 0, 5, 6, 0, 7, 0, 0, 0)
    // forward 3 of 4 images in 2 of 4 columns, and columns 1 to 3 of the last image: 9 of 16
    // back: of (0 1 2)(0) the last in three images, and in the last image as well: 4 of 16
    expect(leftOut(given, choice(0, 4))).toBe((9 + 4) / 32)
  })

  test('is nothing where a centre is subtracted', () => {
    const given = images(3, ...new Array<number>(12).fill(0))
    expect(leftOut(given, choice(0, 4))).toBe(1)
    expect(leftOut(given, choice(1, 4))).toBe(0)
    expect(isSparse(given, choice(0, 4))).toBe(true)
    expect(isSparse(given, choice(1, 4))).toBe(false)
  })

  test('is looked for among images from all of a set', () => {
    const half = new Array<number>(480).fill(0)
    const given = images(320, ...half, ...half.map(() => 9))
    expect(leftOut(given, choice(0, 3))).toBe(0.5)
  })

  test('is nothing without images', () => {
    expect(leftOut(images(0), choice(0, 3))).toBe(0)
  })
})
