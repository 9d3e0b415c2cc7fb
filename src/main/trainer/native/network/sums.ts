import { LOSS_CLIP } from '../../../../core/network/losses'
import type { Tensor } from '../tensorflow/graph'
import type { SampleLoss } from './losses'
import type { Ops } from '../tensorflow/ops'

/** What is counted of samples, of each step or of all: see SampleSums. The loss is a double, all else int32. */
type Sums = Readonly<Record<'loss' | 'hits' | 'zeroGradient' | 'trapped', Tensor>>

/** @param labels [batch], or [steps, batch]: then sums are of each step */
export function sumsOf(ops: Ops, { loss, exact, hit, gradient }: SampleLoss, labels: Tensor): Sums {
  const sum = (of: Tensor): Tensor => ops.reduce('Sum', ops.reshape(of, ops.shape(labels)), [-1])
  const none = ops.reduce('All', ops.compare('Equal', gradient, ops.constant('float', 0)), [1])
  const wrong = ops.compare('Greater', exact, ops.constant('float', -Math.log(LOSS_CLIP)))
  const count = (which: Tensor): Tensor => sum(ops.cast(which, 'int32'))
  return {
    loss: sum(ops.cast(loss, 'double')),
    hits: count(hit),
    zeroGradient: count(none),
    trapped: count(ops.and(none, wrong))
  }
}

/** Values of SampleSums, each after a name and an underscore. */
export const SUM_OUTPUTS = ['loss_high', 'loss_low', 'hits', 'zero_gradient', 'trapped'] as const

/** Outputs SUM_OUTPUTS: the loss as two float32 values, since the binding gives no float64 back. */
export function outputSums(
  ops: Ops,
  name: string,
  { loss, hits, zeroGradient, trapped }: Sums
): void {
  const high = ops.cast(loss, 'float')
  const low = ops.cast(ops.binary('Sub', loss, ops.cast(high, 'double')), 'float')
  const values = [high, low, hits, zeroGradient, trapped]
  SUM_OUTPUTS.forEach((output, at) => ops.output(`${name}_${output}`, values[at]!))
}
