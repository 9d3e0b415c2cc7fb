import { decayOf } from '../../../core/network/decay'
import type { RunConfig } from '../../../core/network/config'
import type { Tensor } from './graph'
import { backward, forward } from './layers'
import type { DenseLayer, LayerGradient, LayerPass } from './layers'
import { sampleLoss } from './losses'
import type { Ops } from './ops'
import { OPTIMISER_NODES } from './optimisers'
import type { InputNodes, Split } from './split'
import { countSamples, outputDouble } from './sums'
import { whileLoop } from './while-loop'

/** Names of the values that a call of the training loop fetches, in their order. */
export const STEP_OUTPUTS = [
  'steps_loss_high',
  'steps_loss_low',
  'steps_hits',
  'steps_zero_gradient',
  'steps_first_bad'
] as const

/**
 * The training loop: feeds steps_rows [rows], steps_batch and steps_rates [steps]; fetches STEP_OUTPUTS.
 * It ends early when the loss or a weight is not finite any more; steps_first_bad is the step after which
 * that is so, or -1. The sums are those of the steps up to it.
 */
export function steps(
  ops: Ops,
  config: RunConfig,
  toInput: InputNodes,
  layers: readonly DenseLayer[],
  train: Split
): void {
  const rows = ops.input('steps_rows', 'int32')
  const batch = ops.input('steps_batch', 'int32')
  const rates = ops.input('steps_rates', 'float')
  const count = ops.size(rows)
  const total = ops.size(rates)
  const zero = ops.constant('int32', 0)
  const none = ops.constant('int32', -1)
  const result = whileLoop(
    ops.graph,
    'steps',
    [zero, ops.constant('double', 0), zero, zero, none],
    ([i, , , , bad]) => ops.and(ops.compare('Less', i!, total), ops.compare('Less', bad!, zero)),
    (state) => {
      const [i, loss, hits, zeroGradient] = state as [Tensor, Tensor, Tensor, Tensor]
      const begin = ops.binary('Mul', i, batch)
      const size = ops.binary('Minimum', batch, ops.binary('Sub', count, begin))
      const picked = ops.slice(rows, ops.pack([begin]), ops.pack([size]))
      const x = toInput(ops.gatherRows(train.rows, picked))
      const made = forward(ops, config, layers, x)
      const logits = made[made.length - 1]!.a
      const sample = sampleLoss(ops, config, logits, ops.gatherRows(train.labels, picked))
      const counts = countSamples(ops, sample)
      const mean = ops.binary('RealDiv', sample.gradient, ops.cast(size, 'float'))
      const gradients = backward(ops, config, made, mean)
      const updates = update(ops, config, layers, made, gradients, ops.gather(rates, i))
      // Weights that are not finite show in the pre-activations of the next step, since 0 x inf is NaN
      // too: a hundredth of the values to look at. The last step's are looked at after the loop.
      const sound = ops.isFinite(ops.addAll(made.map(({ z }) => ops.reduce('Sum', z, [0, 1]))))
      const finite = ops.isFinite(ops.reduce('Sum', sample.exact, [0]))
      const one = ops.constant('int32', 1)
      const before = ops.binary('Maximum', ops.binary('Sub', i, one), zero)
      const unless = (more: Tensor, sum: Tensor): Tensor =>
        ops.select(sound, ops.binary('AddV2', sum, more), sum)
      return [
        ops.afterAll(ops.binary('AddV2', i, one), updates),
        unless(ops.cast(ops.reduce('Sum', sample.loss, [0]), 'double'), loss),
        unless(counts.hits, hits),
        unless(counts.zeroGradient, zeroGradient),
        ops.select(sound, ops.select(finite, none, i), before)
      ]
    }
  )
  const [taken, loss, hits, zeroGradient, bad] = result as [Tensor, Tensor, Tensor, Tensor, Tensor]
  const last = ops.binary('Sub', taken, ops.constant('int32', 1))
  outputDouble(ops, 'steps_loss', loss)
  ops.output('steps_hits', hits)
  ops.output('steps_zero_gradient', zeroGradient)
  ops.output(
    'steps_first_bad',
    ops.select(
      weightsFinite(ops, layers, taken),
      bad,
      ops.select(ops.compare('Less', bad, zero), last, bad)
    )
  )
}

/** Whether all weights are finite, after something: then so is their sum. */
function weightsFinite(ops: Ops, layers: readonly DenseLayer[], after: Tensor): Tensor {
  const sums = layers.flatMap(({ kernel, bias }) => [
    ops.reduce('Sum', ops.read(kernel.variable, [after]), [0, 1]),
    ops.reduce('Sum', ops.read(bias.variable, [after]), [0])
  ])
  return ops.isFinite(ops.addAll(sums))
}

/**
 * One step of the optimiser on every parameter. Each waits for all gradients, so that no layer sees
 * half-updated weights. A step factor is for the kernel of its layer, not for its bias.
 */
function update(
  ops: Ops,
  config: RunConfig,
  layers: readonly DenseLayer[],
  made: readonly LayerPass[],
  gradients: readonly LayerGradient[],
  rate: Tensor
): Tensor[] {
  const { optimiser } = config
  const { apply } = OPTIMISER_NODES[optimiser.id]
  const decay = decayOf(config)
  const all = gradients.flatMap(({ kernel, bias }) => [kernel, bias])
  const times = (x: Tensor, factor: number): Tensor =>
    ops.binary('Mul', x, ops.constant('float', factor))
  return layers.flatMap(({ kernel, bias }, at) => {
    const gradient = gradients[at]!
    const weights = made[at]!.kernel
    const factor = config.stepFactors[at] ?? 1
    const share = optimiser.learningRate * factor * decay.decoupled
    const decayed =
      share === 0 ? [] : [ops.assign(kernel.variable, times(weights, share), 'Sub', all)]
    const penalised =
      decay.l2 === 0
        ? gradient.kernel
        : ops.binary('AddV2', gradient.kernel, times(weights, 2 * decay.l2))
    const kernelRate = factor === 1 ? rate : times(rate, factor)
    return [
      apply(ops, optimiser, kernel, penalised, kernelRate, [...all, ...decayed]),
      apply(ops, optimiser, bias, gradient.bias, rate, all)
    ]
  })
}
