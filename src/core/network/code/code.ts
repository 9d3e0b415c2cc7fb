import type { Dataset } from '../../dataset/dataset'
import { layersText } from '../layers/text'
import { networkPlan } from '../layers/plan'
import type { Shape } from '../layers/shape'
import { SETTINGS, LAYER_FACTORS } from '../settings'
import type { RunConfig } from '../config'
import { outputOf } from '../outputs'
import { grouped } from '../../numbers'
import { kerasLines } from './keras'
import { OPTIMISER_CODE } from './optimisers'
import { pytorchLines } from './pytorch'
import type { Lines, Network } from './python'

/** Libraries that a network can be written for. */
export const NETWORK_FRAMEWORKS = ['keras', 'pytorch'] as const
export type NetworkFramework = (typeof NETWORK_FRAMEWORKS)[number]

interface Written {
  readonly lines: (network: Network) => Lines
  /** how images come in, of one that is so high, so wide and has so many channels */
  readonly shape: (input: Shape) => Shape
  readonly remarks: (network: Network) => Lines
}

const WRITTEN: Readonly<Record<NetworkFramework, Written>> = {
  keras: { lines: kerasLines, shape: (input) => input, remarks: () => [] },
  pytorch: {
    lines: pytorchLines,
    shape: ([height, width, channels]) => [channels!, height, width!],
    remarks: ({ config, plan }) => [
      ...(plan.nodes.some(({ op }) => op === 'batch-norm')
        ? ['PyTorch keeps the variance of n - 1 images and places, Keras and Normscope that of n.']
        : []),
      ...[OPTIMISER_CODE[config.optimiser.id].remark ?? []].flat()
    ]
  }
}

/** What of a data set a network depends on. */
type Images = Pick<Dataset, 'height' | 'width' | 'channels' | 'classNames'>

/**
 * A program in Python that makes the network of a configuration, `model`, and trains it as the
 * configuration says: `train(x, y)`, of images as the choice's code gives them and whole numbers as
 * labels. Weights are in the order and mean what they mean in the plan. What it leaves out, it says.
 * @throws NormscopeError 'layer-impossible'
 */
export function networkCode(
  config: RunConfig,
  { height, width, channels, classNames }: Images,
  framework: NetworkFramework
): string {
  const input = [height, width, channels] as const
  const classes = config.classes ? 2 : Math.max(2, classNames.length)
  const network = { config, plan: networkPlan(config, input, classes), classes }
  const { lines, shape, remarks } = WRITTEN[framework]
  const comments = [
    `${layersText(config.layers)}: ${grouped(network.plan.weights)} weights`,
    `x: (images, ${shape(input).join(', ')}) as float32; y: ${labelsText(network)}`,
    ...remarks(network),
    ...leftOut(config)
  ]
  return `${[...comments.map((comment) => `# ${comment}`), ...lines(network)].join('\n')}\n`
}

/** Programs as one, their imports once and above all. */
export function joinPrograms(programs: readonly string[]): string {
  const isImport = (line: string): boolean => /^(import|from) /.test(line)
  const imports = new Set(programs.flatMap((program) => program.split('\n').filter(isImport)))
  const rest = programs.map((program) =>
    program
      .split('\n')
      .filter((line) => !isImport(line))
      .join('\n')
      .replace(/^\n+|\n+$/g, '')
      .replace(/^((?:#.*\n)+)\n+/, '$1')
  )
  return `${[...imports].join('\n')}\n\n${rest.join('\n\n\n')}\n`
}

/** Whether a network can be written for a library that choices are written for. */
export function writesNetworks(framework: string): framework is NetworkFramework {
  return (NETWORK_FRAMEWORKS as readonly string[]).includes(framework)
}

function labelsText({ config, classes }: Network): string {
  const { classes: two, output } = config
  if (two) return `0 for class ${two[0]}, 1 for class ${two[1]}`
  return `whole numbers from 0 to ${(outputOf(output).classes ?? classes) - 1}`
}

/** Settings of the run that the program does not have. */
function leftOut(config: RunConfig): Lines {
  const factors = LAYER_FACTORS.filter((key) => config[key].some((factor) => factor !== 1))
  return [
    ...factors.map(
      (key) =>
        `Not in this program: ${SETTINGS[key].name.toLowerCase()}, layer by layer ${config[key].join(', ')}.`
    ),
    ...(config.startBias === 'undo-offset'
      ? ['Not in this program: first biases that undo the offset of the input at the start.']
      : [])
  ]
}
