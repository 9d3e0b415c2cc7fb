import type { Padding } from '../layers/builder'
import { positionsOf } from '../layers/shape'
import type { Shape } from '../layers/shape'
import { ACTIVATION_CODE } from './activations'
import { INITIALISER_CODE } from './initialisers'
import { LOSS_CODE } from './losses'
import { kernelDecay, OPTIMISER_CODE } from './optimisers'
import { call, callsOf, callText, helperLines, indented, pair, real, shapeOf } from './python'
import type { Call, Lines, Network, Writers } from './python'
import { stepsOf } from './steps'

const CHANNELS_LAST = [
  'class ChannelsLast(nn.Module):',
  '    def forward(self, x):',
  '        return x.permute(0, 2, 3, 1)'
]
const CHANNELS_FIRST = [
  'class ChannelsFirst(nn.Module):',
  '    def forward(self, x):',
  '        return x.permute(0, 3, 1, 2)'
]
const RESCALING = [
  'class Rescaling(nn.Module):',
  '    def __init__(self, scale, offset):',
  '        super().__init__()',
  '        self.scale, self.offset = scale, offset',
  '',
  '    def forward(self, x):',
  '        return self.scale * x + self.offset'
]
const AVERAGE = [
  'class Average(nn.Module):',
  '    # places of the padding do not count, and there is more of it on one side than on the other',
  '    def __init__(self, size, stride, padding):',
  '        super().__init__()',
  '        self.size, self.stride, self.padding = size, stride, padding',
  '',
  '    def mean(self, x):',
  '        return F.avg_pool2d(F.pad(x, self.padding), self.size, self.stride)',
  '',
  '    def forward(self, x):',
  '        return self.mean(x) / self.mean(torch.ones_like(x))'
]

interface Window {
  readonly size: number
  readonly stride: number
  readonly padding: Padding
}

/** What TensorFlow pads on both sides of each axis: the odd one behind. */
interface Padded {
  /** (height, width), where both sides have as much; undefined without any */
  readonly even?: string
  /** (left, right, top, bottom), where they differ */
  readonly uneven?: string
}

function padded(input: Shape, { size, stride, padding }: Window): Padded {
  if (padding === 'valid') return {}
  const [top, bottom, left, right] = [input[0], input[1]!].flatMap((side) => {
    const total = Math.max(0, (Math.ceil(side / stride) - 1) * stride + size - side)
    return [Math.floor(total / 2), Math.ceil(total / 2)]
  }) as [number, number, number, number]
  if (top !== bottom || left !== right) return { uneven: `(${left}, ${right}, ${top}, ${bottom})` }
  return top === 0 && left === 0 ? {} : { even: `padding=${pair(top, left)}` }
}

const strided = (stride: number, otherwise: number): string | false =>
  stride !== otherwise && `stride=${stride}`
const unbiased = (bias: number | undefined): string | false => bias === undefined && 'bias=False'
const channels = (input: Shape): number => input[input.length - 1]!

/** A row of values in the order of Keras, channel quickest, so that a dense kernel means the same. */
const flattened = (input: Shape): Call[] => [
  ...(channels(input) > 1 && positionsOf(input) > 1
    ? [call('ChannelsLast', [], CHANNELS_LAST)]
    : []),
  call('nn.Flatten')
]

const PYTORCH: Writers = {
  input({ network: { config } }) {
    const { scale, offset } = config.input
    return scale === 1 && offset === 0
      ? []
      : [call('Rescaling', [real(scale), real(offset)], RESCALING)]
  },
  dense({ network, node, input }) {
    const dense = call('nn.Linear', [...shapeOf(network, node.kernel), unbiased(node.bias)])
    return input.length === 3 ? [...flattened(input), dense] : [dense]
  },
  conv({ network, node, input }) {
    const filters = shapeOf(network, node.kernel)[3]
    const { even, uneven } = padded(input, node)
    const parts = [channels(input), filters, node.size, strided(node.stride, 1), even]
    const conv = call('nn.Conv2d', [...parts, unbiased(node.bias)])
    return uneven ? [call('nn.ZeroPad2d', [uneven]), conv] : [conv]
  },
  'max-pool'({ node, input }) {
    const { even, uneven } = padded(input, node)
    const pool = call('nn.MaxPool2d', [node.size, strided(node.stride, node.size), even])
    return uneven ? [call('nn.ConstantPad2d', [uneven, 'float("-inf")']), pool] : [pool]
  },
  'average-pool'({ node, input }) {
    const { size, stride } = node
    const { even, uneven } = padded(input, node)
    if (uneven) return [call('Average', [size, stride, uneven], AVERAGE)]
    return [
      call('nn.AvgPool2d', [size, strided(stride, size), even, even && 'count_include_pad=False'])
    ]
  },
  'global-average': () => [call('nn.AdaptiveAvgPool2d', [1]), call('nn.Flatten')],
  flatten: ({ input }) => (input.length === 3 ? flattened(input) : []),
  'batch-norm': ({ node: { momentum, epsilon }, input }) => [
    call(input.length === 3 ? 'nn.BatchNorm2d' : 'nn.BatchNorm1d', [
      channels(input),
      `eps=${real(epsilon)}`,
      `momentum=${real(1 - momentum)}`
    ])
  ],
  'layer-norm'({ node: { epsilon }, input }) {
    const norm = call('nn.LayerNorm', [channels(input), `eps=${real(epsilon)}`])
    if (input.length === 1) return [norm]
    return [
      call('ChannelsLast', [], CHANNELS_LAST),
      norm,
      call('ChannelsFirst', [], CHANNELS_FIRST)
    ]
  },
  dropout: ({ node: { rate } }) => [call('nn.Dropout', [real(rate)])],
  activation({ network: { config }, node }) {
    const written = ACTIVATION_CODE[node.activation].pytorch?.(config)
    return written ? [written] : []
  }
}

