import type { RunConfig } from '../../../../core/network/config'
import { LOSS_CLIP } from '../../../../core/network/losses'
import type { LossId } from '../../../../core/network/losses'
import type { OutputId } from '../../../../core/network/outputs'
import type { Tensor } from '../tensorflow/graph'
import type { Ops } from '../tensorflow/ops'

/** What one batch's samples say of the network. */
export interface SampleLoss {
  /** [batch], as the configuration means it */
  readonly loss: Tensor
  /** [batch], -log p_y unclipped: not finite where the logits are not */
  readonly exact: Tensor
  /** [batch, outputs], of each sample's own loss with respect to the logits */
  readonly gradient: Tensor
  /** [batch], int32: the class it is taken for, -1 where the loss is not finite */
  readonly guess: Tensor
  /** [batch], bool */
  readonly hit: Tensor
}

/** Cross-entropy from the logits, without overflow or cancellation. */
interface CrossEntropy {
  /** [batch], -log p_y */
  readonly exact: Tensor
  /** [batch, outputs], p - y */
  readonly gradient: Tensor
  /** [batch], 1 - p_y, small values too at full precision */
  others(): Tensor
  /** [batch], int32: the class of the greatest p */
  readonly guess: Tensor
  /** [batch, outputs], p of every class; absent with one sigmoid output */
  probabilities?(): Tensor
}

/** Logits [batch, outputs] against labels [batch] (int32). */
export function sampleLoss(
  ops: Ops,
  config: Pick<RunConfig, 'loss' | 'output'>,
  logits: Tensor,
  labels: Tensor
): SampleLoss {
  const entropy = OUTPUT_NODES[config.output](ops, logits, labels)
  const { exact } = entropy
  const none = ops.unary('Neg', ops.unary('OnesLike', entropy.guess))
  const guess = ops.select(ops.isFinite(exact), entropy.guess, none)
  const hit = ops.compare('Equal', guess, labels)
  return { exact, guess, hit, ...LOSS_NODES[config.loss](ops, entropy) }
}

export type LossNodes = (ops: Ops, entropy: CrossEntropy) => Pick<SampleLoss, 'loss' | 'gradient'>

/**
 * -log of p_y clipped to [LOSS_CLIP, 1 - LOSS_CLIP]; rows of the gradient are 0 where p_y is outside. The bounds are
 * tested where float32 is finest: the lower on -log p_y, the upper on 1 - p_y.
 */
const clipped: LossNodes = (ops, { exact, gradient, others }) => {
  const within = ops.and(
    ops.compare('LessEqual', exact, ops.constant('float', GREATEST)),
    ops.compare('GreaterEqual', others(), ops.constant('float', LOSS_CLIP))
  )
  return { loss: heldLoss(ops, exact), gradient: ops.binary('Mul', gradient, column(ops, within)) }
}

/** A clipped -log p_y lies between. */
export const LEAST = -Math.log(1 - LOSS_CLIP)
export const GREATEST = -Math.log(LOSS_CLIP)

/** -log clip(p_y) */
function heldLoss(ops: Ops, exact: Tensor): Tensor {
  const least = ops.constant('float', LEAST)
  return ops.binary('Minimum', ops.binary('Maximum', exact, least), ops.constant('float', GREATEST))
}

/** One number a sample, as a column: 1 where it holds. */
function column(ops: Ops, holds: Tensor): Tensor {
  return ops.reshape(ops.cast(holds, 'float'), [-1, 1])
}

/**
 * All p clipped from below (c, of k classes whose p sum to e) and above, then q = clip(p) / D. A p is
 * above 1 - c only where all others are below c: then nothing has a gradient. Else D = 1 - e + k c, and
 * the sum over the unclipped j of (q_j - y_j)(d_jm - p_m) is, without a difference of near equals,
 * - p_y unclipped: ((p_m - y_m)(u_m + k c) + y_m e) / D, with u_m = 1 for an unclipped class, else 0
 * - p_y clipped:   p_m (u_m e - (1 - u_m)(1 - e)) / D
 */
