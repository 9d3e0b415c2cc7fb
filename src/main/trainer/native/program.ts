import type { RunConfig } from '../../../core/network/config'
import type { NetworkPlan } from '../../../core/network/layers/plan'
import { channelsOf, sizeOfShape } from '../../../core/network/layers/shape'
import { Graph } from './tensorflow/graph'
import type { Tensor } from './tensorflow/graph'
import { denseLayers } from './network/layers'
import { Ops } from './tensorflow/ops'
import { OPTIMISER_NODES } from './network/optimisers'
import type { Slots } from './network/optimisers'
import { passes } from './passes'
import { savedModel } from './tensorflow/saved-model'
import { split } from './split'
import type { SplitId } from './split'
import { inputNodes } from './transforms'
import type { ByteTransform } from './transforms'
import { steps } from './steps'

interface ProgramInput {
  readonly config: RunConfig
  readonly plan: NetworkPlan
  /** set: rows are uint8 in the session; absent: float32, already preprocessed */
  readonly transform?: ByteTransform
}

/** A configuration as the bytes of a SavedModel, with the names of what can be fed and fetched. */
export interface Program {
  readonly bytes: Uint8Array
  /** units of each hidden layer */
  readonly hidden: readonly number[]
  /** kernel, bias per layer, the output layer last */
  readonly parameters: readonly Parameter[]
}

/** `initialised` needs `set_NAME` of every parameter; `read_NAME` is its value. */
export interface Parameter {
  readonly name: string
  readonly shape: readonly number[]
}

/** Writes the whole graph of a run. */
export function buildProgram({ config, plan, transform }: ProgramInput): Program {
  const ops = new Ops(new Graph())
  const features = sizeOfShape(plan.input)
  const sizes = plan.parameters.flatMap(({ fans }) => (fans ? [fans] : []))
  const layers = denseLayers(ops, sizes, OPTIMISER_NODES[config.optimiser.id].slots)
  const type = transform ? 'uint8' : 'float'
  const of = (name: SplitId) => split(ops, name, type, features)
  const splits = { train: of('train'), test: of('test') }
  const toInput = inputNodes(ops, transform)
  steps(ops, config, toInput, layers, splits.train)
  passes(ops, config, toInput, layers, 'train', splits.train)
  passes(ops, config, toInput, layers, 'test', splits.test)

  const made = layers.flatMap(({ inputs, outputs, kernel, bias }) => [
    initialiser(ops, kernel, [inputs, outputs]),
    initialiser(ops, bias, [outputs])
  ])
  ops.output(
    'initialised',
    ops.constant('int32', 1),
    made.flatMap(({ effects }) => effects)
  )
  return {
    bytes: savedModel(ops.graph.nodes),
    hidden: plan.activated.map(({ shape }) => channelsOf(shape)),
    parameters: made.map(({ parameter }) => parameter)
  }
}

/** Assigns a copy of what is fed, and zeros to the optimiser's state. */
function initialiser(
  ops: Ops,
  { variable, slots }: Slots,
  shape: readonly number[]
): { readonly parameter: Parameter; readonly effects: readonly Tensor[] } {
  const name = variable.handle.ref
  const value = ops.input(`set_${name}`, variable.dtype)
  ops.output(`read_${name}`, ops.read(variable))
  return {
    parameter: { name, shape },
    effects: [
      ops.assign(variable, ops.unary('DeepCopy', value)),
      ...slots.map((slot) => ops.assign(slot, ops.unary('ZerosLike', value)))
    ]
  }
}
