import { errorFacts } from '../../../core/error'
import { TUTORIAL_CONFIG } from '../../../core/network/config'
import { batchFault } from '../../../core/network/layers/memory'
import { checkedPlan } from '../../../core/network/layers/checked'
import type { Checked } from '../../../core/network/layers/checked'
import { factorCount } from '../../../core/network/layers/plan'
import type { Shape } from '../../../core/network/layers/shape'
import type { LayerSpec } from '../../../core/network/layers/layers'
import { layersText, parseLayers } from '../../../core/network/layers/text'
import type { Dataset } from '../../../core/dataset/dataset'
import { optimiserOf } from '../../../core/network/optimisers'
import type { OptimiserId } from '../../../core/network/optimisers'
import { outputOf } from '../../../core/network/outputs'
import { parametersOf, recordOf, valuesFrom } from '../../../core/network/setting'
import type { Parameter, Setting } from '../../../core/network/setting'
import { LAYER_FACTORS, SETTINGS } from '../../../core/network/settings'
import type { DecayId } from '../../../core/network/settings'
import { NETWORK, NETWORK_KINDS } from '../../../core/network/tables'
import type { NetworkKind, NetworkRecord, NetworkTables } from '../../../core/network/tables'
import { runConfig } from '../../../core/study/config-schema'
import { parseNumber, parseNumbers } from '../../components/fields/number'
import type { NumberLimits } from '../../components/fields/number'
import type { NetworkSettings } from '../../state/settings'
import { rowsOf, specOf, specsOf } from './network-layers'
import type { LayerRow } from './network-layers'

/** The network settings as a person types them. */
export interface NetworkDraft {
  /** the layers of texts.layers, also while a number of one cannot be read */
  rows: readonly LayerRow[]
  activation: NetworkSettings['activation']
  initialiser: NetworkSettings['initialiser']
  optimiser: OptimiserId
  decayKind: DecayId
  loss: NetworkSettings['loss']
  output: NetworkSettings['output']
  classA: string
  classB: string
  /** what stands in the fields, by the key of the setting or parameter */
  texts: Record<string, string>
}

/** By the key of the field; 'all' is of the whole form. */
type DraftErrors = Readonly<Record<string, string | undefined>>

/** The single numbers of the form that belong to no record. */
const NUMBERS = {
  learningRate: SETTINGS.learningRate,
  weightDecay: SETTINGS.weightDecay,
  batch: SETTINGS.batch,
  epochs: SETTINGS.epochs,
  seeds: SETTINGS.seeds,
  limit: SETTINGS.limit
} as const satisfies Readonly<Record<string, Setting>>

export function draftOf(network: NetworkSettings): NetworkDraft {
  const { optimiser, weightDecay, classes, layers } = network
  const { batch, epochs, seeds, limit } = network
  const parameters = NETWORK_KINDS.flatMap((kind) => {
    const of = kind === 'optimiser' ? optimiser : network
    return Object.entries(valuesFrom(parametersOf(NETWORK[kind]), of))
  })
  return {
    rows: rowsOf(layers),
    activation: network.activation,
    initialiser: network.initialiser,
    optimiser: optimiser.id,
    decayKind: weightDecay.kind,
    loss: network.loss,
    output: network.output,
    classA: String(classes?.[0] ?? 0),
    classB: String(classes?.[1] ?? 1),
    texts: {
      ...Object.fromEntries(parameters.map(([key, value]) => [key, String(value)])),
      learningRate: String(optimiser.learningRate),
      weightDecay: String(weightDecay.factor),
      batch: String(batch),
      epochs: String(epochs),
      seeds: String(seeds),
      limit: limit === undefined ? '' : String(limit),
      layers: layersText(layers),
      ...Object.fromEntries(LAYER_FACTORS.map((key) => [key, network[key].join(', ')]))
    }
  }
}

/** Takes a changed list of layers; its text follows once all of it can be read. */
export function takeRows(draft: NetworkDraft, rows: readonly LayerRow[]): void {
  draft.rows = rows
  const layers = specsOf(rows)
  if (layers) draft.texts.layers = layersText(layers)
}

/** Takes a changed text of the layers; the list follows once all of it can be read. */
export function takeText(draft: NetworkDraft, text: string): void {
  draft.texts.layers = text
  const { layers } = layersOf(text)
  if (layers) draft.rows = rowsOf(layers, draft.rows)
}

/** Why the text of the layers cannot be read. */
export function textFault({ texts }: NetworkDraft): string | undefined {
  return layersOf(texts.layers ?? '').error
}

function layersOf(text: string): { readonly layers?: LayerSpec[]; readonly error?: string } {
  try {
    return { layers: parseLayers(text) }
  } catch (thrown) {
    return { error: errorFacts(thrown).message }
  }
}

/** What the network of a draft is on the images it would get. */
export interface DraftPlan {
  readonly checked: Checked
  readonly shape: Shape
  /** whose shape that is, where it is an example too */
  readonly of: string
}

/** Undefined while a number in a row cannot be read. */
export function planOfDraft(
  draft: NetworkDraft,
  dataset: Dataset | undefined
): DraftPlan | undefined {
  const layers = specsOf(draft.rows)
  if (!layers) return undefined
  const { activation, output } = draft
  const config = { ...TUTORIAL_CONFIG, layers, activation, output }
  const { height = 28, width = 28, channels = 1 } = dataset ?? {}
  const shape = [height, width, channels] as const
  const { classes = dataset?.classNames.length || 10 } = outputOf(output)
  const of = dataset ? dataset.name : 'an example: no data set is open'
  return { checked: checkedPlan(config, shape, Math.max(2, classes)), shape, of }
}

