import { PRESETS } from '../../core/network/layers/presets'
import { denseUnits, parseLayers } from '../../core/network/layers/text'
import { factorCount } from '../../core/network/layers/plan'
import type { LayerSpec } from '../../core/network/layers/layers'
import { errorFacts } from '../../core/error'
import { TUTORIAL_CONFIG } from '../../core/network/config'
import type { RunConfig } from '../../core/network/config'
import { idsOf, parametersOf, recordOf } from '../../core/network/setting'
import type { Parameter, Setting } from '../../core/network/setting'
import { SETTINGS } from '../../core/network/settings'
import { NETWORK, NETWORK_KINDS } from '../../core/network/tables'
import type { NetworkKind, NetworkTables } from '../../core/network/tables'
import {
  CHOICES,
  choiceRecord,
  constantsOf,
  takesConstants
} from '../../core/preprocessing/choices'
import type { ChoiceRecord } from '../../core/preprocessing/choices'
import { CHOICE_IDS } from '../../core/preprocessing/preprocessing'
import type { ChoiceSpec } from '../../core/preprocessing/preprocessing'
import { upperFirst } from '../../core/text'
import { keyOf } from './arguments'
import { number, numbers, text, UsageError, word } from './usage'

type Options = Readonly<Record<string, unknown>>
type Described = readonly [flag: string, description: string]

const flagOf = (key: string): string =>
  `--${key.replace(/[A-Z]/g, (found) => `-${found.toLowerCase()}`)}`

/** A setting as a line of the command line's help. */
export function settingOption(
  key: string,
  { help, unit = 'number' }: Pick<Setting, 'help' | 'unit'>,
  otherwise?: string | number
): Described {
  const what = upperFirst(help)
  return [`${flagOf(key)} <${unit}>`, otherwise === undefined ? what : `${what} (${otherwise})`]
}

/** Settings of the first layer: of a configuration's list of factors, the first. */
const FIRST_LAYER = {
  initFactor: { ...SETTINGS.initFactors, help: 'factor on the initial weights of the first layer' },
  learningRateFactor: {
    ...SETTINGS.stepFactors,
    help: 'factor on the learning rate of the first layer’s kernel'
  },
  epsilonFactor: {
    ...SETTINGS.epsilonFactors,
    help: 'factor on the optimiser’s epsilon for the first layer’s kernel'
  },
  decayFactor: {
    ...SETTINGS.decayFactors,
    help: 'factor on the weight decay of the first layer’s kernel'
  }
} as const

/** Flags that set a run's configuration, for `train` and `study`. */
export function networkOptions(tables: NetworkTables = NETWORK): readonly Described[] {
  const { optimiser, ...rest } = TUTORIAL_CONFIG
  const usual = { ...rest, optimiser: optimiser.id }
  const oneOf = (kind: NetworkKind): Described => [
    `${flagOf(kind)} <id>`,
    `${tables[kind].map(described).join(', ')} (${usual[kind]})`
  ]
  const { learningRate, batch, epochs, seed, limit } = SETTINGS
  return [
    oneOf('activation'),
    [
      '--hidden <units>',
      'Units of each hidden layer where all are dense: 128 or 128,64; 0 for none (128)'
    ],
    [
      '--layers <list>',
      `Hidden layers, input side first: conv3x3-16,bn,relu,pool2,flatten,dense-128, or one of ${idsOf(PRESETS).join(', ')}; normscope layers --help has the grammar`
    ],
    oneOf('initialiser'),
    oneOf('optimiser'),
    settingOption('learningRate', learningRate, "Keras' default for the optimiser"),
    settingOption('batch', batch, usual.batch),
    settingOption('epochs', epochs, usual.epochs),
    oneOf('loss'),
    [
      '--weight-decay <factor>',
      'Of kernels: L2 penalty, not in the loss shown; decoupled for adamw, where Keras has .004 and decays biases too (0)'
    ],
    settingOption('seed', seed, usual.seed),
    ...Object.entries(FIRST_LAYER).map(([key, setting]) => settingOption(key, setting, 1)),
    ...NETWORK_KINDS.flatMap((kind) => parameterOptions(tables, kind)),
    ['--classes <a,b>', 'Only these two classes, with one sigmoid output'],
    settingOption('limit', limit)
  ]
}

