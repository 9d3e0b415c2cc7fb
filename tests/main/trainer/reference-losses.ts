import type { RunConfig } from '../../../src/core/network/config'

/** The loss of one sample in float64. */
export interface ReferenceLoss {
  readonly loss: number
  readonly hit: boolean
  /** the gradient with respect to every logit is 0, in float32 */
  readonly zero: boolean
  /** of the true class */
  readonly p: number
  /** gradient with respect to the logits */
  readonly delta: Float64Array
}

const CLIP = 1e-7

/** Two logits 0 and z are one sigmoid of z: every form is written for a softmax alone. */
export function referenceLoss(
  { loss, output }: Pick<RunConfig, 'loss' | 'output'>,
  logits: Float64Array,
  label: number
): ReferenceLoss {
  if (output === 'softmax') return softmaxLoss(loss, logits, label)
  const both = softmaxLoss(loss, Float64Array.of(0, logits[0]!), label)
  return { ...both, delta: both.delta.subarray(1) }
}

function softmaxLoss(id: RunConfig['loss'], logits: Float64Array, label: number): ReferenceLoss {
  const greatest = Math.max(...logits)
  const logTotal = Math.log(logits.reduce((sum, z) => sum + Math.exp(z - greatest), 0))
  const logs = logits.map((z) => z - greatest - logTotal)
  const p = logs.map((log) => Math.exp(log))
  const truth = p.map((_, m) => (m === label ? 1 : 0))
  const sum = (values: Float64Array): number => values.reduce((all, value) => all + value, 0)
  // 1 - p_m as the sum of the others: above 1 - 1e-7 nothing else has all its digits
  const others = p.map((_, m) => sum(p.filter((__, other) => other !== m)))
  const exact = p.map((value, m) => (m === label ? -others[m]! : value))
  const within = p.map((value, m) => (value < CLIP || others[m]! < CLIP ? 0 : 1))
  const clip = p.map((value) => Math.min(Math.max(value, CLIP), 1 - CLIP))
  const held = -Math.log(clip[label]!)
  const told = { hit: logits.indexOf(greatest) === label, p: p[label]! }
  const none = new Float64Array(p.length)
  const isZero = (delta: Float64Array): boolean => delta.every((value) => Math.fround(value) === 0)

  switch (id) {
    case 'exact':
      return { ...told, loss: -logs[label]!, delta: exact, zero: isZero(exact) }
    case 'clipped': {
      const delta = within[label] ? exact : none
      return { ...told, loss: held, delta, zero: isZero(delta) }
    }
    case 'clipped-2018': {
      const total = sum(clip)
      // sum over the unclipped j of (q_j - y_j)(d_jm - p_m)
      const upstream = clip.map((value, j) => within[j]! * (value / total - truth[j]!))
      const delta = p.map((value, m) => upstream[m]! - value * sum(upstream))
      // of a wrong sample, what float64 leaves of that difference is rounding where nothing was clipped away
      const lost = sum(p.filter((_, j) => !within[j]))
      const zero = within.every((each) => each === 0) || (!within[label] && Math.fround(lost) === 0)
      return { ...told, loss: Math.log(total) + held, delta: zero ? none : delta, zero }
    }
  }
}
