import { sigmoid } from '../../../core/network/activations'
import type { RunConfig } from '../../../core/network/config'
import { LOSS_CLIP } from '../../../core/network/losses'
import type { LossId } from '../../../core/network/losses'
import type { OutputId } from '../../../core/network/outputs'
import type { SampleSums } from '../session'

export interface HeadResult extends SampleSums {
  /** dL/dlogit of the mean loss over these samples, samples x units */
  readonly delta: Float32Array
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
  const sample = SAMPLES[config.output]
  const lossOf = PORTABLE_LOSSES[config.loss]
  let loss = 0
  let hits = 0
  let zeroGradient = 0
  for (let i = 0; i < samples; i++) {
    const at = i * units
    const { logTrue, hit } = sample(logits, at, units, labels[i]!, delta)
    if (hit) hits++
    const own = lossOf(logTrue)
    loss += own.loss
    if (own.factor === 0) delta.fill(0, at, at + units)
    else if (own.factor !== 1) {
      for (let unit = at; unit < at + units; unit++) delta[unit]! *= own.factor
    }
    let zero = true
    for (let unit = at; unit < at + units; unit++) {
      if (delta[unit] !== 0) zero = false
      delta[unit]! /= samples
    }
    if (zero) zeroGradient++
  }
  return { samples, loss, hits, zeroGradient, delta }
}

/** A loss from the logarithm of p, the probability of the true class; its gradient is factor x (p - y). */
export type PortableLoss = (logTrue: number) => {
  readonly loss: number
  readonly factor: number
}

export const PORTABLE_LOSSES: Readonly<Record<LossId, PortableLoss>> = {
  exact: (logTrue) => ({ loss: -logTrue, factor: 1 }),
  clipped(logTrue) {
    const p = Math.exp(logTrue)
    const low = LOSS_CLIP
    const high = 1 - LOSS_CLIP
    return {
      loss: -Math.log(Math.min(Math.max(p, low), high)),
      factor: p < low || p > high ? 0 : 1
    }
  }
}

interface Sample {
  /** logarithm of the probability of the true class */
  readonly logTrue: number
  readonly hit: boolean
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
  for (let unit = 0; unit < units; unit++) {
    const p = Math.exp(logits[at + unit]! - greatest) / total
    delta[at + unit] = unit === label ? p - 1 : p
  }
  return { logTrue: logits[at + label]! - greatest - Math.log(total), hit: best === label }
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
    hit: z > 0 === (label === 1)
  }
}

const SAMPLES: Readonly<Record<OutputId, typeof softmaxSample>> = {
  softmax: softmaxSample,
  sigmoid: binarySample
}
