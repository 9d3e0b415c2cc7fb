import type { RunConfig } from '../../../core/network/config'
import { sigmoid } from '../../../core/network/activations'
import type { SampleSums } from '../session'

/** Probabilities of the clipped loss stay this far from 0 and 1. */
const CLIP = 1e-7

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
  const sample = config.output === 'sigmoid' ? binarySample : softmaxSample
  let loss = 0
  let hits = 0
  let zeroGradient = 0
  for (let i = 0; i < samples; i++) {
    const at = i * units
    const { logTrue, hit } = sample(logits, at, units, labels[i]!, delta)
    if (hit) hits++
    if (config.loss === 'clipped') {
      const p = Math.exp(logTrue)
      loss -= Math.log(Math.min(Math.max(p, CLIP), 1 - CLIP))
      if (p < CLIP || p > 1 - CLIP) delta.fill(0, at, at + units)
    } else {
      loss -= logTrue
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
