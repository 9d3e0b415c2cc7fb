import { listText } from '../figure/words'
import type { LayerSpec } from '../network/layers/layers'
import { denseUnits, layersText, presetOf } from '../network/layers/text'
import type { RunConfig } from '../network/config'
import { outputOf } from '../network/outputs'
import { parametersOf, recordOf, valuesFrom } from '../network/setting'
import { DECAYS, SETTINGS, START_BIASES } from '../network/settings'
import { chosen, NETWORK, NETWORK_KINDS } from '../network/tables'
import type { NetworkKind } from '../network/tables'
import { grouped } from '../numbers'
import { choiceRecord } from '../preprocessing/choices'
import { lowerFirst, upperFirst } from '../text'
import { canonicalJson } from '../study/json'
import { taskText } from '../study/run'

/** A setting in words. */
export interface Told {
  readonly name: string
  readonly value: string
}

/** 'LeNet-5: conv5x5-6, pool2, …' */
function layersTold(layers: readonly LayerSpec[]): string {
  if (layers.length === 0) return 'none: a linear classifier'
  const text = layersText(layers).replaceAll(',', ', ')
  const preset = presetOf(layers)
  return preset && !denseUnits(layers) ? `${preset.name}: ${text}` : text
}

function factors(key: 'initFactors' | 'stepFactors' | 'epsilonFactors' | 'decayFactors') {
  return ({ [key]: values }: RunConfig): Told => ({
    name: SETTINGS[key].name,
    value: values.every((value) => value === 1) ? 'none' : values.join(', ')
  })
}

/** A record with the parameters that it heeds: 'Adam, learning rate 0.001, beta 1 0.9'. */
function part(kind: NetworkKind): (config: RunConfig) => Told {
  return (config) => {
    const { record, values } = chosen(config, kind)
    const given = valuesFrom(record.parameters, values)
    const parameters = Object.entries(record.parameters).map(
      ([key, { name }]) => `${lowerFirst(name)} ${given[key]}`
    )
    const rate = kind === 'optimiser' ? [`learning rate ${config.optimiser.learningRate}`] : []
    return { name: upperFirst(kind), value: [record.name, ...rate, ...parameters].join(', ') }
  }
}

/** By the key in a configuration; what an activation, an initialiser or a loss heeds is told with it. */
const TOLD: { readonly [Key in keyof RunConfig]?: (config: RunConfig) => Told } = {
  choice: ({ choice: { id, ...constants } }) => ({
    name: 'Preprocessing',
    value: [
      choiceRecord(id).name,
      ...Object.entries(constants).map(([name, values]) => `${name} ${String(values)}`)
    ].join(', ')
  }),
  input: ({ input: { scale, offset } }) => ({
    name: 'Input',
    value: scale === 1 && offset === 0 ? 'as chosen' : `× ${scale} + ${offset}`
  }),
  startBias: ({ startBias }) => ({
    name: 'First biases before training',
    value: recordOf(START_BIASES, startBias).name
  }),
  layers: ({ layers }) => ({ name: SETTINGS.layers.name, value: layersTold(layers) }),
  output: ({ output }) => ({ name: 'Output', value: outputOf(output).name }),
  activation: part('activation'),
  initialiser: part('initialiser'),
  loss: part('loss'),
  optimiser: part('optimiser'),
  weightDecay: ({ weightDecay: { kind, factor } }) => ({
    name: SETTINGS.weightDecay.name,
    value: factor === 0 ? 'none' : `${factor}, ${recordOf(DECAYS, kind).name}`
  }),
  initFactors: factors('initFactors'),
  stepFactors: factors('stepFactors'),
  epsilonFactors: factors('epsilonFactors'),
  decayFactors: factors('decayFactors'),
  batch: ({ batch }) => ({ name: SETTINGS.batch.name, value: String(batch) }),
  epochs: ({ epochs }) => ({ name: SETTINGS.epochs.name, value: String(epochs) }),
  classes: (config) => ({ name: 'Task', value: taskText(config) }),
  testChoices: ({ testChoices = [] }) => ({
    name: 'Tested too under',
    value: listText(testChoices.map(({ id }) => choiceRecord(id).name)) || 'no other choice'
  }),
  limit: ({ limit }) => ({
    name: SETTINGS.limit.name,
    value: limit ? `${grouped(limit)}, drawn class by class` : 'all'
  }),
  probeImages: ({ probeImages }) => ({
    name: SETTINGS.probeImages.name,
    value: String(probeImages)
  })
}

/** A run's seed stands with the run; parameters stand with the records that heed them. */
const ELSEWHERE: readonly string[] = [
  'seed',
  ...NETWORK_KINDS.flatMap((kind) => Object.keys(parametersOf(NETWORK[kind])))
]

/** Every setting of a run but its seed, in words; one that has no words stands as it is. */
export function settingsOf(config: RunConfig): Told[] {
  const rest = Object.entries(config).filter(([key]) => !(key in TOLD) && !ELSEWHERE.includes(key))
  return [
    ...Object.values(TOLD).map((tell) => tell(config)),
    ...rest.map(([name, value]) => ({ name, value: canonicalJson(value) }))
  ]
}
