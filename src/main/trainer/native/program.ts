import { decayOf } from '../../../core/network/decay'
import type { RunConfig } from '../../../core/network/config'
import { Graph } from './graph'
import type { Tensor } from './graph'
import { backward, denseLayers, forward } from './layers'
import type { DenseLayer, LayerGradient } from './layers'
import { sampleLoss } from './losses'
import { Ops } from './ops'
import type { Variable } from './ops'
import { OPTIMISER_NODES } from './optimisers'
import { savedModel } from './saved-model'
import { whileLoop } from './while-loop'

/** How rows of stored bytes become the network's input; absent when the rows are float already. */
export interface ByteTransform {
  /** subtracted: one value or D */
  readonly centre: readonly number[]
  /** divided by: one value or D */
  readonly divisor: readonly number[]
}

export interface ProgramInput {
  readonly config: RunConfig
  readonly features: number
  /** 2 or more */
  readonly classes: number
  /** set: rows are uint8 in the session; absent: float32, already preprocessed */
  readonly transform?: ByteTransform
}

/** A configuration as the bytes of a SavedModel, with the names of what can be fed and fetched. */
export interface Program {
  readonly bytes: Uint8Array
  /** units of each layer, input first, output last */
  readonly sizes: readonly number[]
  /** parameters and the optimiser's state, in the order in which `set_N` feeds them */
  readonly variables: readonly { readonly name: string; readonly shape: readonly number[] }[]
}

interface Split {
  readonly rows: Variable
  readonly labels: Variable
}

/** Names of the values that `steps` fetches, in their order. */
export const STEP_OUTPUTS = [
  'steps_loss_high',
  'steps_loss_low',
  'steps_hits',
  'steps_zero_gradient',
  'steps_first_bad'
] as const
export const EVALUATE_OUTPUTS = ['loss_high', 'loss_low', 'hits', 'zero_gradient'] as const
export const SPLITS = ['train', 'test'] as const

/** Writes the whole graph of a run. */
export function buildProgram(input: ProgramInput): Program {
  const { config, features, classes } = input
  const ops = new Ops(new Graph())
  const outputs = config.output === 'sigmoid' ? 1 : classes
  const sizes = [features, ...config.hidden, outputs]
  const { layers } = denseLayers(ops, sizes, OPTIMISER_NODES[config.optimiser.id].slots)
  const rowType = input.transform ? 'uint8' : 'float'
  const splits = Object.fromEntries(
    SPLITS.map((name) => {
      const rows = ops.variable(`${name}_rows`, rowType, [-1, features])
      const labels = ops.variable(`${name}_labels`, 'int32', [-1])
      loader(ops, `${name}_rows`, rows)
      loader(ops, `${name}_labels`, labels)
      return [name, { rows, labels }]
    })
  ) as Record<(typeof SPLITS)[number], Split>

  const variables = layers.flatMap((layer) =>
    [layer.kernel, layer.bias].flatMap((parameter, at) =>
      [parameter.variable, ...parameter.slots].map((variable) => ({
        variable,
        shape: at === 0 ? [layer.inputs, layer.outputs] : [layer.outputs]
      }))
    )
  )
  for (const { variable } of variables) loader(ops, variable.handle.ref, variable)

  steps(ops, input, layers, splits.train)
  for (const name of SPLITS) passes(ops, input, layers, name, splits[name])
  layers.forEach((layer, at) => {
    ops.output(`read_kernel${at}`, ops.read(layer.kernel.variable))
    ops.output(`read_bias${at}`, ops.read(layer.bias.variable))
  })
  return {
    bytes: savedModel(ops.graph.nodes),
    sizes,
    variables: variables.map(({ variable, shape }) => ({ name: variable.handle.ref, shape }))
  }
}

/** Feeding `set_NAME` and fetching `done_NAME` assigns a copy to the variable. */
function loader(ops: Ops, name: string, variable: Variable): void {
  const value = ops.input(`set_${name}`, variable.dtype)
  const copy = ops.unary('DeepCopy', value)
  const assigned = ops.assign(variable, copy)
  ops.output(`done_${name}`, ops.constant('int32', 1), [assigned])
}

