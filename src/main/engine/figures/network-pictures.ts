import type { EngineInput } from '../../../contract/engine'
import type { NetworkPicture } from '../../../contract/networks'
import { NormscopeError, resultOf } from '../../../core/error'
import { layerWords } from '../../../core/figure/layer-maps'
import { listText } from '../../../core/figure/words'
import {
  featureMapsFigure,
  filtersFigure,
  STRIP_COLUMNS,
  TILE_COLUMNS
} from '../../../core/figure/tiles'
import type { FilterRow, MapRow } from '../../../core/figure/tiles'
import { activationOf } from '../../../core/network/activations'
import type { RunConfig } from '../../../core/network/config'
import { firstFilters, onStoredValues } from '../../../core/network/layers/first-filters'
import { forward } from '../../../core/network/layers/forward'
import { elements, planOn } from '../../../core/network/layers/plan'
import type { NetworkPlan } from '../../../core/network/layers/plan'
import { channelsOf } from '../../../core/network/layers/shape'
import { grouped } from '../../../core/numbers'
import { applier } from '../../../core/preprocessing/apply'
import { choiceRecord } from '../../../core/preprocessing/choices'
import { formRecord } from '../../../core/preprocessing/forms/forms'
import type { ChoiceSpec } from '../../../core/preprocessing/preprocessing'
import { SATURATION_THRESHOLD } from '../../../core/saturation/saturation'
import type { RunRecord } from '../../../core/study/run'
import { readRowsAt } from '../../data/rows'
import type { OpenSet } from '../dataset/open-set'
import { eachChoice } from './each-choice'
import { checkIndex } from './images'
import { initialWeightsOf } from './initial-weights'
import { fittedFor, inTurns, matchingRun, probeImages } from './network-states'

/** What pictures of networks need beside the open set. */
export interface KeptNetworks {
  readonly records: readonly RunRecord[]
  /** throws facts where they are not kept */
  readonly weightsOf: (run: RunRecord) => Promise<Float32Array>
}

/** One image in a layer of the networks, before training or after it. */
export async function featureMaps(
  set: OpenSet,
  input: EngineInput<'featureMaps'>,
  kept: KeptNetworks
): Promise<NetworkPicture> {
  const { split, index, activation, trained } = input
  checkIndex(set, split, index)
  const config = { ...input.config, activation }
  const plan = planOn(config, set.dataset)
  const at = Math.min(input.layer, plan.activated.length - 1)
  const layer = plan.activated[at]
  if (!layer) {
    throw new NormscopeError({
      code: 'no-hidden-layer',
      message:
        'The network has no hidden layer, so there is nothing between the image and the classes.'
    })
  }
  const needed = { nodes: plan.nodes.slice(0, layer.a + 1) }
  const own = activationOf(layer.activation, config)
  const bound = SATURATION_THRESHOLD * own.maxDerivative
  const saturated = (z: number): boolean => !(Math.abs(own.derivative(z)) >= bound)
  const probe = await probeImages(set, config)
  const pixels = await readRowsAt(set.dataset, split, [index])
  const missing = new Missing()
  const { found, problems } = await eachChoice(input.choices, async (choice) => {
    const of = { ...config, choice }
    const x = new Float32Array(pixels.length)
    applier(await fittedFor(set, of, probe))(pixels, x)
    const weights = trained
      ? await trainedWeights(set, of, plan, kept)
      : initialWeightsOf(set, of, plan)
    if ('missing' in weights) {
      missing.add(weights.missing, choice)
      return undefined
    }
    const outputs = await inTurns(forward(needed, weights, x, of))
    const { shortName, id } = choiceRecord(choice.id)
    return { name: shortName, group: id, z: outputs[layer.z]!, a: outputs[layer.a]!, saturated }
  })
  const rows = found.filter((row): row is MapRow & { group: ChoiceSpec['id'] } => row !== undefined)
  const count = channelsOf(layer.shape)
  const columns = Math.min(count, layer.shape.length === 1 ? STRIP_COLUMNS : TILE_COLUMNS)
  const from = pageOf(input.from, columns, count)
  const figure =
    rows.length > 0
      ? featureMapsFigure(rows, layer.shape, {
          layer: layerWords(plan.activated, at),
          image: `${split === 'test' ? 'Test' : 'Training'} image ${grouped(index)}`,
          from
        })
      : undefined
  return {
    ...(figure && { figure }),
    from,
    columns,
    count,
    rows: rows.length * 2,
    notes: missing.notes,
    problems
  }
}

