import { decayOf } from '../../../core/network/decay'
import type { Tensor } from './tensorflow/graph'
import { backward, draws, forward } from './network/network'
import type { NetworkNodes } from './network/network'
import { sampleLoss } from './network/losses'
import type { Moment } from '../operations'
import { OPTIMISER_NODES } from './network/optimisers'
import { poolingFirst } from './network/pooling-first'
import { reader } from './network/parameters'
import type { Split } from './split'
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

/** Feed of the steps that the run has taken before; there where something is random in training. */
export const STEPS_BEFORE = 'steps_before'

/** What the loop carries: the step, the sums and the first bad step. */
type StepState = [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]

/**
 * The training loop: feeds steps_rows [rows], steps_batch and steps_rates [steps]; fetches STEP_OUTPUTS.
 * It ends early after a step that leaves the loss or a weight not finite; steps_first_bad is that step
 * or -1.
 */
export function steps(network: NetworkNodes, train: Split): void {
  const { ops, config, toInput } = network
  const plan = poolingFirst(network.plan)
  const rows = ops.input('steps_rows', 'int32')
  const batch = ops.input('steps_batch', 'int32')
  const rates = ops.input('steps_rates', 'float')
  const before = draws(plan) ? ops.input(STEPS_BEFORE, 'int32') : undefined
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
      const step = before ? ops.binary('AddV2', before, i) : i
      const parameter = reader(ops, network.parameters)
      const pass = { ops, config, plan, x, parameter, step }
      const made = forward(pass)
      const logits = made[plan.logits]!.output
      const sample = sampleLoss(ops, config, logits, ops.gatherRows(train.labels, picked))
      const counts = countSamples(ops, sample)
      const mean = ops.binary('RealDiv', sample.gradient, ops.cast(size, 'float'))
      const gradients = backward(pass, made, mean)
      const moments = made.flatMap((passed) => passed.moments ?? [])
      const rate = ops.gather(rates, i)
      const updates = update(network, parameter, gradients, moments, rate)
      const finite = allFinite(network, sample.exact, updates)
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

/** Whether the losses of a step and the parameters after it are finite: then so is their sum. */
function allFinite(
  { ops, parameters }: NetworkNodes,
  losses: Tensor,
  updates: readonly Tensor[]
): Tensor {
  const sums = parameters.map(({ variable, shape }) =>
    ops.reduce(
      'Sum',
      ops.read(variable, updates),
      shape.map((_, axis) => axis)
    )
  )
  return ops.isFinite(ops.addAll([ops.reduce('Sum', losses, [0]), ...sums]))
}

/**
 * One step of the optimiser on every trained parameter, and of the moving moments. Each waits for all gradients,
 * so that no layer sees half-updated weights. A layer's factors are for its kernels, not for what else it has.
 */
function update(
  { ops, config, parameters }: NetworkNodes,
  value: (place: number) => Tensor,
  gradients: readonly (Tensor | undefined)[],
  moments: readonly Moment<Tensor>[],
  rate: Tensor
): Tensor[] {
  const { optimiser } = config
  const { apply } = OPTIMISER_NODES[optimiser.id]
  const all = gradients.filter((gradient) => gradient !== undefined)
  const times = (x: Tensor, factor: number): Tensor =>
    ops.binary('Mul', x, ops.constant('float', factor))
  const trained = parameters.flatMap((parameter, place) => {
    const gradient = gradients[place]
    if (!gradient) return []
    if (parameter.role !== 'kernel') return [apply(ops, optimiser, parameter, gradient, rate, all)]
    const { factor: at = 0, variable } = parameter
    const factor = config.stepFactors[at] ?? 1
    const decay = decayOf(config, at)
    const ofKernel = {
      ...optimiser,
      epsilon: optimiser.epsilon * (config.epsilonFactors[at] ?? 1)
    }
    const share = optimiser.learningRate * factor * decay.decoupled
    const decayed =
      share === 0 ? [] : [ops.assign(variable, times(value(place), share), 'Sub', all)]
    const penalised =
      decay.l2 === 0 ? gradient : ops.binary('AddV2', gradient, times(value(place), 2 * decay.l2))
    const kernelRate = factor === 1 ? rate : times(rate, factor)
    return [apply(ops, ofKernel, parameter, penalised, kernelRate, [...all, ...decayed])]
  })
  const moved = moments.map(({ place, value: batch, momentum }) => {
    const gone = ops.binary('Sub', value(place), batch)
    return ops.assign(parameters[place]!.variable, times(gone, 1 - momentum), 'Sub', all)
  })
  return [...trained, ...moved]
}
