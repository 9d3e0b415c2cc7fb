import type { OutputId } from '../outputs'
import { ACTIVATION_CODE } from './activations'
import { INITIALISER_CODE } from './initialisers'
import { LOSS_CODE } from './losses'
import { kernelDecay, OPTIMISER_CODE } from './optimisers'
import { call, callsOf, callText, helperLines, indented, real, shapeOf } from './python'
import type { Call, Lines, Network, Writers } from './python'
import { stepsOf } from './steps'

const padded = (padding: string): string => `padding="${padding}"`
const strided = (stride: number, otherwise: number): string | false =>
  stride !== otherwise && `strides=${stride}`
const unbiased = (bias: number | undefined): string | false =>
  bias === undefined && 'use_bias=False'
const kernel = ({ config }: Network): string | false =>
  kernelParts(config).length > 0 && '**kernel()'

const KERAS: Writers = {
  input({ network: { config }, node }) {
    const { scale, offset } = config.input
    const input = call('keras.Input', [`(${node.shape.join(', ')})`])
    if (scale === 1 && offset === 0) return [input]
    return [input, call('layers.Rescaling', [real(scale), `offset=${real(offset)}`])]
  },
  dense({ network, node, input }) {
    const units = shapeOf(network, node.kernel)[1]
    const dense = call('layers.Dense', [units, unbiased(node.bias), kernel(network)])
    return input.length === 3 ? [call('layers.Flatten'), dense] : [dense]
  },
  conv({ network, node }) {
    const { size, stride, padding, bias } = node
    const filters = shapeOf(network, node.kernel)[3]
    const parts = [filters, size, strided(stride, 1), padded(padding), unbiased(bias)]
    return [call('layers.Conv2D', [...parts, kernel(network)])]
  },
  'max-pool': ({ node: { size, stride, padding } }) => [
    call('layers.MaxPooling2D', [
      size,
      strided(stride, size),
      padding === 'same' && padded(padding)
    ])
  ],
  'average-pool': ({ node: { size, stride, padding } }) => [
    call('layers.AveragePooling2D', [
      size,
      strided(stride, size),
      padding === 'same' && padded(padding)
    ])
  ],
  'global-average': () => [call('layers.GlobalAveragePooling2D')],
  flatten: () => [call('layers.Flatten')],
  'batch-norm': ({ node: { momentum, epsilon } }) => [
    call('layers.BatchNormalization', [`momentum=${real(momentum)}`, `epsilon=${real(epsilon)}`])
  ],
  'layer-norm': ({ node: { epsilon } }) => [
    call('layers.LayerNormalization', [`epsilon=${real(epsilon)}`])
  ],
  dropout: ({ node: { rate } }) => [call('layers.Dropout', [real(rate)])],
  activation({ network: { config }, node }) {
    const written = ACTIVATION_CODE[node.activation].keras?.(config)
    return written ? [written] : []
  }
}

/** Calls of a chain; an activation goes into the layer before it where that can take it. */
function chainCalls(network: Network, nodes: readonly number[]): Call[] {
  const made: Call[] = []
  let takes = false
  for (const at of nodes) {
    const node = network.plan.nodes[at]!
    const before = made[made.length - 1]
    if (node.op === 'activation' && before && takes) {
      const { keyword } = ACTIVATION_CODE[node.activation]
      if (keyword !== undefined) {
        made[made.length - 1] = { ...before, parts: withActivation(before.parts, keyword) }
        takes = false
        continue
      }
    }
    made.push(...callsOf(KERAS, network, at))
    takes = node.op === 'dense' || node.op === 'conv'
  }
  return made
}

/** Before '**kernel()', which stands last. */
function withActivation(parts: readonly string[], keyword: string): readonly string[] {
  const last = parts.filter((part) => part.startsWith('**'))
  return [...parts.filter((part) => !part.startsWith('**')), `activation=${keyword}`, ...last]
}

/** What all kernels have that is not Keras' default. */
function kernelParts(config: Network['config']): string[] {
  const l2 = kernelDecay(config).l2
  return [
    ...(config.initialiser === 'glorot-uniform'
      ? []
      : [`kernel_initializer=${INITIALISER_CODE[config.initialiser].keras(config)}`]),
    ...(l2 === 0 ? [] : [`kernel_regularizer=keras.regularizers.L2(${real(l2)})`])
  ]
}

const ACCURACY: Readonly<Record<OutputId, string>> = {
  softmax: '"accuracy"',
  sigmoid: 'keras.metrics.BinaryAccuracy("accuracy", threshold=0)'
}

/** A program of Keras 3: `model`, compiled, and `train(x, y)`. */
export function kerasLines(network: Network): Lines {
  const { config, plan } = network
  const steps = stepsOf(plan)
  const chains = steps.map((step) => (step.kind === 'chain' ? chainCalls(network, step.nodes) : []))
  const parts = kernelParts(config)
  const loss = LOSS_CODE[config.loss][config.output].keras
  const kernelHelper = parts.length > 0 && [
    'def kernel():',
    '    # new for each layer, so that no two start alike',
    `    return dict(${parts.join(', ')})`
  ]
  const sequential = steps.length === 1
  return [
    'import keras',
    'from keras import layers',
    ...(kernelHelper ? ['', '', ...kernelHelper] : []),
    ...helperLines(chains.flat()),
    ...(loss.helper ? ['', '', ...loss.helper] : []),
    ...(kernelHelper || loss.helper || chains.flat().some(({ helper }) => helper) ? [''] : []),
    '',
    ...(sequential ? sequentialLines(chains[0]!) : functionalLines(steps, chains)),
    ...optimiserLines(network),
    'model.compile(',
    ...indented([
      'optimizer=optimizer,',
      `loss=${loss.expression},`,
      `metrics=[${ACCURACY[config.output]}],`
    ]),
    ')',
    '',
    '',
    'def train(x, y):',
    `    return model.fit(x, y, batch_size=${config.batch}, epochs=${config.epochs})`
  ]
}

function sequentialLines(calls: readonly Call[]): Lines {
  return ['model = keras.Sequential([', ...indented(calls.map((one) => `${callText(one)},`)), '])']
}

function functionalLines(
  steps: ReturnType<typeof stepsOf>,
  chains: readonly (readonly Call[])[]
): Lines {
  const lines = steps.flatMap((step, at) => {
    if (step.kind === 'sum') return [`${step.to} = layers.Add()([${step.terms.join(', ')}])`]
    return chains[at]!.map((one, place) => {
      if (at === 0 && place === 0) return `inputs = ${callText(one)}`
      const from = at === 0 && place === 1 ? 'inputs' : place === 0 ? step.from : step.to
      return `${step.to} = ${callText(one)}(${from})`
    })
  })
  return [...lines, `model = keras.Model(inputs, ${steps[steps.length - 1]!.to})`]
}

function optimiserLines({ config }: Network): Lines {
  const { decoupled } = kernelDecay(config)
  const made = OPTIMISER_CODE[config.optimiser.id].keras(config.optimiser)
  const always = config.optimiser.id === 'adamw'
  if (decoupled === 0 && !always) return [`optimizer = ${callText(made)}`]
  const decaying = call(made.name, [...made.parts, `weight_decay=${real(decoupled)}`])
  return [
    `optimizer = ${callText(decaying)}`,
    ...(decoupled === 0
      ? []
      : ['optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])'])
  ]
}
