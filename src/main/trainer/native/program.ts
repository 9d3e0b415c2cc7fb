import type { RunConfig } from '../../../core/network/config'
import { layerSizes, outputUnits } from '../../../core/network/initialisers'
import { Graph } from './graph'
import { denseLayers } from './layers'
import { Ops } from './ops'
import type { Variable } from './ops'
import { OPTIMISER_NODES } from './optimisers'
import { passes } from './passes'
import { savedModel } from './saved-model'
import { inputNodes, split } from './split'
import type { ByteTransform, SplitId } from './split'
import { steps } from './steps'

export interface ProgramInput {
  readonly config: RunConfig
  /** D */
  readonly features: number
  /** 2 or more */
  readonly classes: number
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
  /** the optimiser's state */
  readonly slots: readonly Parameter[]
}

/** What `set_NAME` assigns and `read_NAME` reads. */
export interface Parameter {
  readonly name: string
  readonly shape: readonly number[]
}

/** Writes the whole graph of a run. */
export function buildProgram({ config, features, classes, transform }: ProgramInput): Program {
  const ops = new Ops(new Graph())
  const sizes = layerSizes(config, features, outputUnits(config, classes))
  const layers = denseLayers(ops, sizes, OPTIMISER_NODES[config.optimiser.id].slots)
  const type = transform ? 'uint8' : 'float'
  const of = (name: SplitId) => split(ops, name, type, features)
  const splits = { train: of('train'), test: of('test') }
  const toInput = inputNodes(ops, transform)
  steps(ops, config, toInput, layers, splits.train)
  passes(ops, config, toInput, layers, 'train', splits.train)
  passes(ops, config, toInput, layers, 'test', splits.test)

  const stored = layers.flatMap(({ inputs, outputs, kernel, bias }) => [
    { ...kernel, shape: [inputs, outputs] },
    { ...bias, shape: [outputs] }
  ])
  const access = (variable: Variable, shape: readonly number[]): Parameter => {
    const name = variable.handle.ref
    const copy = ops.unary('DeepCopy', ops.input(`set_${name}`, variable.dtype))
    ops.output(`done_${name}`, ops.constant('int32', 1), [ops.assign(variable, copy)])
    ops.output(`read_${name}`, ops.read(variable))
    return { name, shape }
  }
  return {
    parameters: stored.map(({ variable, shape }) => access(variable, shape)),
    slots: stored.flatMap(({ slots, shape }) => slots.map((slot) => access(slot, shape))),
    hidden: config.hidden,
    bytes: savedModel(ops.graph.nodes)
  }
}
