import type { RunConfig } from '../../../core/network/config'
import type { NetworkPlan } from '../../../core/network/layers/plan'
import { sizeOfShape } from '../../../core/network/layers/shape'
import { Graph } from './tensorflow/graph'
import type { Tensor } from './tensorflow/graph'
import { variables } from './network/parameters'
import type { Parameter } from './network/parameters'
import { Ops } from './tensorflow/ops'
import { OPTIMISER_NODES } from './network/optimisers'
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
  /** whether the kernels of native/kernels are there */
  readonly own: boolean
}

/** A configuration as the bytes of a SavedModel, with the names of what can be fed and fetched. */
export interface Program {
  readonly bytes: Uint8Array
  /** in the plan's order; `initialised` needs `set_NAME` of every parameter, `read_NAME` is its value */
  readonly parameters: readonly Parameter[]
}

/** Writes the whole graph of a run. */
export function buildProgram({ config, plan, transform, own }: ProgramInput): Program {
  const ops = new Ops(new Graph(), own)
  const features = sizeOfShape(plan.input)
  const parameters = variables(ops, plan, OPTIMISER_NODES[config.optimiser.id].slots)
  const type = transform ? 'uint8' : 'float'
  const of = (name: SplitId) => split(ops, name, type, features)
  const splits = { train: of('train'), test: of('test') }
  const toInput = inputNodes(ops, transform)
  const network = { ops, config, plan, parameters, toInput }
  steps(network, splits.train)
  passes(network, 'train', splits.train)
  passes(network, 'test', splits.test)
  ops.output(
    'initialised',
    ops.constant('int32', 1),
    parameters.flatMap((parameter) => initialiser(ops, parameter))
  )
  return { bytes: savedModel(ops.graph.nodes), parameters }
}

/** Assigns a copy of what is fed, and zeros to the optimiser's state. */
function initialiser(ops: Ops, { name, variable, slots }: Parameter): Tensor[] {
  const value = ops.input(`set_${name}`, variable.dtype)
  ops.output(`read_${name}`, ops.read(variable))
  return [
    ops.assign(variable, ops.unary('DeepCopy', value)),
    // copies, for equal nodes become one, and the state would share its memory
    ...slots.map((slot) => ops.assign(slot, ops.unary('DeepCopy', ops.unary('ZerosLike', value))))
  ]
}
