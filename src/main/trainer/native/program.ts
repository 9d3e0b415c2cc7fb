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
import { storedImages } from './stored-images'
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
  /** each parameter and its optimiser's state behind it; `restored` needs `set_NAME` of all, `read_NAME` is its value */
  readonly state: readonly StateValue[]
}

/** Values that can be set and read. */
export interface StateValue {
  readonly name: string
  readonly shape: readonly number[]
}

/** Writes the whole graph of a run. */
export function buildProgram({ config, plan, transform, own }: ProgramInput): Program {
  const ops = new Ops(new Graph(), own)
  const features = sizeOfShape(plan.input)
  const parameters = variables(ops, plan, OPTIMISER_NODES[config.optimiser.id].slots)
  const type = transform ? 'uint8' : 'float'
  const images = storedImages(ops, type, features)
  const toInput = inputNodes(ops, transform)
  const network = { ops, config, plan, parameters, toInput }
  steps(network, images)
  passes(network, images)
  const state = initialiser(ops, parameters)
  return { bytes: savedModel(ops.graph.nodes), parameters, state }
}

/** Assigns copies of what is fed: `initialised` the parameters, with zeros for the optimiser's state; `restored` both. */
function initialiser(ops: Ops, parameters: readonly Parameter[]): StateValue[] {
  const fed = ({ variable, name, shape }: StateValue & Pick<Parameter, 'variable'>) => {
    const value = ops.input(`set_${name}`, variable.dtype)
    ops.output(`read_${name}`, ops.read(variable))
    return { name, shape, value, set: ops.assign(variable, ops.unary('DeepCopy', value)) }
  }
  const initialised: Tensor[] = []
  const state = parameters.flatMap((parameter) => {
    const { name, shape, slots } = parameter
    const own = fed(parameter)
    // copies, for equal nodes become one, and the state would share its memory
    const cleared = slots.map((slot) =>
      ops.assign(slot, ops.unary('DeepCopy', ops.unary('ZerosLike', own.value)))
    )
    initialised.push(own.set, ...cleared)
    return [
      own,
      ...slots.map((variable, at) => fed({ name: `${name}_slot${at}`, shape, variable }))
    ]
  })
  const done = (name: string, effects: readonly Tensor[]): void =>
    ops.output(name, ops.constant('int32', 1), effects)
  done('initialised', initialised)
  done(
    'restored',
    state.map(({ set }) => set)
  )
  return state
}
