import { evaluateAll } from '../../whole-split'
import { expect, test } from 'vitest'
import type { LossId } from '../../../../../src/core/network/losses'
import { createNativeSession } from '../../../../../src/main/trainer/native'
import type { SampleSums } from '../../../../../src/main/trainer/session'
import { caseOf, inputWith } from '../fixture'

/** Evaluates a linear network whose logits are the pixels themselves. */
async function softmaxOf(
  loss: LossId,
  rows: readonly { readonly logits: readonly number[]; readonly label: number }[]
): Promise<SampleSums> {
  const images = {
    pixels: Uint8Array.from(rows.flatMap(({ logits }) => logits)),
    labels: Int32Array.from(rows.map(({ label }) => label))
  }
  const given = caseOf({ layers: [], loss }, { kind: 'affine', centre: [0], divisor: [1] })
  const shape = { height: 2, width: 2, channels: 1 }
  const session = await createNativeSession(inputWith(given, images, images, shape))
  const identity = Float32Array.from({ length: 16 }, (_, i) => (i % 5 === 0 ? 1 : 0))
  session.initialise([identity, new Float32Array(4)])
  const sums = evaluateAll(session, 'test')
  session.dispose()
  return sums
}

/** The same with one sigmoid output; its logit is the pixel less 128. */
async function sigmoidOf(
  loss: LossId,
  rows: readonly { readonly logit: number; readonly label: number }[]
): Promise<SampleSums> {
  const images = {
    pixels: Uint8Array.from(rows, ({ logit }) => logit + 128),
    labels: Int32Array.from(rows, ({ label }) => label)
  }
  const form = { kind: 'affine', centre: [128], divisor: [1] } as const
  const given = caseOf({ layers: [], loss, output: 'sigmoid' }, form)
  const shape = { height: 1, width: 1, channels: 1 }
  const session = await createNativeSession(inputWith(given, images, images, shape))
  session.initialise([Float32Array.of(1), Float32Array.of(0)])
  const sums = evaluateAll(session, 'test')
  session.dispose()
  return sums
}

const right = (logit: number) => ({ logits: [logit, 0, 0, 0], label: 0 })
const wrong = (logit: number) => ({ logits: [0, logit, 0, 0], label: 0 })

/** -log p_y of right(z) and wrong(z) */
const lossRight = (z: number): number => Math.log1p(3 * Math.exp(-z))
const lossWrong = (z: number): number => z + Math.log1p(3 * Math.exp(-z))

test('exact softmax: loss from the logits; no gradient only where p - y is 0 for every class', async () => {
  const sums = await softmaxOf('exact', [right(200), right(18), right(3), wrong(18), wrong(200)])
  expect(sums.zeroGradient).toBe(1)
  expect(sums.hits).toBe(3)
  expect(sums.loss).toBeCloseTo(lossRight(3) + lossWrong(18) + lossWrong(200), 4)
})

test('clipped softmax: no gradient where p_y is within 1e-7 of 0 or 1, by the fourth digit', async () => {
  // 1 - p_y of right(17) is 1.24e-7, of right(18) 4.6e-8; p_y of wrong(16) is 1.12e-7, of wrong(17) 4.1e-8
  const within = [right(3), right(17), wrong(3), wrong(16)]
  const outside = [right(18), right(200), wrong(17), wrong(200)]
  expect((await softmaxOf('clipped', within)).zeroGradient).toBe(0)
  expect((await softmaxOf('clipped', outside)).zeroGradient).toBe(4)
})

test('clipped softmax: the loss of a sample stays between 1e-7 and -log 1e-7', async () => {
  const sums = await softmaxOf('clipped', [right(200), wrong(200), wrong(17), wrong(3)])
  expect(sums.loss).toBeCloseTo(2 * -Math.log(1e-7) + lossWrong(3), 4)
  expect((await softmaxOf('clipped', [right(200)])).loss / 1e-7).toBeCloseTo(1, 5)
})

test('of equal logits the first is the guess', async () => {
  const tie = [5, 5, 0, 0]
  const sums = await softmaxOf('exact', [
    { logits: tie, label: 0 },
    { logits: tie, label: 1 }
  ])
  expect(sums.hits).toBe(1)
})

test('exact sigmoid: log(1 + exp(-z)) for class 1, log(1 + exp(z)) for class 0', async () => {
  const sums = await sigmoidOf('exact', [
    { logit: 2, label: 1 },
    { logit: -3, label: 1 },
    { logit: -100, label: 0 },
    { logit: 100, label: 0 }
  ])
  expect(sums.loss).toBeCloseTo(Math.log1p(Math.exp(-2)) + Math.log1p(Math.exp(3)) + 100, 4)
  expect(sums.hits).toBe(2)
  // exp(-100) is 3.7e-44: far below the smallest normal float32, yet maybe not 0
  expect(sums.zeroGradient).toBeLessThan(2)
})

test('clipped sigmoid: no gradient where p_y is within 1e-7 of 0 or 1', async () => {
  // 1 / (1 + exp(16)) is 1.125e-7, with 17 it is 4.1e-8
  const sums = await sigmoidOf('clipped', [
    { logit: 16, label: 1 },
    { logit: 17, label: 1 },
    { logit: -16, label: 1 },
    { logit: -17, label: 1 },
    { logit: 17, label: 0 },
    { logit: 5, label: 0 }
  ])
  expect(sums.zeroGradient).toBe(3)
  expect(sums.hits).toBe(2)
  const within = [-16, 5].map((z, i) => Math.log1p(Math.exp(i ? z : -z)))
  expect(sums.loss).toBeCloseTo(2 * -Math.log(1e-7) + within[0]! + within[1]!, 4)
})

test('samples whose loss is not a number are no hits', async () => {
  const given = caseOf({ layers: [] })
  const images = { pixels: new Uint8Array(8), labels: new Int32Array(2) }
  const shape = { height: 2, width: 2, channels: 1 }
  const session = await createNativeSession(inputWith(given, images, images, shape))
  session.initialise([new Float32Array(16), Float32Array.of(NaN, 0, 0, 0)])
  expect(evaluateAll(session, 'test')).toMatchObject({ loss: NaN, hits: 0, zeroGradient: 0 })
  session.dispose()
})