/** The learning rate that goes with an optimiser, unless the person had set their own. */
export function rateAfter(draft: NetworkDraft, next: OptimiserId): string {
  const usual = String(optimiserOf(draft.optimiser).learningRate)
  const typed = draft.texts.learningRate ?? ''
  return typed.trim() === usual ? String(optimiserOf(next).learningRate) : typed
}

/** The parameters that the chosen record of a kind has. */
export function draftParameters(
  draft: NetworkDraft,
  kind: NetworkKind,
  tables: NetworkTables = NETWORK
): readonly (readonly [key: string, parameter: Parameter])[] {
  return Object.entries(recordOf<NetworkRecord>(tables[kind], draft[kind]).parameters)
}

/** Factors of the layers: one for all, or one per layer, hidden layers first, output last. */
function factors(text: string, layers: number, limits: NumberLimits) {
  const { values, error } = parseNumbers(text, limits)
  if (error) return { values, error }
  if (values.length <= 1) return { values: new Array<number>(layers).fill(values[0] ?? 1) }
  if (values.every((value) => value === 1)) return { values: new Array<number>(layers).fill(1) }
  return values.length === layers
    ? { values }
    : {
        values,
        error: `${layers} factors: one per hidden layer with weights, then one for the output.`
      }
}

/** The settings a draft stands for, or what is wrong with it, field by field. */
export function networkOf(
  draft: NetworkDraft,
  before: NetworkSettings,
  dataset: Dataset | undefined
): { readonly network?: NetworkSettings; readonly errors: DraftErrors } {
  const errors: Record<string, string> = {}
  const texts = (key: string): string => draft.texts[key] ?? ''
  const numberOf = (key: string, limits: NumberLimits): number | undefined => {
    const { value, error } = parseNumber(texts(key), limits)
    if (error) errors[key] = error
    return value
  }
  /** of the chosen record; those of others stay as they were */
  const parameters = (kind: NetworkKind): Readonly<Record<string, number | undefined>> =>
    Object.fromEntries(
      draftParameters(draft, kind).map(([key, { limits }]) => [key, numberOf(key, limits)])
    )
  const numbers = {} as Record<keyof typeof NUMBERS, number | undefined>
  for (const key of Object.keys(NUMBERS) as (keyof typeof NUMBERS)[]) {
    numbers[key] = numberOf(key, { ...NUMBERS[key].limits, optional: key === 'limit' })
  }
  const { layers = [], error: unread } = layersOf(texts('layers'))
  const fault = draft.rows.findIndex((row) => !specOf(row).spec)
  const planned = dataset && planOfDraft(draft, dataset)?.checked
  const refused = planned?.refused
  if (dataset && planned?.plan && numbers.batch !== undefined) {
    const images = Math.min(numbers.batch, dataset.splits.train.count)
    const tooLarge = batchFault(planned.plan, images)?.facts
    if (tooLarge) errors.batch = `${tooLarge.message} ${tooLarge.hint}`
  }
  if (unread) errors.layers = unread
  else if (fault >= 0) errors.layers = `A number of layer ${fault + 1} cannot be read.`
  else if (refused) errors.layers = refused.message
  const ofLayers = LAYER_FACTORS.map((key) => {
    const { values, error } = factors(texts(key), factorCount(layers), SETTINGS[key].limits)
    if (error) errors[key] = error
    return [key, values] as const
  })

  const { classes: _classes, limit: _limit, seeds: _seeds, ...rest } = before
  const two = asksForClasses(draft, dataset)
  const config = {
    ...rest,
    choice: { id: 'unit' },
    seed: 0,
    layers,
    activation: draft.activation,
    ...parameters('activation'),
    initialiser: draft.initialiser,
    ...parameters('initialiser'),
    ...Object.fromEntries(ofLayers),
    optimiser: {
      ...before.optimiser,
      ...parameters('optimiser'),
      id: draft.optimiser,
      learningRate: numbers.learningRate
    },
    weightDecay: { kind: draft.decayKind, factor: numbers.weightDecay },
    loss: draft.loss,
    ...parameters('loss'),
    output: draft.output,
    ...(two && { classes: [Number(draft.classA), Number(draft.classB)] }),
    batch: numbers.batch,
    epochs: numbers.epochs,
    ...(numbers.limit !== undefined && { limit: numbers.limit })
  }
  if (two && draft.classA === draft.classB) errors.classB = 'Choose two different classes.'
  if (Object.keys(errors).length > 0) return { errors }
  const checked = runConfig.safeParse(config)
  if (!checked.success) return { errors: { all: checked.error.issues[0]?.message ?? 'Not valid.' } }
  const { choice: _choice, seed: _seed, ...network } = checked.data
  return { network: { ...network, seeds: numbers.seeds ?? 1 }, errors }
}

/** Whether the output tells fewer classes apart than there are, so that some must be named. */
export function asksForClasses({ output }: NetworkDraft, dataset: Dataset | undefined): boolean {
  const { classes } = outputOf(output)
  return classes !== undefined && (dataset?.classNames.length ?? 10) > classes
}
