import type { RunConfig } from '../../../core/network/config'
import type { Tensor } from './tensorflow/graph'
import { backward, forward } from './network/layers'
import type { DenseLayer } from './network/layers'
import { sampleLoss } from './network/losses'
import type { Ops } from './tensorflow/ops'
import type { InputNodes, Split, SplitId } from './split'
import { countSamples, outputDouble } from './network/sums'

/** Values of SampleSums, each after the split's name and an underscore. */
export const EVALUATE_OUTPUTS = [
  'loss_high',
  'loss_low',
  'hits',
  'zero_gradient',
  'trapped'
] as const

/**
 * Passes over consecutive rows of a split with the present weights: feeds NAME_begin and NAME_count;
 * fetches sums, pre-activations NAME_zL, their maxima NAME_greatest_zL and gradient norms NAME_normL.
 */
export function passes(
  ops: Ops,
  config: RunConfig,
  toInput: InputNodes,
  layers: readonly DenseLayer[],
  name: SplitId,
  split: Split
): void {
  const count = ops.input(`${name}_count`, 'int32')
  const range = ops.range(ops.input(`${name}_begin`, 'int32'), count)
  const x = toInput(ops.gatherRows(split.rows, range))
  const labels = ops.gatherRows(split.labels, range)
  const made = forward(ops, config, layers, x)
  const sample = sampleLoss(ops, config, made[made.length - 1]!.a, labels)
  const counts = countSamples(ops, sample)
  outputDouble(ops, `${name}_loss`, ops.reduce('Sum', ops.cast(sample.loss, 'double'), [0]))
  ops.output(`${name}_hits`, counts.hits)
  ops.output(`${name}_zero_gradient`, counts.zeroGradient)
  ops.output(`${name}_trapped`, counts.trapped)
  made.slice(0, -1).forEach(({ z }, at) => {
    ops.output(`${name}_z${at}`, z)
    ops.output(`${name}_greatest_z${at}`, ops.reduce('Max', z, [0]))
  })
  const mean = ops.binary('RealDiv', sample.gradient, ops.cast(count, 'float'))
  backward(ops, config, made, mean).forEach(({ kernel, bias }, at) => {
    const squares = ops.binary('AddV2', squared(ops, kernel, [0, 1]), squared(ops, bias, [0]))
    ops.output(`${name}_norm${at}`, ops.cast(ops.unary('Sqrt', squares), 'float'))
  })
}

/** In float64: in float32 the square of a vanishing gradient of 1e-23 would be 0. */
function squared(ops: Ops, x: Tensor, axes: readonly number[]): Tensor {
  return ops.reduce('Sum', ops.unary('Square', ops.cast(x, 'double')), axes)
}