const clippedOf2018: LossNodes = (ops, entropy) => {
  if (!entropy.probabilities) return clipped(ops, entropy)
  const { exact, gradient } = entropy
  const p = entropy.probabilities()
  const one = ops.constant('float', 1)
  const c = ops.constant('float', LOSS_CLIP)
  const times = (a: Tensor, b: Tensor): Tensor => ops.binary('Mul', a, b)
  const plus = (a: Tensor, b: Tensor): Tensor => ops.binary('AddV2', a, b)
  const less = (a: Tensor, b: Tensor): Tensor => ops.binary('Sub', a, b)
  const sum = (x: Tensor): Tensor => ops.reshape(ops.reduce('Sum', x, [1]), [-1, 1])

  const small = ops.cast(ops.compare('Less', p, c), 'float')
  const kept = less(one, small)
  const e = sum(times(p, small))
  const kc = times(sum(small), c)
  const alone = ops.compare('LessEqual', sum(kept), one)
  const none = ops.and(alone, ops.compare('Less', e, c))
  const total = less(plus(one, kc), e)
  // p - (p - y) is y up to rounding
  const truth = ops.cast(
    ops.compare('Greater', less(p, gradient), ops.constant('float', 0.5)),
    'float'
  )
  const own = plus(times(gradient, plus(kept, kc)), times(truth, e))
  const strange = times(p, less(times(kept, e), times(small, less(one, e))))
  const wrong = ops.compare('Greater', sum(times(truth, small)), ops.constant('float', 0))
  const unscaled = ops.binary('RealDiv', ops.select(wrong, strange, own), total)
  const excess = ops.select(none, less(kc, c), less(kc, e))
  return {
    loss: plus(heldLoss(ops, exact), ops.reshape(ops.unary('Log1p', excess), [-1])),
    gradient: times(unscaled, less(one, ops.cast(none, 'float')))
  }
}

const LOSS_NODES: Readonly<Record<LossId, LossNodes>> = {
  exact: (_ops, { exact, gradient }) => ({ loss: exact, gradient }),
  clipped,
  'clipped-2018': clippedOf2018
}

type OutputNodes = (ops: Ops, logits: Tensor, labels: Tensor) => CrossEntropy

const OUTPUT_NODES: Readonly<Record<OutputId, OutputNodes>> = {
  softmax: (ops, logits, labels) => {
    const [exact, gradient] = ops.graph.add(
      'SparseSoftmaxCrossEntropyWithLogits',
      [logits, labels],
      ['float', 'float'],
      { attributes: { T: { type: 'float' }, Tlabels: { type: 'int32' } } }
    ) as [Tensor, Tensor]
    return {
      exact,
      gradient,
      // p - y is negative for the true class only
      others: () => ops.reduce('Sum', ops.unary('Relu', gradient), [1]),
      guess: ops.argMax(logits),
      probabilities: () => ops.unary('Softmax', logits)
    }
  },
  /** One logit z of class 1. With s = z for class 1 and -z for class 0: p_y = 1 / (1 + exp(-s)). */
  sigmoid: (ops, logits, labels) => {
    const z = ops.reshape(logits, [-1])
    const truth = ops.cast(labels, 'float')
    const doubled = ops.binary('AddV2', truth, truth)
    const side = ops.binary('Sub', doubled, ops.constant('float', 1))
    const against = ops.unary('Neg', ops.binary('Mul', z, side))
    const others = ops.unary('Sigmoid', against)
    const guess = ops.cast(ops.compare('Greater', z, ops.constant('float', 0)), 'int32')
    return {
      exact: ops.unary('Softplus', against),
      gradient: ops.reshape(ops.unary('Neg', ops.binary('Mul', side, others)), [-1, 1]),
      others: () => others,
      guess
    }
  }
}
