import { NORMALISATIONS, withoutNormalisation } from '../../../network/layers/first-layer'
import type { NormalisationId } from '../../../network/layers/first-layer'
import { layerKindOf } from '../../../network/layers/layers'
import { denseUnits, layersName } from '../../../network/layers/text'
import { decayText } from '../../../network/decay'
import type { RunConfig } from '../../../network/config'
import { lossOf } from '../../../network/losses'
import { optimiserOf } from '../../../network/optimisers'
import { parametersOf, valuesFrom } from '../../../network/setting'
import { LAYER_FACTORS } from '../../../network/settings'
import { chosen, NETWORK } from '../../../network/tables'
import type { NetworkKind } from '../../../network/tables'
import { plain } from '../../../numbers'
import { canonicalJson } from '../../../study/json'
import { counted, lowerFirst, upperFirst } from '../../../text'
import { decayed, differ, MEASURED, picked } from './switch'
import type { SwitchRecord } from './switch'

/** A switch of settings that the first layer's input has no part in. */
interface ConfigSwitch {
  readonly name: string
  readonly noun: string
  /** what is alike where the switch is none; parameters that a setting does not heed say nothing */
  compared(config: RunConfig, other: RunConfig): unknown
  /** as the other setting has it */
  put(config: RunConfig, to: RunConfig): RunConfig
  /** 'exact loss'; tells it from the other's */
  text(config: RunConfig, other: RunConfig): string
}

/** A setting that is one key of the configuration. */
const keySwitch = (
  name: string,
  noun: string,
  key: keyof RunConfig,
  text: (config: RunConfig) => string
): ConfigSwitch => ({
  name,
  noun,
  compared: (config) => config[key],
  put: (config, to) => ({ ...config, [key]: to[key] }),
  text
})

type StringKind = Exclude<NetworkKind, 'optimiser'>

const recordKeys = (kind: StringKind): readonly string[] => [
  kind,
  ...Object.keys(parametersOf(NETWORK[kind]))
]

/** Parameters in which two settings of one record differ: 'slope 0.2'. */
function parameterTexts(kind: NetworkKind, config: RunConfig, other: RunConfig): string[] {
  const { record, values } = chosen(config, kind)
  const held = valuesFrom(record.parameters, values)
  const others = valuesFrom(record.parameters, chosen(other, kind).values)
  return Object.entries(record.parameters)
    .filter(([key]) => held[key] !== others[key])
    .map(([key, { name }]) => `${lowerFirst(name)} ${plain(held[key])}`)
}

/** A record of the network with its parameters. */
const recordSwitch = (
  kind: StringKind,
  nameOf: (config: RunConfig) => string = (config) => chosen(config, kind).record.name
): ConfigSwitch => ({
  name: kind,
  noun: `the ${kind}`,
  compared: (config) => [config[kind], valuesFrom(chosen(config, kind).record.parameters, config)],
  put: (config, to) => ({ ...config, ...picked(to, recordKeys(kind)) }),
  text: (config, other) =>
    config[kind] === other[kind]
      ? [nameOf(config), ...parameterTexts(kind, config, other)].join(', ')
      : nameOf(config)
})

const sameOptimiser = (config: RunConfig, other: RunConfig): boolean =>
  config.optimiser.id === other.optimiser.id

/** Two optimisers have rates of their own; of one optimiser, rate and parameters are two things. */
const OPTIMISER: readonly ConfigSwitch[] = [
  {
    name: 'optimiser',
    noun: 'the optimiser',
    compared: ({ optimiser }) => optimiser.id,
    put: (config, { optimiser }) => ({ ...config, optimiser }),
    text: ({ optimiser: { id, learningRate } }) =>
      `${optimiserOf(id).name}, learning rate ${plain(learningRate)}`
  },
  {
    name: 'learning rate',
    noun: 'the learning rate',
    compared: (config, other) => sameOptimiser(config, other) && config.optimiser.learningRate,
    put: (config, { optimiser: { learningRate } }) => ({
      ...config,
      optimiser: { ...config.optimiser, learningRate }
    }),
    text: ({ optimiser }) => `learning rate ${plain(optimiser.learningRate)}`
  },
  {
    name: 'optimiser parameters',
    noun: 'the optimiser’s parameters',
    compared: (config, other) =>
      sameOptimiser(config, other) &&
      valuesFrom(optimiserOf(config.optimiser.id).parameters, config.optimiser),
    put: (config, { optimiser }) => ({
      ...config,
      optimiser: { ...optimiser, learningRate: config.optimiser.learningRate }
    }),
    text: (config, other) => parameterTexts('optimiser', config, other).join(', ')
  }
]

const WEIGHT_DECAY: ConfigSwitch = {
  ...keySwitch('weight decay', 'weight decay', 'weightDecay', decayText),
  compared: decayed
}

/** Layers behind the first keep the factors that they have; the first one's belong to its input. */
const laterFactors = (config: RunConfig) => LAYER_FACTORS.map((key) => config[key].slice(1))

