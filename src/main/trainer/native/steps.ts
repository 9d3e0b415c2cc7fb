import { decayOf } from '../../../core/network/decay'
import type { RunConfig } from '../../../core/network/config'
import type { Tensor } from './tensorflow/graph'
import { backward, forward } from './network/layers'
import type { DenseLayer, LayerGradient, LayerPass } from './network/layers'
import { sampleLoss } from './network/losses'
import type { Ops } from './tensorflow/ops'
import { OPTIMISER_NODES } from './network/optimisers'
import type { InputNodes, Split } from './split'
import { countSamples, outputDouble } from './network/sums'
import { whileLoop } from './tensorflow/while-loop'

/** Names of the values that a call of the training loop fetches, in their order. */
export const STEP_OUTPUTS = [
  'steps_loss_high',
  'steps_loss_low',
  'steps_hits',
  'steps_zero_gradient',
  'steps_trapped',
  'steps_first_bad'
] as const

/** What the loop carries: the step, the sums and the first bad step. */
type StepState = [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]

/**
 * The training loop: feeds steps_rows [rows], steps_batch and steps_rates [steps]; fetches STEP_OUTPUTS.
 * It ends early after a step that leaves the loss or a weight not finite; steps_first_bad is that step
 * or -1.
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
    [zero, ops.constant('double', 0), zero, zero, zero, none],
    ([i, , , , , bad]) => ops.and(ops.compare('Less', i!, total), ops.compare('Less', bad!, zero)),
    (state) => {
      const [i, loss, hits, zeroGradient, trapped] = state as StepState
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
      const finite = allFinite(ops, layers, sample.exact, updates)
      return [
        ops.afterAll(ops.binary('AddV2', i, ops.constant('int32', 1)), updates),
        ops.binary('AddV2', loss, ops.cast(ops.reduce('Sum', sample.loss, [0]), 'double')),
        ops.binary('AddV2', hits, counts.hits),
        ops.binary('AddV2', zeroGradient, counts.zeroGradient),
        ops.binary('AddV2', trapped, counts.trapped),
        ops.select(finite, none, i)
      ]
    }
  )
  const [, loss, hits, zeroGradient, trapped, bad] = result as StepState
  outputDouble(ops, 'steps_loss', loss)
  ops.output('steps_hits', hits)
  ops.output('steps_zero_gradient', zeroGradient)
  ops.output('steps_trapped', trapped)
  ops.output('steps_first_bad', bad)
}

/** Whether the losses of a step and the weights after it are finite: then so is their sum. */
function allFinite(
  ops: Ops,
  layers: readonly DenseLayer[],
  losses: Tensor,
  updates: readonly Tensor[]
): Tensor {
  const weights = layers.flatMap(({ kernel, bias }) => [
    ops.reduce('Sum', ops.read(kernel.variable, updates), [0, 1]),
    ops.reduce('Sum', ops.read(bias.variable, updates), [0])
  ])
  return ops.isFinite(ops.addAll([ops.reduce('Sum', losses, [0]), ...weights]))
}

/**
 * One step of the optimiser on every parameter. Each waits for all gradients, so that no layer sees
 * half-updated weights. A layer's factors are for its kernel, not for its bias.
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
  const all = gradients.flatMap(({ kernel, bias }) => [kernel, bias])
  const times = (x: Tensor, factor: number): Tensor =>
    ops.binary('Mul', x, ops.constant('float', factor))
  return layers.flatMap(({ kernel, bias }, at) => {
    const gradient = gradients[at]!
    const weights = made[at]!.kernel
    const factor = config.stepFactors[at] ?? 1
    const decay = decayOf(config, at)
    const ofKernel = {
      ...optimiser,
      epsilon: optimiser.epsilon * (config.epsilonFactors[at] ?? 1)
    }
    const share = optimiser.learningRate * factor * decay.decoupled
    const decayed =
      share === 0 ? [] : [ops.assign(kernel.variable, times(weights, share), 'Sub', all)]
    const penalised =
      decay.l2 === 0
        ? gradient.kernel
        : ops.binary('AddV2', gradient.kernel, times(weights, 2 * decay.l2))
    const kernelRate = factor === 1 ? rate : times(rate, factor)
    return [
      apply(ops, ofKernel, kernel, penalised, kernelRate, [...all, ...decayed]),
      apply(ops, optimiser, bias, gradient.bias, rate, all)
    ]
  })
}
