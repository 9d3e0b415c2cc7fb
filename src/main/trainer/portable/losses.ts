import { sigmoid } from '../../../core/network/activations'
import type { RunConfig } from '../../../core/network/config'
import { LOSS_CLIP } from '../../../core/network/losses'
import type { LossId } from '../../../core/network/losses'
import type { OutputId } from '../../../core/network/outputs'
import type { SampleSums } from '../session'

export interface HeadResult extends SampleSums {
  /** dL/dlogit of the mean loss over these samples, samples x units */
  readonly delta: Float32Array
  /** of each sample: see Evaluation */
  readonly guesses: Int32Array
}

/**
 * Loss, hits and gradient of a batch from its logits. So few numbers are quicker by hand, in float64,
 * than as a dozen ops.
 * @param logits samples x units, row-major; one unit means a sigmoid output
 */
export function lossHead(
  config: Pick<RunConfig, 'loss' | 'output'>,
  logits: ArrayLike<number>,
  units: number,
  labels: ArrayLike<number>
): HeadResult {
  const samples = labels.length
  const delta = new Float32Array(samples * units)
  const guesses = new Int32Array(samples)
  const sample = SAMPLES[config.output]
  const lossOf = PORTABLE_LOSSES[config.loss]
  let loss = 0
  let hits = 0
  let zeroGradient = 0
  let trapped = 0
  for (let i = 0; i < samples; i++) {
    const at = i * units
    const { logTrue, guess, logs } = sample(logits, at, units, labels[i]!, delta)
    guesses[i] = Number.isFinite(logTrue) ? guess : -1
    if (guesses[i] === labels[i]) hits++
    const own = lossOf(logTrue, logs && { logs, label: labels[i]! })
    loss += own.loss
    if (own.gradient) delta.set(own.gradient, at)
    else if (own.factor === 0) delta.fill(0, at, at + units)
    else if (own.factor !== 1) {
      for (let unit = at; unit < at + units; unit++) delta[unit]! *= own.factor
    }
    let zero = true
    for (let unit = at; unit < at + units; unit++) {
      if (delta[unit] !== 0) zero = false
      delta[unit]! /= samples
    }
    if (zero) {
      zeroGradient++
      if (logTrue < Math.log(LOSS_CLIP)) trapped++
    }
  }
  return { samples, loss, hits, zeroGradient, trapped, delta, guesses }
}

/** A softmax's probabilities, by their logarithms, and the true class. */
interface AllClasses {
  readonly logs: Float64Array
  readonly label: number
}

/**
 * A loss from the logarithm of p, the probability of the true class; its gradient is factor x (p - y),
 * or `gradient` where it is no multiple of that. `all` is absent with one sigmoid output.
 */
export type PortableLoss = (
  logTrue: number,
  all?: AllClasses
) => {
  readonly loss: number
  readonly factor: number
  readonly gradient?: Float64Array
}

const clipped: PortableLoss = (logTrue) => {
  const p = Math.exp(logTrue)
  const low = LOSS_CLIP
  const high = 1 - LOSS_CLIP
  return {
    loss: -Math.log(Math.min(Math.max(p, low), high)),
    factor: p < low || p > high ? 0 : 1
  }
}

/** As in the native graph: no difference of near equals in the gradient, so that 0 is exactly 0. */
const clippedOf2018: PortableLoss = (logTrue, all) => {
  if (!all) return clipped(logTrue)
  const p = all.logs.map(Math.exp)
  const small = p.map((value) => (value < LOSS_CLIP ? 1 : 0))
  const lost = p.reduce((sum, value, m) => sum + value * small[m]!, 0)
  const count = small.reduce((sum, value) => sum + value, 0)
  const given = count * LOSS_CLIP
  const none = count >= p.length - 1 && lost < LOSS_CLIP
  const loss = clipped(logTrue).loss + Math.log1p(given - (none ? LOSS_CLIP : lost))
  if (none) return { loss, factor: 0 }
  const total = 1 - lost + given
  const wrong = small[all.label] === 1
  const gradient = p.map((value, m) => {
    if (wrong) return (value * (small[m] ? lost - 1 : lost)) / total
    const own = m === all.label
    const distance = own ? Math.expm1(logTrue) : value
    return (distance * (1 - small[m]! + given) + (own ? lost : 0)) / total
  })
  return { loss, factor: 1, gradient }
}

const PORTABLE_LOSSES: Readonly<Record<LossId, PortableLoss>> = {
  exact: (logTrue) => ({ loss: -logTrue, factor: 1 }),
  clipped,
  'clipped-2018': clippedOf2018
}

interface Sample {
  /** logarithm of the probability of the true class */
  readonly logTrue: number
  /** the class of the greatest probability */
  readonly guess: number
  /** logarithms of the probabilities of all classes, of a softmax */
  readonly logs?: Float64Array
}

/** Writes p - y to `delta`; NaN logits give a NaN loss. */
function softmaxSample(
  logits: ArrayLike<number>,
  at: number,
  units: number,
  label: number,
  delta: Float32Array
): Sample {
  let best = 0
  for (let unit = 1; unit < units; unit++) if (logits[at + unit]! > logits[at + best]!) best = unit
  const greatest = logits[at + best]!
  let total = 0
  for (let unit = 0; unit < units; unit++) total += Math.exp(logits[at + unit]! - greatest)
  const logTotal = Math.log(total)
  const logs = new Float64Array(units)
  for (let unit = 0; unit < units; unit++) {
    logs[unit] = logits[at + unit]! - greatest - logTotal
    const p = Math.exp(logits[at + unit]! - greatest) / total
    delta[at + unit] = unit === label ? p - 1 : p
  }
  return { logTrue: logs[label]!, guess: best, logs }
}

function binarySample(
  logits: ArrayLike<number>,
  at: number,
  _units: number,
  label: number,
  delta: Float32Array
): Sample {
  const z = logits[at]!
  const towardsTrue = label === 1 ? z : -z
  delta[at] = label === 1 ? -sigmoid(-z) : sigmoid(z)
  return {
    logTrue: Math.min(towardsTrue, 0) - Math.log1p(Math.exp(-Math.abs(z))),
    guess: z > 0 ? 1 : 0
  }
}

const SAMPLES: Readonly<Record<OutputId, typeof softmaxSample>> = {
  softmax: softmaxSample,
  sigmoid: binarySample
}
