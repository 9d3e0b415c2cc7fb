import type { OptimiserConfig } from '../../../core/network/config'
import { decayOf } from '../../../core/network/decay'
import type { Tensor } from './tensorflow/graph'
import { backward, draws, forward } from './network/network'
import type { NetworkNodes } from './network/network'
import type { Moment } from '../operations'
import { OPTIMISER_NODES } from './network/optimisers'
import type { Change } from './network/optimisers'
import { poolingFirst } from './network/pooling-first'
import { reader } from './network/parameters'
import { scores } from './network/scores'
import type { StoredImages } from './stored-images'
import { SUM_OUTPUTS } from './network/sums'
import type { Ops, Variable } from './tensorflow/ops'
import { whileLoop } from './tensorflow/while-loop'

/** Names of the values that a call of the training loop fetches, in their order. */
export const STEP_OUTPUTS = [...SUM_OUTPUTS.map((name) => `steps_${name}`), 'steps_finite']

/** Feed of the steps that the run has taken before; there where something is random in training. */
export const STEPS_BEFORE = 'steps_before'

/** Fetched to undo a call of the training loop. */
export const STEPS_UNDONE = 'steps_undone'

/**
 * The training loop: feeds steps_rows [steps, batch] and steps_rates [steps]; fetches STEP_OUTPUTS.
 * A step costs as much in nodes as in arithmetic. So the loop carries its number alone. steps_finite is 0 where a
 * loss or, at the end, a parameter is not finite; what the call began with is kept, and STEPS_UNDONE sets it.
 */
export function steps(network: NetworkNodes, images: StoredImages): void {
  const { ops, config, toInput, parameters } = network
  const plan = poolingFirst(network.plan)
  const rows = ops.input('steps_rows', 'int32')
  const rates = ops.input('steps_rates', 'float')
  const before = draws(plan) ? ops.input(STEPS_BEFORE, 'int32') : undefined
  const total = ops.size(rates)
  const labels = ops.gatherRows(images.labels, rows)
  const scored = scores({ ops, config, name: 'steps', labels, steps: total })
  const inPlace = ops.own && OPTIMISER_NODES[config.optimiser.id].together !== undefined
  const [done] = whileLoop(
    ops.graph,
    'steps',
    [ops.afterAll(ops.constant('int32', 0), kept(network))],
    ([i]) => ops.compare('Less', i!, total),
    ([i]) => {
      const x = toInput(images.rows, rows, i!)
      const step = before ? ops.binary('AddV2', before, i!) : i
      const parameter = reader(ops, parameters, inPlace)
      const pass = { ops, config, plan, x, parameter, step }
      const made = forward(pass)
      const { gradient, taken } = scored.take(made[plan.logits]!.output, i!)
      const gradients = backward(pass, made, gradient)
      const moments = made.flatMap((passed) => passed.moments ?? [])
      const updates = update(network, parameter, gradients, moments, rates, i!)
      return [ops.binary('AddV2', i!, ops.constant('int32', 1), [...updates, taken])]
    }
  )
  const finite = parameters.map(({ variable }) =>
    ops.all(ops.isFinite(ops.read(variable, [done!])))
  )
  const all = [scored.output(done!), ...finite].reduce((a, b) => ops.and(a, b))
  ops.output('steps_finite', ops.cast(all, 'int32'))
}

/** The effects that keep the parameters and the optimiser's state; defines STEPS_UNDONE. */
function kept({ ops, parameters }: NetworkNodes): Tensor[] {
  const copies = parameters.flatMap(({ name, variable, slots, shape }) =>
    [variable, ...slots].map((from, at) => ({
      from,
      copy: ops.variable(`kept_${name}_${at}`, 'float', shape)
    }))
  )
  const copied = (to: Variable, from: Variable): Tensor =>
    ops.assign(to, ops.unary('DeepCopy', ops.read(from)))
  const undone = copies.map(({ from, copy }) => copied(from, copy))
  ops.output(STEPS_UNDONE, ops.constant('int32', 1), undone)
  return copies.map(({ from, copy }) => copied(copy, from))
}

/**
 * One step of the optimiser on every trained parameter, and of the moving moments. Each waits for all gradients,
 * so that no layer sees half-updated weights. A layer's factors are for its kernels, not for what else it has.
 */
function update(
  network: NetworkNodes,
  value: (place: number) => Tensor,
  gradients: readonly (Tensor | undefined)[],
  moments: readonly Moment<Tensor>[],
  rates: Tensor,
  step: Tensor
): Tensor[] {
  const { ops, config, parameters } = network
  const { optimiser } = config
  const { together } = OPTIMISER_NODES[optimiser.id]
  const all = gradients.filter((gradient) => gradient !== undefined)
  const changes = parameters.flatMap((parameter, place): Change[] => {
    const gradient = gradients[place]
    if (!gradient) return []
    const { epsilon, learningRate } = optimiser
    if (parameter.role !== 'kernel') return [{ parameter, gradient, factor: 1, epsilon, decay: 0 }]
    const { factor: at = 0 } = parameter
    const factor = config.stepFactors[at] ?? 1
    const { l2, decoupled } = decayOf(config, at)
    return [
      {
        parameter,
        gradient:
          l2 === 0 ? gradient : ops.binary('AddV2', gradient, ops.times(value(place), 2 * l2)),
        factor,
        epsilon: epsilon * (config.epsilonFactors[at] ?? 1),
        decay: learningRate * factor * decoupled
      }
    ]
  })
  const trained =
    ops.own && together
      ? [together(ops, optimiser, changes, rates, step)]
      : oneByOne(ops, optimiser, changes, ops.gather(rates, step), all)
  const moved = moments.map(({ place, value: batch, momentum }) => {
    const gone = ops.binary('Sub', value(place), batch)
    return ops.assign(parameters[place]!.variable, ops.times(gone, 1 - momentum), 'Sub', all)
  })
  return [...trained, ...moved]
}

/** By an operation of TensorFlow for each parameter. */
function oneByOne(
  ops: Ops,
  optimiser: OptimiserConfig,
  changes: readonly Change[],
  rate: Tensor,
  after: readonly Tensor[]
): Tensor[] {
  const { apply } = OPTIMISER_NODES[optimiser.id]
  return changes.map(({ parameter, gradient, factor, epsilon, decay }) => {
    const { variable } = parameter
    const decayed =
      decay === 0
        ? []
        : [ops.assign(variable, ops.times(ops.read(variable, after), decay), 'Sub', after)]
    const own = { ...optimiser, epsilon }
    const ownRate = factor === 1 ? rate : ops.times(rate, factor)
    return apply(ops, own, parameter, gradient, ownRate, [...after, ...decayed])
  })
}