/** 'relu', or 'clipped: probabilities held in …' where the record explains itself */
const described = (record: { readonly id: string; readonly help?: string }): string =>
  record.help ? `${record.id}: ${record.help}` : record.id

/** 'momentum, nesterov: share of the previous update that is kept (0.9)', and other names after it */
function parameterOptions(tables: NetworkTables, kind: NetworkKind): readonly Described[] {
  return Object.entries(parametersOf(tables[kind])).flatMap(([key, parameter]) => {
    const owners = tables[kind].filter(({ parameters }) => key in parameters)
    const help = `${idsOf(owners).join(', ')}: ${parameter.help}`
    const value = `<${parameter.unit ?? 'number'}>`
    const own: Described = [`${flagOf(key)} ${value}`, `${help} (${parameter.default})`]
    const { alias } = parameter
    return alias ? [own, [`${flagOf(alias)} ${value}`, `The same as ${flagOf(key)}`]] : [own]
  })
}

/** The key that an option has beside its own: '--adam-epsilon' is '--epsilon', '--hidden' is '--layers'. */
export function otherKeyOf(key: string, tables: NetworkTables = NETWORK): string | undefined {
  if (key === 'hidden') return 'layers'
  if (key === 'layers') return 'hidden'
  const named = NETWORK_KINDS.flatMap((kind) => Object.entries(parametersOf(tables[kind])))
  for (const [own, { alias }] of named) {
    if (own === key) return alias
    if (alias === key) return own
  }
  return undefined
}

export const CHOICE_OPTION: Described = [
  '--choice <id>',
  `The preprocessing: ${CHOICE_IDS.join(', ')}`
]

/** One for each constant that a choice takes from a person: '--custom-centre <numbers>'. */
export const CUSTOM_OPTIONS: readonly Described[] = CHOICES.flatMap((record: ChoiceRecord) =>
  Object.entries(constantsOf(record)).map(([key, { help }]) => [
    `--${record.id}-${key} <numbers>`,
    `For the choice ${record.id}, ${help}: one number, or one per channel`
  ])
)

/** The run that the flags describe; what is not said is as in the tutorial. */
export function configuration(
  options: Options,
  choice: ChoiceSpec,
  tables: NetworkTables = NETWORK
): RunConfig {
  const named = (kind: NetworkKind): string | undefined =>
    word(options, kind, flagOf(kind), idsOf(tables[kind]))
  const set = (key: string, { limits }: Pick<Setting, 'limits'>): number | undefined =>
    number(options, key, flagOf(key), limits)
  const parameterValue = (key: string, parameter: Parameter): number => {
    const { alias, default: otherwise } = parameter
    const given = set(key, parameter)
    const other = alias === undefined ? undefined : set(alias, parameter)
    if (alias !== undefined && given !== undefined && other !== undefined) {
      throw new UsageError(`${flagOf(alias)} is the same as ${flagOf(key)}; give one of them.`)
    }
    return given ?? other ?? otherwise
  }
  const parameters = (kind: NetworkKind): Readonly<Record<string, number>> =>
    Object.fromEntries(
      Object.entries(parametersOf(tables[kind])).map(([key, parameter]) => [
        key,
        parameterValue(key, parameter)
      ])
    )
  const optimiser = recordOf(tables.optimiser, named('optimiser') ?? TUTORIAL_CONFIG.optimiser.id)
  const layers = hiddenLayers(options)
  const pair = numbers(options, 'classes', '--classes', { integer: true, min: 0 })
  if (pair && (pair.length !== 2 || pair[0] === pair[1])) {
    throw new UsageError('--classes expects two different class numbers: --classes 0,1.')
  }
  const firstLayer = (key: keyof typeof FIRST_LAYER): number[] => [
    set(key, FIRST_LAYER[key]) ?? 1,
    ...new Array<number>(factorCount(layers) - 1).fill(1)
  ]
  const config = {
    ...TUTORIAL_CONFIG,
    choice,
    layers,
    activation: named('activation') ?? TUTORIAL_CONFIG.activation,
    ...parameters('activation'),
    initialiser: named('initialiser') ?? TUTORIAL_CONFIG.initialiser,
    ...parameters('initialiser'),
    initFactors: firstLayer('initFactor'),
    stepFactors: firstLayer('learningRateFactor'),
    epsilonFactors: firstLayer('epsilonFactor'),
    decayFactors: firstLayer('decayFactor'),
    optimiser: {
      ...parameters('optimiser'),
      id: optimiser.id,
      learningRate: set('learningRate', SETTINGS.learningRate) ?? optimiser.learningRate
    },
    weightDecay: {
      kind: optimiser.decay ?? 'l2',
      factor: set('weightDecay', SETTINGS.weightDecay) ?? 0
    },
    loss: named('loss') ?? TUTORIAL_CONFIG.loss,
    ...parameters('loss'),
    output: pair ? 'sigmoid' : 'softmax',
    classes: pair && [pair[0]!, pair[1]!],
    batch: set('batch', SETTINGS.batch) ?? TUTORIAL_CONFIG.batch,
    epochs: set('epochs', SETTINGS.epochs) ?? TUTORIAL_CONFIG.epochs,
    seed: set('seed', SETTINGS.seed) ?? TUTORIAL_CONFIG.seed,
    limit: set('limit', SETTINGS.limit)
  }
  // ids and parameters of tables that are passed in are known at run time only
  return config as unknown as RunConfig
}

