import { dense } from '../../../../src/core/network/layers/layers'
import { describe, expect, test } from 'vitest'
import type { PixelArray } from '../../../../src/core/dataset/dataset'
import { AS_CHOSEN } from '../../../../src/core/preprocessing/input'
import type { InputMap } from '../../../../src/core/preprocessing/input'
import type { PreprocessingForm } from '../../../../src/core/preprocessing/preprocessing'
import { createNativeSession } from '../../../../src/main/trainer/native'
import { caseOf, firstTest, inputWith } from './fixture'
import { wholePreactivations } from '../whole'

const SHAPE = { height: 2, width: 2, channels: 3 }
const D = 12

/** What the network gets: a hidden layer of D linear units with the identity for weights shows it. */
async function seen(
  form: PreprocessingForm,
  pixels: PixelArray,
  input: InputMap = AS_CHOSEN
): Promise<Float32Array> {
  const images = { pixels, labels: new Int32Array(pixels.length / D) }
  const given = caseOf({ layers: [dense(D)], activation: 'linear', input }, form)
  const session = await createNativeSession(inputWith(given, images, images, SHAPE))
  const identity = Float32Array.from({ length: D * D }, (_, i) => (i % (D + 1) === 0 ? 1 : 0))
  session.initialise([identity, new Float32Array(D), new Float32Array(4 * D), new Float32Array(4)])
  const [z] = wholePreactivations(session, firstTest(images.labels.length))
  session.dispose()
  return z!
}

/** every byte once, and last a constant image */
const BYTES = Uint8Array.from({ length: 23 * D }, (_, i) => (i < 256 ? i : 77))
const VALUES = [...BYTES]

function expectNear(found: Float32Array, expected: readonly number[], tolerance = 2e-7): void {
  expect(found).toHaveLength(expected.length)
  const scale = Math.max(...expected.map(Math.abs))
  found.forEach((value, i) => {
    expect(Math.abs(value - expected[i]!) / scale).toBeLessThan(tolerance)
  })
}

describe('the network gets', () => {
  test('every byte over 255 as the float32 nearest to it', async () => {
    const z = await seen({ kind: 'affine', centre: [0], divisor: [255] }, BYTES)
    expect(z).toEqual(Float32Array.from(VALUES, (x) => x / 255))
  })
  test('raw bytes as they are', async () => {
    const z = await seen({ kind: 'affine', centre: [0], divisor: [1] }, BYTES)
    expect(z).toEqual(Float32Array.from(BYTES))
  })
  test('each channel with its own centre and divisor', async () => {
    const centre = [120, 60.5, 200]
    const divisor = [50, 71.3, 12]
    const expected = VALUES.map((x, i) => (x - centre[i % 3]!) / divisor[i % 3]!)
    expectNear(await seen({ kind: 'affine', centre, divisor }, BYTES), expected)
  })
  test('each pixel with its own centre and one divisor for all', async () => {
    const centre = Array.from({ length: D }, (_, i) => 7.7 * i)
    const expected = VALUES.map((x, i) => (x - centre[i % D]!) / 91.5)
    expectNear(await seen({ kind: 'affine', centre, divisor: [91.5] }, BYTES), expected)
  })
  test('each image less its mean over its std, and a constant image as zeros', async () => {
    const z = await seen({ kind: 'image-standardise' }, BYTES)
    // an image k ... k + 11 has mean k + 5.5 and variance (12^2 - 1) / 12
    const expected = Array.from({ length: D }, (_, i) => (i - 5.5) / Math.sqrt(143 / 12))
    expectNear(z.slice(0, D), expected)
    expectNear(z.slice(5 * D, 6 * D), expected)
    expect(z.slice(-D)).toEqual(new Float32Array(D))
  })
  test('a logarithm of bytes', async () => {
    const z = await seen({ kind: 'log', max: 255 }, BYTES)
    expect(z).toEqual(Float32Array.from(VALUES, (x) => Math.log1p(x) / Math.log1p(255)))
  })
  test('numbers of 16 bits under an affine choice', async () => {
    const pixels = Uint16Array.from({ length: 3 * D }, (_, i) => i * 1800)
    const z = await seen({ kind: 'affine', centre: [32000], divisor: [18000] }, pixels)
    expect(z).toEqual(Float32Array.from(pixels, (x) => (x - 32000) / 18000))
  })
  test('floats, each image standardised', async () => {
    const pixels = Float32Array.from({ length: 2 * D }, (_, i) => 100 * (i % D) - 7)
    const z = await seen({ kind: 'image-standardise' }, pixels)
    const image = Array.from({ length: D }, (_, i) => (i - 5.5) / Math.sqrt(143 / 12))
    expectNear(z, [...image, ...image])
  })

  const RAW: PreprocessingForm = { kind: 'affine', centre: [0], divisor: [1] }

  test('raw bytes times 1 / 255 as x / 255, to the bit', async () => {
    const z = await seen(RAW, BYTES, { scale: 1 / 255, offset: 0 })
    expect(z).toEqual(Float32Array.from(VALUES, (x) => x / 255))
  })
  test('x / 255 times 2 less 1 as x / 127.5 - 1, to the bit', async () => {
    const z = await seen({ kind: 'affine', centre: [0], divisor: [255] }, BYTES, {
      scale: 2,
      offset: -1
    })
    const choice = await seen({ kind: 'affine', centre: [127.5], divisor: [127.5] }, BYTES)
    expect(z).toEqual(choice)
  })
  test('an offset behind a divisor for each channel', async () => {
    const divisor = [50, 71.5, 12]
    const form: PreprocessingForm = { kind: 'affine', centre: [10], divisor }
    const expected = VALUES.map((x, i) => (3 * (x - 10)) / divisor[i % 3]! + 5)
    expectNear(await seen(form, BYTES, { scale: 3, offset: 5 }), expected)
  })
  test('a scale and an offset behind each image standardised', async () => {
    const z = await seen({ kind: 'image-standardise' }, BYTES, { scale: 4, offset: 100 })
    const image = Array.from({ length: D }, (_, i) => (4 * (i - 5.5)) / Math.sqrt(143 / 12) + 100)
    expectNear(z.slice(0, D), image)
  })
  test('a scale and an offset behind a logarithm, rounded once', async () => {
    const z = await seen({ kind: 'log', max: 255 }, BYTES, { scale: 10, offset: -3 })
    const expected = VALUES.map((x) => 10 * (Math.log1p(x) / Math.log1p(255)) - 3)
    expect(z).toEqual(Float32Array.from(expected))
  })
})
