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
  /** [batch], bool; never where the loss is not finite */
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
  /** [batch], bool */
  readonly right: Tensor
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
  const hit = ops.and(entropy.right, ops.isFinite(exact))
  return { exact, hit, ...LOSS_NODES[config.loss](ops, entropy) }
}

export type LossNodes = (ops: Ops, entropy: CrossEntropy) => Pick<SampleLoss, 'loss' | 'gradient'>

const LOSS_NODES: Readonly<Record<LossId, LossNodes>> = {
  exact: (_ops, { exact, gradient }) => ({ loss: exact, gradient }),
  /**
   * -log of p_y clipped to [LOSS_CLIP, 1 - LOSS_CLIP]; rows of the gradient are 0 where p_y is outside. The bounds are
   * tested where float32 is finest: the lower on -log p_y, the upper on 1 - p_y.
   */
  clipped: (ops, { exact, gradient, others }) => {
    const least = ops.constant('float', -Math.log(1 - LOSS_CLIP))
    const greatest = ops.constant('float', -Math.log(LOSS_CLIP))
    const within = ops.and(
      ops.compare('LessEqual', exact, greatest),
      ops.compare('GreaterEqual', others(), ops.constant('float', LOSS_CLIP))
    )
    return {
      loss: ops.binary('Minimum', ops.binary('Maximum', exact, least), greatest),
      gradient: ops.binary('Mul', gradient, ops.reshape(ops.cast(within, 'float'), [-1, 1]))
    }
  }
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
      right: ops.compare('Equal', ops.argMax(logits), labels)
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
      right: ops.compare('Equal', guess, labels)
    }
  }
}
