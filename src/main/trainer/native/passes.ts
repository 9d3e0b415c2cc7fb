import type { RunConfig } from '../../../core/network/config'
import type { Tensor } from './tensorflow/graph'
import { backward, forward } from './network/layers'
import type { DenseLayer } from './network/layers'
import { sampleLoss } from './network/losses'
import type { Ops } from './tensorflow/ops'
import type { InputNodes, Split, SplitId } from './split'
import { countSamples, outputDouble } from './network/sums'

/** Values of Evaluation, each after the split's name and an underscore. */
export const EVALUATE_OUTPUTS = [
  'loss_high',
  'loss_low',
  'hits',
  'zero_gradient',
  'trapped',
  'guesses'
] as const

/**
 * Passes over some rows of a split with the present weights: feeds NAME_at; fetches sums and guesses,
 * pre-activations NAME_zL, their maxima NAME_greatest_zL, gradient norms NAME_normL and NAME_pull, the
 * sum over units of |dL/dW| for each input of the first layer.
 */
export function passes(
  ops: Ops,
  config: RunConfig,
  toInput: InputNodes,
  layers: readonly DenseLayer[],
  name: SplitId,
  split: Split
): void {
  const at = ops.input(`${name}_at`, 'int32')
  const x = toInput(ops.gatherRows(split.rows, at))
  const labels = ops.gatherRows(split.labels, at)
  const made = forward(ops, config, layers, x)
  const sample = sampleLoss(ops, config, made[made.length - 1]!.a, labels)
  const counts = countSamples(ops, sample)
  outputDouble(ops, `${name}_loss`, ops.reduce('Sum', ops.cast(sample.loss, 'double'), [0]))
  ops.output(`${name}_hits`, counts.hits)
  ops.output(`${name}_zero_gradient`, counts.zeroGradient)
  ops.output(`${name}_trapped`, counts.trapped)
  ops.output(`${name}_guesses`, sample.guess)
  made.slice(0, -1).forEach(({ z }, at) => {
    ops.output(`${name}_z${at}`, z)
    ops.output(`${name}_greatest_z${at}`, ops.reduce('Max', z, [0]))
  })
  const mean = ops.binary('RealDiv', sample.gradient, ops.cast(ops.size(at), 'float'))
  const gradients = backward(ops, config, made, mean)
  const [first] = gradients
  if (first) ops.output(`${name}_pull`, ops.reduce('Sum', ops.unary('Abs', first.kernel), [1]))
  gradients.forEach(({ kernel, bias }, at) => {
    const squares = ops.binary('AddV2', squared(ops, kernel, [0, 1]), squared(ops, bias, [0]))
    ops.output(`${name}_norm${at}`, ops.cast(ops.unary('Sqrt', squares), 'float'))
  })
}

/** In float64: in float32 the square of a vanishing gradient of 1e-23 would be 0. */
function squared(ops: Ops, x: Tensor, axes: readonly number[]): Tensor {
  return ops.reduce('Sum', ops.unary('Square', ops.cast(x, 'double')), axes)
}