/** The training loop: feeds rows, batch and rates; fetches STEP_OUTPUTS. */
function steps(ops: Ops, input: ProgramInput, layers: readonly DenseLayer[], train: Split): void {
  const { config } = input
  const rows = ops.input('steps_rows', 'int32')
  const count = ops.input('steps_row_count', 'int32')
  const batch = ops.input('steps_batch', 'int32')
  const rates = ops.input('steps_rates', 'float')
  const total = ops.input('steps_total', 'int32')
  const zero = ops.constant('int32', 0)
  const initial = [zero, ops.constant('double', 0), zero, zero, ops.constant('int32', -1)]
  const result = whileLoop(
    ops.graph,
    'steps',
    initial,
    ([i, , , , bad]) => ops.and(ops.compare('Less', i!, total), ops.compare('Less', bad!, zero)),
    (state) => {
      const [i, loss, hits, zeroGradient] = state as [Tensor, Tensor, Tensor, Tensor]
      const begin = ops.binary('Mul', i, batch)
      const size = ops.binary('Minimum', batch, ops.binary('Sub', count, begin))
      const picked = ops.slice(rows, ops.pack([begin]), ops.pack([size]))
      const x = prepare(ops, input, ops.gatherRows(train.rows, picked))
      const labels = ops.gatherRows(train.labels, picked)
      const made = forward(ops, config, layers, x)
      const sample = sampleLoss(ops, config, made[made.length - 1]!.a, labels, input.classes)
      const mean = ops.binary('RealDiv', sample.gradient, ops.cast(size, 'float'))
      const gradients = backward(ops, config, made, mean)
      const updates = update(ops, config, layers, made, gradients, ops.gather(rates, i))
      const sum = ops.reduce('Sum', sample.loss, [0])
      const weights = layers.map((layer) =>
        ops.reduce('Sum', ops.read(layer.kernel.variable, updates), [0, 1])
      )
      const biases = layers.map((layer) =>
        ops.reduce('Sum', ops.read(layer.bias.variable, updates), [0])
      )
      const finite = [sum, ...weights, ...biases]
        .map((tensor) => ops.isFinite(tensor))
        .reduce((a, b) => ops.and(a, b))
      const counts = sums(ops, sample)
      const one = ops.graph.op('AddV2', [i, ops.constant('int32', 1)], 'int32', {
        attributes: { T: { type: 'int32' } },
        after: updates
      })
      return [
        one,
        ops.binary('AddV2', loss, ops.cast(sum, 'double')),
        ops.binary('AddV2', hits, counts.hits),
        ops.binary('AddV2', zeroGradient, counts.zeroGradient),
        ops.select(finite, ops.constant('int32', -1), i)
      ]
    }
  )
  const [, loss, hits, zeroGradient, bad] = result as [Tensor, Tensor, Tensor, Tensor, Tensor]
  split64(ops, 'steps_loss', loss)
  ops.output('steps_hits', hits)
  ops.output('steps_zero_gradient', zeroGradient)
  ops.output('steps_first_bad', bad)
}

/**
 * One step of the optimiser on every parameter; each waits for all gradients. A step factor is for the
 * kernel of its layer: only there does the scale of the input enter the gradient.
 */
function update(
  ops: Ops,
  config: RunConfig,
  layers: readonly DenseLayer[],
  made: readonly { readonly kernel: Tensor }[],
  gradients: readonly LayerGradient[],
  rate: Tensor
): Tensor[] {
  const decay = decayOf(config)
  const optimiser = OPTIMISER_NODES[config.optimiser.id]
  const all = gradients.flatMap(({ kernel, bias }) => [kernel, bias])
  return layers.flatMap((layer, at) => {
    const gradient = gradients[at]!
    const factor = config.stepFactors[at] ?? 1
    const scaled = factor === 1 ? rate : ops.binary('Mul', rate, ops.constant('float', factor))
    const { kernel: weights } = made[at]!
    const ofKernel =
      decay.l2 === 0
        ? gradient.kernel
        : ops.binary(
            'AddV2',
            gradient.kernel,
            ops.binary('Mul', weights, ops.constant('float', 2 * decay.l2))
          )
    const share = config.optimiser.learningRate * factor * decay.decoupled
    const shrunk =
      share === 0
        ? []
        : [
            ops.assign(
              layer.kernel.variable,
              ops.binary('Mul', weights, ops.constant('float', share)),
              'Sub',
              all
            )
          ]
    const { apply } = optimiser
    return [
      apply(ops, config.optimiser, layer.kernel, ofKernel, scaled, [...all, ...shrunk]),
      apply(ops, config.optimiser, layer.bias, gradient.bias, rate, all)
    ]
  })
}