/** `--layers conv3x3-16,bn,pool2,dense-128`, a preset, or `--hidden 128,64`; 0 alone means none. */
export function hiddenLayers(options: Options): readonly LayerSpec[] {
  const written = text(options, 'layers', '--layers')
  const hidden = text(options, 'hidden', '--hidden')
  if (written !== undefined && hidden !== undefined) {
    throw new UsageError('--hidden is short for --layers; give one of them.')
  }
  const given = written ?? hidden
  if (given === undefined) return TUTORIAL_CONFIG.layers
  try {
    const layers = parseLayers(given)
    if (hidden !== undefined && !denseUnits(layers)) {
      throw new UsageError(
        '--hidden expects units of dense layers, as 128,64; --layers takes the others.'
      )
    }
    return layers
  } catch (thrown) {
    if (thrown instanceof UsageError) throw thrown
    throw new UsageError(errorFacts(thrown).message)
  }
}

/** Every choice that needs no constants of a person. */
const ALL: readonly ChoiceSpec[] = CHOICE_IDS.flatMap((id) => (takesConstants(id) ? [] : [{ id }]))

/** `--choice unit,raw` or `all`; `custom` takes its constants from --custom-centre and --custom-divisor. */
export function choiceSpecs(options: Options, key: string, flag: string): ChoiceSpec[] | undefined {
  const given = text(options, key, flag)
  if (given === undefined) return undefined
  if (given === 'all') return [...ALL]
  const ids = given.split(',').map((part) => part.trim())
  if (new Set(ids).size < ids.length)
    throw new UsageError(`${flag} names a choice twice: ${given}.`)
  return ids.map((id) => choiceSpec(options, id, flag))
}

/** One choice; required. */
export function singleChoice(options: Options): ChoiceSpec {
  const specs = choiceSpecs(options, 'choice', '--choice')
  if (!specs) throw new UsageError('--choice is missing.', `It is one of ${CHOICE_IDS.join(', ')}.`)
  if (specs.length > 1) throw new UsageError('--choice takes a single choice in this command.')
  return specs[0]!
}

function choiceSpec(options: Options, id: string, flag: string): ChoiceSpec {
  const found = CHOICE_IDS.find((candidate) => candidate === id)
  if (!found) {
    throw new UsageError(`${flag} expects one of ${CHOICE_IDS.join(', ')}, not "${id}".`)
  }
  const constants = Object.entries(constantsOf(choiceRecord(found))).map(([key, constant]) => {
    const name = `--${found}-${key}`
    const values = numbers(options, keyOf(name), name, {}) ?? [constant.default]
    if (constant.nonZero && values.includes(0)) throw new UsageError(`${name} cannot be 0.`)
    return [key, values]
  })
  // which constants belong to an identifier is known at run time only
  return { id: found, ...Object.fromEntries(constants) } as ChoiceSpec
}
