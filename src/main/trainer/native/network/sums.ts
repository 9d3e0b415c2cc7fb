import type { Tensor } from '../tensorflow/graph'
import type { SampleLoss } from './losses'
import type { Ops } from '../tensorflow/ops'

/** Right guesses, and samples none of whose logits has a gradient, as int32 scalars. */
export function countSamples(
  ops: Ops,
  { hit, gradient }: SampleLoss
): { readonly hits: Tensor; readonly zeroGradient: Tensor } {
  const none = ops.reduce('All', ops.compare('Equal', gradient, ops.constant('float', 0)), [1])
  return {
    hits: ops.reduce('Sum', ops.cast(hit, 'int32'), [0]),
    zeroGradient: ops.reduce('Sum', ops.cast(none, 'int32'), [0])
  }
}

/** A float64 value as two float32 outputs, NAME_high + NAME_low, since the binding gives no float64 back. */
export function outputDouble(ops: Ops, name: string, value: Tensor): void {
  const high = ops.cast(value, 'float')
  const low = ops.cast(ops.binary('Sub', value, ops.cast(high, 'double')), 'float')
  ops.output(`${name}_high`, high)
  ops.output(`${name}_low`, low)
}
