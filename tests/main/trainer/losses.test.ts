import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { LOSSES } from '../../../src/core/network/losses'
import type { LossId } from '../../../src/core/network/losses'
import type { OutputId } from '../../../src/core/network/outputs'
import { TUTORIAL_CONFIG } from '../../../src/core/network/config'
import { createNativeSession } from '../../../src/main/trainer/native'
import type { TrainingSession } from '../../../src/main/trainer/session'
import { lossHead } from '../../../src/main/trainer/portable/losses'
import { caseOf, inputWith } from './native/fixture'
import { referenceLoss } from './reference-losses'

/** By Keras 3 on JAX and by the lines of TensorFlow 1.11, in float64: tests/reference/losses.py */
interface Case {
  readonly loss: LossId
  readonly output: OutputId
  /** multiples of 1/8 in [-16, 15.875]: bytes hold them */
  readonly logits: readonly number[]
  readonly label: number
  readonly value: number
  readonly gradient: readonly number[]
}

const { rows: CASES } = JSON.parse(
  readFileSync(new URL('../../reference/losses.json', import.meta.url), 'utf8')
) as { rows: Case[] }

/** The slope of the loss in every logit, by central differences in float64. */
function slopes({ loss, output, logits, label }: Case): number[] {
  const at = (change: number, where: number): number =>
    referenceLoss(
      { loss, output },
      Float64Array.from(logits, (z, m) => (m === where ? z + change : z)),
      label
    ).loss
  const step = 1e-4
  return logits.map((_, m) => (at(step, m) - at(-step, m)) / (2 * step))
}

const sessions = new Map<string, Promise<TrainingSession>>()
afterAll(async () => (await Promise.all(sessions.values())).forEach((each) => each.dispose()))

/** A network whose logits are its pixels, with all cases of a loss and an output as its images. */
function sessionOf(loss: LossId, output: OutputId): Promise<TrainingSession> {
  const rows = casesOf(loss, output)
  const units = rows[0]!.logits.length
  const given = caseOf(
    {
      ...{ layers: [], loss, output, batch: 1 },
      optimiser: { ...TUTORIAL_CONFIG.optimiser, id: 'sgd', learningRate: 1 }
    },
    { kind: 'affine', centre: [128], divisor: [8] }
  )
  const images = {
    pixels: Uint8Array.from(rows.flatMap(({ logits }) => logits.map((z) => z * 8 + 128))),
    labels: Int32Array.from(rows, ({ label }) => label)
  }
  return createNativeSession(
    inputWith(given, images, images, { height: 1, width: units, channels: 1 })
  )
}

const casesOf = (loss: LossId, output: OutputId): Case[] =>
  CASES.filter((each) => each.loss === loss && each.output === output)

/** Loss, sums and gradient of one sample by the native graph: what a step of rate 1 takes off the bias. */
async function native(given: Case) {
  const { loss, output, logits } = given
  const key = `${loss} ${output}`
  if (!sessions.has(key)) sessions.set(key, sessionOf(loss, output))
  const session = await sessions.get(key)!
  const units = logits.length
  const identity = new Float32Array(units * units)
  for (let i = 0; i < units; i++) identity[i * (units + 1)] = 1
  session.initialise([identity, new Float32Array(units)])
  const sums = session.steps(Int32Array.of(casesOf(loss, output).indexOf(given)), 0)
  const [, bias] = session.read()
  return { ...sums, gradient: [...bias!].map((value) => -value) }
}

function portable({ loss, output, logits, label }: Case) {
  const { delta, ...sums } = lossHead({ loss, output }, logits, logits.length, [label])
  return { ...sums, gradient: [...delta] }
}

const expectNear = (found: number, wanted: number, absolute: number, relative: number): void =>
  expect(Math.abs(found - wanted)).toBeLessThan(absolute + relative * Math.abs(wanted))

test('every loss is among the cases, with either output', () => {
  const told = new Set(CASES.map(({ loss, output }) => `${loss} ${output}`))
  expect(told.size).toBe(2 * LOSSES.length)
})

test.each(CASES)('the float64 network: $loss, $output, $logits for $label', (given) => {
  const found = referenceLoss(given, Float64Array.from(given.logits), given.label)
  expectNear(found.loss, given.value, 1e-15, 1e-9)
  given.gradient.forEach((value, m) => expectNear(found.delta[m]!, value, 1e-15, 1e-9))
})

// TensorFlow takes 1 from a p_y that float32 has rounded
describe.each([
  ['native', native, 1.2e-7],
  ['portable', portable, 1e-12]
] as const)('the %s half', (_name, half, rounding) => {
  test.each(CASES)('$loss, $output, $logits for $label', async (given) => {
    const found = await half(given)
    // float32 has no digits below 1e-7 in log(1 + x)
    expectNear(found.loss, given.value, 1.5e-7, 1e-6)
    const { hit, p } = referenceLoss(given, Float64Array.from(given.logits), given.label)
    expect(found.hits).toBe(hit ? 1 : 0)
    const zero = given.gradient.every((value) => value === 0)
    expect(found.zeroGradient).toBe(zero ? 1 : 0)
    expect(found.trapped).toBe(zero && p < 1e-7 ? 1 : 0)
    slopes(given).forEach((slope, m) => {
      const exactness = m === given.label ? rounding : 1e-12
      expectNear(found.gradient[m]!, given.gradient[m]!, exactness, 2e-6)
      expectNear(found.gradient[m]!, slope, exactness + 1e-9, 1e-5)
    })
  })
})

test('what tells the three apart: a wrong image beyond the clip with two classes before it', () => {
  const logits = [-8, 10, 9, -12]
  const of = (loss: LossId) => {
    const { delta, ...sums } = lossHead({ loss, output: 'softmax' }, logits, 4, [0])
    return { ...sums, gradient: [...delta] }
  }
  // p of label 0 is 1.1e-8, its own pull in the exact loss 1
  expect(of('exact').gradient[0]).toBeCloseTo(-1, 6)
  expect(of('clipped')).toMatchObject({ gradient: [0, 0, 0, 0], zeroGradient: 1, trapped: 1 })
  const of2018 = of('clipped-2018')
  expect(of2018.zeroGradient).toBe(0)
  // pushed up in proportion to its probability alone
  expect(of2018.gradient[0]! / -1.1137e-8).toBeCloseTo(1, 3)
})
