import { describe, expect, test } from 'vitest'
import { idsOf } from '../../../src/core/network/setting'
import { LOSSES } from '../../../src/core/network/losses'
import type { LossId } from '../../../src/core/network/losses'
import { TUTORIAL_CONFIG } from '../../../src/core/network/config'
import { createNativeSession } from '../../../src/main/trainer/native'
import { lossHead } from '../../../src/main/trainer/portable/losses'
import { caseOf, inputWith } from './native/fixture'
import { referenceLoss } from './reference-losses'

interface Sample {
  readonly name: string
  /** multiples of 1/8 in [-16, 15.875]: bytes hold them */
  readonly logits: readonly number[]
  readonly label: number
}

const SOFTMAX: readonly Sample[] = [
  { name: 'undecided', logits: [0.5, -0.25, 1, 0], label: 2 },
  { name: 'right', logits: [6, 0, -1, 2.5], label: 0 },
  { name: 'right beyond the clip', logits: [12, -8, -9, -10], label: 0 },
  { name: 'right, nearly at the clip', logits: [12, -3.5, -9, -10], label: 0 },
  { name: 'wrong', logits: [0, 5, 1, -2], label: 0 },
  { name: 'wrong beyond the clip', logits: [-10, 12, -9, -8], label: 0 },
  { name: 'wrong, two others share the rest', logits: [-8, 10, 9, -12], label: 0 },
  { name: 'wrong, clipped beside a class that is not', logits: [-9, 9, -6, -12], label: 0 },
  { name: 'right, others clipped', logits: [10, 9, -8, -9], label: 0 }
]

const SIGMOID: readonly Sample[] = [
  { name: 'undecided', logits: [0.5], label: 0 },
  { name: 'right', logits: [5], label: 1 },
  { name: 'wrong', logits: [5], label: 0 },
  // 1 / (1 + exp(15.875)) is 1.28e-7
  { name: 'wrong, nearly at the clip', logits: [15.875], label: 0 },
  { name: 'right, nearly at the clip', logits: [-15.875], label: 0 }
]

const CASES = idsOf(LOSSES).flatMap((loss) => [
  ...SOFTMAX.map((sample) => ({ loss, output: 'softmax' as const, ...sample })),
  ...SIGMOID.map((sample) => ({ loss, output: 'sigmoid' as const, ...sample }))
])
type Case = (typeof CASES)[number]

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

/** Loss, sums and gradient of one sample by the native graph: a network whose logits are its pixels. */
async function native({ loss, output, logits, label }: Case) {
  const units = logits.length
  const given = caseOf(
    {
      ...{ hidden: [], loss, output, batch: 1 },
      optimiser: { ...TUTORIAL_CONFIG.optimiser, id: 'sgd', learningRate: 1 }
    },
    { kind: 'affine', centre: [128], divisor: [8] }
  )
  const images = {
    pixels: Uint8Array.from(logits, (z) => z * 8 + 128),
    labels: Int32Array.of(label)
  }
  const shape = { height: 1, width: units, channels: 1 }
  const session = await createNativeSession(inputWith(given, images, images, shape))
  const identity = new Float32Array(units * units)
  for (let i = 0; i < units; i++) identity[i * (units + 1)] = 1
  session.initialise([identity, new Float32Array(units)])
  const sums = session.steps(Int32Array.of(0), 0)
  const [, bias] = session.read()
  session.dispose()
  return { ...sums, gradient: [...bias!].map((value) => -value) }
}

function portable({ loss, output, logits, label }: Case) {
  const { delta, ...sums } = lossHead({ loss, output }, logits, logits.length, [label])
  return { ...sums, gradient: [...delta] }
}

// TensorFlow takes 1 from a p_y that float32 has rounded
describe.each([
  ['native', native, 1.2e-7],
  ['portable', portable, 1e-12]
] as const)('the %s half', (_name, half, rounding) => {
  test.each(CASES)('$loss, $output, $name: loss, gradient and counts', async (given) => {
    const found = await half(given)
    const expected = referenceLoss(given, Float64Array.from(given.logits), given.label)
    // float32 has no digits below 1e-7 in log(1 + x)
    expect(Math.abs(found.loss - expected.loss)).toBeLessThan(1.5e-7 + 1e-6 * expected.loss)
    expect(found.hits).toBe(expected.hit ? 1 : 0)
    expect(found.zeroGradient).toBe(expected.zero ? 1 : 0)
    expect(found.trapped).toBe(expected.zero && expected.p < 1e-7 ? 1 : 0)
    slopes(given).forEach((slope, m) => {
      const value = found.gradient[m]!
      const wanted = expected.delta[m]!
      const exactness = m === given.label ? rounding : 1e-12
      expect(Math.abs(value - wanted)).toBeLessThan(exactness + 2e-6 * Math.abs(wanted))
      expect(Math.abs(value - slope)).toBeLessThan(exactness + 1e-9 + 1e-5 * Math.abs(slope))
    })
  })
})

test('what tells the three apart: a wrong image beyond the clip with two classes before it', () => {
  const given = SOFTMAX.find(({ name }) => name.startsWith('wrong, two'))!
  const of = (loss: LossId) => portable({ loss, output: 'softmax', ...given })
  // p of label 0 is 1.1e-8, its own pull in the exact loss 1
  expect(of('exact').gradient[0]).toBeCloseTo(-1, 6)
  expect(of('clipped')).toMatchObject({ gradient: [0, 0, 0, 0], zeroGradient: 1, trapped: 1 })
  const of2018 = of('clipped-2018')
  expect(of2018.zeroGradient).toBe(0)
  // pushed up in proportion to its probability alone
  expect(of2018.gradient[0]! / -1.1137e-8).toBeCloseTo(1, 3)
})