/** A program of PyTorch: `model`, with initial weights, and `train(x, y)`. */
export function pytorchLines(network: Network): Lines {
  const { config, plan } = network
  const steps = stepsOf(plan)
  const chains = steps.map((step) =>
    step.kind === 'chain' ? step.nodes.flatMap((at) => callsOf(PYTORCH, network, at)) : []
  )
  const loss = LOSS_CODE[config.loss][config.output].pytorch
  const start = INITIALISER_CODE[config.initialiser].pytorch
  const model = steps.length === 1 ? sequential('model', chains[0]!) : moduleLines(steps, chains)
  const helpers = [...helperLines(chains.flat())]
  for (const helper of [start.helper, loss.helper]) if (helper) helpers.push('', '', ...helper)
  return [
    'import torch',
    'from torch import nn',
    'from torch.nn import functional as F',
    ...helpers,
    ...(helpers.length > 0 || steps.length > 1 ? [''] : []),
    '',
    ...model,
    ...initialLines(start.statement(config)),
    ...optimiserLines(network),
    '',
    '',
    'def train(x, y):',
    ...indented(trainingLines(network, loss.expression))
  ]
}

const sequential = (name: string, calls: readonly Call[]): Lines => [
  `${name} = nn.Sequential(`,
  ...indented(calls.map((one) => `${callText(one)},`)),
  ')'
]

function moduleLines(
  steps: ReturnType<typeof stepsOf>,
  chains: readonly (readonly Call[])[]
): Lines {
  const parts: (readonly string[])[] = []
  const forward = steps.flatMap((step, at) => {
    if (step.kind === 'sum') return [`${step.to} = ${step.terms.join(' + ')}`]
    const calls = chains[at]!
    if (calls.length === 0) return []
    const name = `self.part${parts.length + 1}`
    parts.push(calls.length > 1 ? sequential(name, calls) : [`${name} = ${callText(calls[0]!)}`])
    return [`${step.to} = ${name}(${step.from})`]
  })
  return [
    'class Network(nn.Module):',
    ...indented(['def __init__(self):', ...indented(['super().__init__()', ...parts.flat()])]),
    '',
    ...indented([
      'def forward(self, x):',
      ...indented([...forward, `return ${steps[steps.length - 1]!.to}`])
    ]),
    '',
    '',
    'model = Network()'
  ]
}

const KERNELS = 'isinstance(module, (nn.Conv2d, nn.Linear))'

function initialLines(statement: string): Lines {
  return [
    'for module in model.modules():',
    `    if ${KERNELS}:`,
    ...(statement.includes('inputs')
      ? ['        inputs, outputs = nn.init._calculate_fan_in_and_fan_out(module.weight)']
      : []),
    `        ${statement}`,
    '        if module.bias is not None:',
    '            nn.init.zeros_(module.bias)'
  ]
}

/** Weight decay of kernels, as PyTorch takes it: its L2 penalty is half the square, Keras' the square. */
function optimiserLines({ config }: Network): Lines {
  const { l2, decoupled } = kernelDecay(config)
  const record = OPTIMISER_CODE[config.optimiser.id]
  const made = record.pytorch(config.optimiser)
  const adamw = decoupled > 0 || config.optimiser.id === 'adamw'
  const name = adamw && record.decoupled ? record.decoupled : made.name
  const none = name === record.decoupled ? ['weight_decay=0.0'] : []
  const decay = l2 > 0 ? 2 * l2 : record.decoupled ? decoupled : 0
  if (decay === 0 && decoupled === 0) {
    return [`optimizer = ${callText(call(name, ['model.parameters()', ...made.parts, ...none]))}`]
  }
  const kernels = `kernels = [module.weight for module in model.modules() if ${KERNELS}]`
  if (decay === 0) {
    return [kernels, `optimizer = ${callText(call(name, ['model.parameters()', ...made.parts]))}`]
  }
  return [
    kernels,
    'others = [one for one in model.parameters() if all(one is not kernel for kernel in kernels)]',
    `optimizer = ${name}(`,
    ...indented([
      `[{"params": kernels, "weight_decay": ${real(decay)}}, {"params": others}],`,
      ...[...made.parts, ...none].map((part) => `${part},`)
    ]),
    ')'
  ]
}

function trainingLines({ config }: Network, loss: string): Lines {
  const { decoupled } = kernelDecay(config)
  const byHand = decoupled > 0 && !OPTIMISER_CODE[config.optimiser.id].decoupled
  const rate = real(config.optimiser.learningRate)
  return [
    'model.train()',
    `for epoch in range(${config.epochs}):`,
    ...indented([
      `for rows in torch.randperm(len(x)).split(${config.batch}):`,
      ...indented([
        'optimizer.zero_grad()',
        `${loss}(model(x[rows]), y[rows]).backward()`,
        ...(byHand
          ? [
              'with torch.no_grad():',
              '    for kernel in kernels:',
              `        kernel.mul_(1 - ${rate} * ${real(decoupled)})`
            ]
          : []),
        'optimizer.step()'
      ])
    ]),
    'model.eval()'
  ]
}
