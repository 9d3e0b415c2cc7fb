import type { RunConfig } from '../../../core/network/config'
import type { Tensor } from './graph'
import type { Ops } from './ops'

/** Loss of each sample, its gradient with respect to the logits, and whether the guess is right. */
export interface SampleLoss {
  /** [batch] */
  readonly loss: Tensor
  /** [batch, outputs], of each sample's own loss */
  readonly gradient: Tensor
  /** [batch], bool */
  readonly hit: Tensor
}

/** Bounds of a clipped probability: Keras' epsilon of 2018. */
const LOW = 1e-7
const HIGH = 1 - 1e-7

/**
 * Cross-entropy of softmax or sigmoid outputs. `exact`: from the logits, gradient p - y. `clipped`: the
 * probability of the true class is clipped before the logarithm; outside the bounds the gradient is 0.
 */
export function sampleLoss(
  ops: Ops,
  config: Pick<RunConfig, 'loss' | 'output'>,
  logits: Tensor,
  labels: Tensor,
  classes: number
): SampleLoss {
  return config.output === 'sigmoid'
    ? binary(ops, config.loss, logits, labels)
    : categorical(ops, config.loss, logits, labels, classes)
}

function categorical(
  ops: Ops,
  loss: RunConfig['loss'],
  logits: Tensor,
  labels: Tensor,
  classes: number
): SampleLoss {
  const hit = ops.compare('Equal', ops.argMax(logits), labels)
  if (loss === 'exact') {
    const [value, gradient] = ops.graph.add(
      'SparseSoftmaxCrossEntropyWithLogits',
      [logits, labels],
      ['float', 'float'],
      { attributes: { T: { type: 'float' }, Tlabels: { type: 'int32' } } }
    )
    return { loss: value!, gradient: gradient!, hit }
  }
  const probabilities = ops.unary('Softmax', logits)
  const truth = ops.oneHot(labels, classes)
  const ofTruth = ops.reduce('Sum', ops.binary('Mul', probabilities, truth), [1])
  const gradient = ops.binary('Sub', probabilities, truth)
  return { ...clip(ops, ofTruth, gradient), hit }
}

function binary(ops: Ops, loss: RunConfig['loss'], logits: Tensor, labels: Tensor): SampleLoss {
  const zero = ops.constant('float', 0)
  const z = ops.reshape(logits, [-1])
  const truth = ops.cast(labels, 'float')
  const guess = ops.cast(ops.compare('Greater', z, zero), 'int32')
  const hit = ops.compare('Equal', guess, labels)
  const gradient = ops.reshape(ops.binary('Sub', ops.unary('Sigmoid', z), truth), [-1, 1])
  if (loss === 'exact') {
    // max(z, 0) - z y + log(1 + exp(-|z|))
    const tail = ops.unary('Log1p', ops.unary('Exp', ops.unary('Neg', ops.unary('Abs', z))))
    const linear = ops.binary('Sub', ops.unary('Relu', z), ops.binary('Mul', z, truth))
    return { loss: ops.binary('AddV2', linear, tail), gradient, hit }
  }
  const two = ops.constant('float', 2)
  const side = ops.binary('Sub', ops.binary('Mul', two, truth), ops.constant('float', 1))
  const ofTruth = ops.unary('Sigmoid', ops.binary('Mul', z, side))
  return { ...clip(ops, ofTruth, gradient), hit }
}

/** -log of the clipped probability; rows of the gradient are 0 where it was clipped. */
function clip(
  ops: Ops,
  ofTruth: Tensor,
  gradient: Tensor
): { readonly loss: Tensor; readonly gradient: Tensor } {
  const low = ops.constant('float', LOW)
  const high = ops.constant('float', HIGH)
  const bounded = ops.binary('Minimum', ops.binary('Maximum', ofTruth, low), high)
  const within = ops.and(
    ops.compare('GreaterEqual', ofTruth, low),
    ops.compare('LessEqual', ofTruth, high)
  )
  const mask = ops.reshape(ops.cast(within, 'float'), [-1, 1])
  return {
    loss: ops.unary('Neg', ops.unary('Log', bounded)),
    gradient: ops.binary('Mul', gradient, mask)
  }
}
