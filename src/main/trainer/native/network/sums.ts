import { LOSS_CLIP } from '../../../../core/network/losses'
import type { Tensor } from '../tensorflow/graph'
import type { SampleLoss } from './losses'
import type { Ops } from '../tensorflow/ops'

/** What is counted of a batch's samples, as int32 scalars: see SampleSums. */
export function countSamples(
  ops: Ops,
  { exact, hit, gradient }: SampleLoss
): Readonly<Record<'hits' | 'zeroGradient' | 'trapped', Tensor>> {
  const none = ops.reduce('All', ops.compare('Equal', gradient, ops.constant('float', 0)), [1])
  const wrong = ops.compare('Greater', exact, ops.constant('float', -Math.log(LOSS_CLIP)))
  const count = (which: Tensor): Tensor => ops.reduce('Sum', ops.cast(which, 'int32'), [0])
  return { hits: count(hit), zeroGradient: count(none), trapped: count(ops.and(none, wrong)) }
}

/** A float64 value as two float32 outputs, NAME_high + NAME_low, since the binding gives no float64 back. */
export function outputDouble(ops: Ops, name: string, value: Tensor): void {
  const high = ops.cast(value, 'float')
  const low = ops.cast(ops.binary('Sub', value, ops.cast(high, 'double')), 'float')
  ops.output(`${name}_high`, high)
  ops.output(`${name}_low`, low)
}