/**
 * Forward passes over consecutive rows of a split: feeds `NAME_begin` and `NAME_count`; fetches sums,
 * pre-activations, their maxima, and gradient norms.
 */
function passes(
  ops: Ops,
  input: ProgramInput,
  layers: readonly DenseLayer[],
  name: (typeof SPLITS)[number],
  split: Split
): void {
  const { config } = input
  const begin = ops.input(`${name}_begin`, 'int32')
  const count = ops.input(`${name}_count`, 'int32')
  const range = ops.graph.op(
    'Range',
    [begin, ops.binary('AddV2', begin, count), ops.constant('int32', 1)],
    'int32',
    { attributes: { Tidx: { type: 'int32' } } }
  )
  const x = prepare(ops, input, ops.gatherRows(split.rows, range))
  const labels = ops.gatherRows(split.labels, range)
  const made = forward(ops, config, layers, x)
  const sample = sampleLoss(ops, config, made[made.length - 1]!.a, labels, input.classes)
  const counts = sums(ops, sample)
  split64(ops, `${name}_loss`, ops.reduce('Sum', ops.cast(sample.loss, 'double'), [0]))
  ops.output(`${name}_hits`, counts.hits)
  ops.output(`${name}_zero_gradient`, counts.zeroGradient)
  made.slice(0, -1).forEach(({ z }, at) => {
    ops.output(`${name}_z${at}`, z)
    ops.output(`${name}_greatest_z${at}`, ops.reduce('Max', z, [0]))
  })
  const mean = ops.binary('RealDiv', sample.gradient, ops.cast(count, 'float'))
  backward(ops, config, made, mean).forEach(({ kernel, bias }, at) => {
    const squares = ops.binary(
      'AddV2',
      ops.reduce('Sum', ops.unary('Square', kernel), [0, 1]),
      ops.reduce('Sum', ops.unary('Square', bias), [0])
    )
    ops.output(`${name}_norm${at}`, ops.unary('Sqrt', squares))
  })
}

/** Stored rows as the network's input. */
function prepare(ops: Ops, { transform }: ProgramInput, rows: Tensor): Tensor {
  if (!transform) return rows
  let x = ops.cast(rows, 'float')
  const only = (list: readonly number[]): number | readonly number[] =>
    list.length === 1 ? list[0]! : list
  if (transform.centre.some((value) => value !== 0)) {
    x = ops.binary('Sub', x, ops.constant('float', only(transform.centre)))
  }
  if (transform.divisor.some((value) => value !== 1)) {
    x = ops.binary('RealDiv', x, ops.constant('float', only(transform.divisor)))
  }
  return x
}

/** Right guesses, and samples none of whose logits has a gradient, as int32 scalars. */
function sums(
  ops: Ops,
  sample: { readonly hit: Tensor; readonly gradient: Tensor }
): { readonly hits: Tensor; readonly zeroGradient: Tensor } {
  const largest = ops.reduce('Max', ops.unary('Abs', sample.gradient), [1])
  const none = ops.compare('Equal', largest, ops.constant('float', 0))
  return {
    hits: ops.reduce('Sum', ops.cast(sample.hit, 'int32'), [0]),
    zeroGradient: ops.reduce('Sum', ops.cast(none, 'int32'), [0])
  }
}

/** A float64 sum as two float32 outputs, since the binding gives no float64 back. */
function split64(ops: Ops, name: string, sum: Tensor): void {
  const high = ops.cast(sum, 'float')
  const low = ops.cast(ops.binary('Sub', sum, ops.cast(high, 'double')), 'float')
  ops.output(`${name}_high`, high)
  ops.output(`${name}_low`, low)
}