/** The first weights of the networks as pictures, before training and after it where they are kept. */
export async function filters(
  set: OpenSet,
  { choices, activation, stored, ...input }: EngineInput<'filters'>,
  kept: KeptNetworks
): Promise<NetworkPicture> {
  const config = { ...input.config, activation }
  const plan = planOn(config, set.dataset)
  const first = firstFilters(plan)
  if (!first) {
    const none = 'The first layer with weights does not see the pixels in their places.'
    return { from: 0, columns: 0, count: 0, rows: 0, notes: [none], problems: [] }
  }
  const probe = await probeImages(set, config)
  const notes: string[] = []
  const missing = new Missing()
  if (stored && first.normalised) {
    notes.push(
      'A normalisation of the input stands before these weights: its scale is not in them.'
    )
  }
  const { found, problems } = await eachChoice(choices, async (choice): Promise<FilterRow[]> => {
    const { name, shortName, id } = choiceRecord(choice.id)
    const of = { ...config, choice }
    const fitted = await fittedFor(set, of, probe)
    const divisor = formRecord(fitted.form).affine?.(fitted.form)?.divisor
    const shown = (kernel: Float32Array): Float32Array | undefined =>
      stored ? divisor && onStoredValues(kernel, first, divisor) : kernel
    const start = shown(initialWeightsOf(set, of, plan)[first.kernel]!)
    if (!start) {
      const why = divisor
        ? 'it divides each place of the image by a number of its own, and a filter sees all places'
        : 'it is no shift and division by constants'
      notes.push(`${name}: no weights on stored values, for ${why}.`)
      return []
    }
    const rows = [{ name: `${shortName}, before`, group: `${id} before`, kernel: start }]
    const weights = await trainedWeights(set, of, plan, kept)
    if ('missing' in weights) missing.add(weights.missing, choice)
    else {
      const kernel = shown(weights[first.kernel]!)!
      rows.push({ name: `${shortName}, trained`, group: `${id} trained`, kernel })
    }
    return rows
  })
  const rows = together(found.flat(), stored)
  const columns = Math.min(first.count, first.channels > 1 ? TILE_COLUMNS / 2 : TILE_COLUMNS)
  const from = pageOf(input.from, columns, first.count)
  return {
    ...(rows.length > 0 && { figure: filtersFigure(rows, first, { from, stored }) }),
    ...{
      from,
      columns,
      count: first.count,
      rows: rows.length,
      notes: [...notes, ...missing.notes],
      problems
    }
  }
}

/** Why choices have no trained weights, those of one reason together. */
class Missing {
  readonly #choices = new Map<string, string[]>()

  add(reason: string, { id }: ChoiceSpec): void {
    this.#choices.set(reason, [...(this.#choices.get(reason) ?? []), choiceRecord(id).name])
  }

  get notes(): string[] {
    return [...this.#choices].map(([reason, names]) => `${listText(names)}: ${reason}`)
  }
}

/** Initial weights do not depend on the choice: as trained they are shown once. */
function together(rows: readonly FilterRow[], stored: boolean): FilterRow[] {
  const start = rows.find(({ group }) => group.endsWith(' before'))
  if (stored || !start) return [...rows]
  return [
    { ...start, name: 'before training' },
    ...rows.filter(({ group }) => !group.endsWith(' before'))
  ]
}

/** The weights that the latest finished run of a configuration ended with, or why there are none. */
async function trainedWeights(
  set: OpenSet,
  config: RunConfig,
  plan: NetworkPlan,
  { records, weightsOf }: KeptNetworks
): Promise<readonly Float32Array[] | { readonly missing: string }> {
  const finished = records.filter(({ status }) => status === 'finished')
  const run = matchingRun(finished, set.dataset.id, config)
  if (!run) return { missing: 'no run of this network has finished.' }
  const read = await resultOf(() => weightsOf(run))
  if (!read.ok) {
    const { message, hint } = read.error
    return { missing: `${message}${hint ? ` ${hint}` : ''}` }
  }
  let from = 0
  const weights = plan.parameters.map((parameter) => {
    const own = read.value.subarray(from, from + elements(parameter))
    from += own.length
    return own
  })
  return from === read.value.length
    ? weights
    : { missing: 'its kept weights are not as many as the network has.' }
}

/** The first picture of the page that a picture is on. */
function pageOf(wanted: number, columns: number, count: number): number {
  return Math.floor(Math.min(wanted, count - 1) / columns) * columns
}
