import { describe, expect, it } from 'vitest'
import { kernelFactors } from '../../../src/core/network/input-scale'
import type { OptimiserId } from '../../../src/core/network/optimisers'
import type { DecayId } from '../../../src/core/network/settings'

const INPUTS = [0.3, -1.2, 2.1, 0.7, -0.4, 1.6]
const TARGETS = [1.1, -0.3, 2.5, 0.2, 0.4, 1.9]
const RATE = 0.05
const EPSILON = 1e-3
const DECAY = 0.03

interface State {
  readonly m: number
  readonly v: number
}

/** Changes by the papers' formulas, in double precision: the step of a gradient, and the state after it. */
const CHANGES: Readonly<
  Record<OptimiserId, (g: number, s: State, t: number, epsilon: number) => [number, State]>
> = {
  sgd: (g, s) => [g, s],
  momentum: (g, s) => [0.9 * s.m + g, { ...s, m: 0.9 * s.m + g }],
  nesterov: (g, s) => [g + 0.9 * (0.9 * s.m + g), { ...s, m: 0.9 * s.m + g }],
  rmsprop(g, s, _t, epsilon) {
    const v = 0.9 * s.v + 0.1 * g * g
    return [g / Math.sqrt(v + epsilon), { ...s, v }]
  },
  adam(g, s, t, epsilon) {
    const m = 0.9 * s.m + 0.1 * g
    const v = 0.999 * s.v + 0.001 * g * g
    const rate = Math.sqrt(1 - 0.999 ** t) / (1 - 0.9 ** t)
    return [(rate * m) / (Math.sqrt(v) + epsilon), { m, v }]
  },
  adamw: (...given) => CHANGES.adam(...given)
}

/** Losses of tanh(w x + b) fitted to the targets one at a time, w with factors of its own. */
function losses(
  optimiser: OptimiserId,
  decay: DecayId,
  inputs: readonly number[],
  factors: { init: number; step: number; epsilon: number; decay: number }
): number[] {
  let [w, b] = [0.8 * factors.init, 0]
  let [forW, forB]: [State, State] = [
    { m: 0, v: 0 },
    { m: 0, v: 0 }
  ]
  return Array.from({ length: 60 }, (_, step) => {
    const i = step % inputs.length
    const out = Math.tanh(w * inputs[i]! + b)
    const error = out - TARGETS[i]!
    const slope = 2 * error * (1 - out * out)
    const strength = DECAY * factors.decay
    const gradient = slope * inputs[i]! + (decay === 'l2' ? 2 * strength * w : 0)
    const change = CHANGES[optimiser]
    const [byW, nextW] = change(gradient, forW, step + 1, EPSILON * factors.epsilon)
    const [byB, nextB] = change(slope, forB, step + 1, EPSILON)
    const rate = RATE * factors.step
    const shrunk = decay === 'decoupled' ? rate * strength * w : 0
    w -= rate * byW + shrunk
    b -= RATE * byB
    ;[forW, forB] = [nextW, nextB]
    return error * error
  })
}

const NONE = { init: 1, step: 1, epsilon: 1, decay: 1 }

describe('a scaled input', () => {
  const cases = (Object.keys(CHANGES) as OptimiserId[]).flatMap((optimiser) =>
    (optimiser === 'adamw' ? ['decoupled' as const] : (['l2', 'decoupled'] as const)).map(
      (decay) => [optimiser, decay] as const
    )
  )
  it.each(cases)('is the same training with %s and %s decay by the four factors', (id, decay) => {
    const ratio = 1 / 37
    const scaled = INPUTS.map((input) => input * ratio)
    const other = losses(id, decay, scaled, NONE)
    const same = losses(id, decay, INPUTS, kernelFactors(ratio, id, decay))
    same.forEach((loss, step) => expect(loss).toBeCloseTo(other[step]!, 10))
  })

  it.each(['init', 'step', 'epsilon', 'decay'] as const)(
    'is another training when %s stays as it is',
    (kept) => {
      const ratio = 1 / 37
      const factors = { ...kernelFactors(ratio, 'adam', 'l2'), [kept]: 1 }
      const scaled = INPUTS.map((input) => input * ratio)
      const [a, b] = [
        losses('adam', 'l2', scaled, NONE).at(-1)!,
        losses('adam', 'l2', INPUTS, factors).at(-1)!
      ]
      expect(Math.abs(a - b)).toBeGreaterThan(1e-6)
    }
  )
})