const putLayers = (config: RunConfig, to: RunConfig): RunConfig => ({
  ...config,
  layers: to.layers,
  ...Object.fromEntries(
    LAYER_FACTORS.map((key) => [key, [config[key][0] ?? 1, ...to[key].slice(1)]])
  )
})

/** The layers but for normalisations, and for biases, which those make idle. */
const unnormalised = ({ layers }: RunConfig): unknown =>
  withoutNormalisation(layers).map((layer) => ('bias' in layer ? { ...layer, bias: 'any' } : layer))

const kindsIn = ({ layers }: RunConfig, kind: NormalisationId): unknown =>
  layers.filter((layer) => layer.kind === kind)

/** Which normalisation layers two networks differ in, where that is all; undefined for other networks. */
function normalisationApart(a: RunConfig, b: RunConfig): readonly NormalisationId[] | undefined {
  if (!differ(a.layers, b.layers) || differ(unnormalised(a), unnormalised(b))) return undefined
  const apart = NORMALISATIONS.filter((kind) => differ(kindsIn(a, kind), kindsIn(b, kind)))
  return apart.length > 0 ? apart : undefined
}

const isOnly = (config: RunConfig, other: RunConfig, kind: NormalisationId): boolean =>
  normalisationApart(config, other)?.join() === kind

/** Where two networks differ in normalisation layers of one kind alone. */
const normalisationSwitch = (kind: NormalisationId): ConfigSwitch => {
  const name = lowerFirst(layerKindOf(kind).name)
  return {
    name,
    noun: name,
    compared: (config, other) => isOnly(config, other, kind) && config.layers,
    put: putLayers,
    text(config) {
      const count = config.layers.filter((layer) => layer.kind === kind).length
      return count === 0 ? `no ${name}` : `${name} (${layersName(config.layers)})`
    }
  }
}

const isNetwork = (config: RunConfig, other: RunConfig): boolean =>
  !NORMALISATIONS.some((kind) => isOnly(config, other, kind))

const LAYERS: readonly ConfigSwitch[] = [
  ...NORMALISATIONS.map(normalisationSwitch),
  {
    name: 'network',
    noun: 'the layers of the network',
    compared: (config, other) => isNetwork(config, other) && config.layers,
    put: putLayers,
    text: ({ layers }) =>
      denseUnits(layers)?.length ? `${layersName(layers)} units` : layersName(layers)
  },
  {
    name: 'later layers',
    noun: 'the factors of later layers',
    compared: (config, other) => !differ(config.layers, other.layers) && laterFactors(config),
    put: putLayers,
    text: (config) =>
      `factors of later layers ${laterFactors(config)
        .flat()
        .map((factor) => plain(factor))
        .join(', ')}`
  }
]

/** Keys that other switches are about, and those that change no training or that both settings share. */
const SEEN: ReadonlySet<string> = new Set([
  ...[
    'choice',
    'input',
    'startBias',
    'layers',
    'optimiser',
    'weightDecay',
    'batch',
    'epochs',
    'limit'
  ],
  ...['output', 'classes'],
  ...MEASURED,
  ...LAYER_FACTORS,
  ...(['loss', 'activation', 'initialiser'] as const).flatMap(recordKeys)
])

const restOf = (config: RunConfig): Partial<RunConfig> =>
  picked(
    config,
    Object.keys(config).filter((key) => !SEEN.has(key))
  )

const OTHER: ConfigSwitch = {
  name: 'other settings',
  noun: 'the other settings',
  compared: restOf,
  put: (config, to) => ({ ...config, ...restOf(to) }),
  text: (config) => canonicalJson(restOf(config))
}

function switchOf(record: ConfigSwitch): SwitchRecord {
  const { name, noun, compared, put, text } = record
  return ({ from, to }) => {
    if (!differ(compared(from, to), compared(to, from))) return undefined
    const value = (config: RunConfig): string => text(config, config === to ? from : to)
    return { name, noun, label: upperFirst(value(to)), value, put: (config) => put(config, to) }
  }
}

export const LOSS_SWITCH = switchOf(recordSwitch('loss', ({ loss }) => lossOf(loss).label))

/** In the order in which tables have them. */
export const CONFIG_SWITCHES: readonly SwitchRecord[] = [
  WEIGHT_DECAY,
  ...OPTIMISER,
  recordSwitch('activation'),
  ...LAYERS,
  recordSwitch('initialiser'),
  keySwitch('batch', 'the batch size', 'batch', ({ batch }) => `batch size ${batch}`),
  keySwitch('epochs', 'the number of epochs', 'epochs', ({ epochs }) => counted(epochs, 'epoch')),
  keySwitch('training images', 'the number of training images', 'limit', ({ limit }) =>
    limit === undefined ? 'all images' : `${plain(limit)} images`
  ),
  keySwitch('output', 'the output', 'output', ({ output }) => `${output} output`),
  OTHER
].map(switchOf)
