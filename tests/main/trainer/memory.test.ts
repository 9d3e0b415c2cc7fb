import { expect, test } from 'vitest'
import { networkPlan } from '../../../src/core/network/layers/plan'
import { parseLayers } from '../../../src/core/network/layers/text'
import {
  checkBatch,
  imagesPerPass,
  NATIVE_ROOM,
  PORTABLE_ROOM
} from '../../../src/main/trainer/memory'

const planOf = (layers: string, side: number) =>
  networkPlan(
    { layers: parseLayers(layers), activation: 'relu', output: 'softmax' },
    [side, side, 1],
    10
  )

test('a pass over a split takes 2,000 images, or so many that their activations are 32 MB', () => {
  expect(imagesPerPass(planOf('dense-128', 28), NATIVE_ROOM)).toBe(2000)
  // 64 x 64 x (1 + 16 + 16) and 10 float32: 540,776 bytes
  expect(imagesPerPass(planOf('conv3x3-16,gap', 64), NATIVE_ROOM)).toBe(
    Math.floor(2 ** 25 / 540_776)
  )
})

test('a batch that takes more than 2 GB a step is refused with the greatest that can be', () => {
  const plan = planOf('conv3x3-16,gap', 64)
  // 160 + 170 weights four times over, and each image's activations twice
  const most = Math.floor((2 ** 31 - 4 * 4 * 330) / (2 * 540_776))
  expect(() => checkBatch(plan, most, 60_000, NATIVE_ROOM)).not.toThrow()
  expect(() => checkBatch(plan, 60_000, most, NATIVE_ROOM)).not.toThrow()
  expect(() => checkBatch(plan, most + 1, 60_000, NATIVE_ROOM)).toThrow(
    expect.objectContaining({
      facts: expect.objectContaining({
        code: 'batch-too-large',
        expected: `at most ${most} images a step`
      })
    })
  )
})

test('the tutorial’s network takes any batch', () => {
  expect(() => checkBatch(planOf('dense-128', 28), 60_000, 60_000, NATIVE_ROOM)).not.toThrow()
})

test('a step in WebAssembly has an eighth of that', () => {
  const plan = planOf('conv3x3-16,gap', 64)
  const most = Math.floor((2 ** 28 - 4 * 4 * 330) / (2 * 540_776))
  expect(() => checkBatch(plan, most, 60_000, PORTABLE_ROOM)).not.toThrow()
  expect(() => checkBatch(plan, most + 1, 60_000, PORTABLE_ROOM)).toThrow(
    expect.objectContaining({
      facts: expect.objectContaining({ expected: `at most ${most} images a step` })
    })
  )
  expect(imagesPerPass(plan, PORTABLE_ROOM)).toBe(Math.floor(2 ** 26 / 540_776))
})
