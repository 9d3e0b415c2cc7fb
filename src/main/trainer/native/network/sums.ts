import { LOSS_CLIP } from '../../../../core/network/losses'
import type { Tensor } from '../tensorflow/graph'
import type { SampleLoss } from './losses'
import type { Ops } from '../tensorflow/ops'

/** What is counted of a batch's samples, as int32 scalars: see SampleSums. */
function countSamples(
  ops: Ops,
  { exact, hit, gradient }: SampleLoss
): Readonly<Record<'hits' | 'zeroGradient' | 'trapped', Tensor>> {
  const none = ops.reduce('All', ops.compare('Equal', gradient, ops.constant('float', 0)), [1])
  const wrong = ops.compare('Greater', exact, ops.constant('float', -Math.log(LOSS_CLIP)))
  const count = (which: Tensor): Tensor => ops.reduce('Sum', ops.cast(which, 'int32'), [0])
  return { hits: count(hit), zeroGradient: count(none), trapped: count(ops.and(none, wrong)) }
}

/** Values of SampleSums, each after a name and an underscore. */
export const SUM_OUTPUTS = ['loss_high', 'loss_low', 'hits', 'zero_gradient', 'trapped'] as const

/**
 * Outputs SUM_OUTPUTS. The loss is summed in float64 and given as two float32 values, since the binding gives no
 * float64 back.
 */
export function outputSums(ops: Ops, name: string, sample: SampleLoss): void {
  const { hits, zeroGradient, trapped } = countSamples(ops, sample)
  const loss = ops.reduce('Sum', ops.cast(sample.loss, 'double'), [0])
  const high = ops.cast(loss, 'float')
  const low = ops.cast(ops.binary('Sub', loss, ops.cast(high, 'double')), 'float')
  const sums = [high, low, hits, zeroGradient, trapped]
  SUM_OUTPUTS.forEach((output, at) => ops.output(`${name}_${output}`, sums[at]!))
}
