import type { EngineInput } from '../../../contract/engine'
import type { ActivationPanel, Activations } from '../../../contract/networks'
import { featuresOf } from '../../../core/dataset/dataset'
import {
  derivativeFigure,
  SATURATION_MAP,
  saturationFigure
} from '../../../core/figure/activations'
import { layerMaps, layerWords, unitsText } from '../../../core/figure/layer-maps'
import type { LayeredNetwork } from '../../../core/figure/layer-maps'
import { activationOf } from '../../../core/network/activations'
import type { ActivationId } from '../../../core/network/activations'
import type { RunConfig } from '../../../core/network/config'
import { weightedLayers, planOn } from '../../../core/network/layers/plan'
import type { NetworkPlan } from '../../../core/network/layers/plan'
import { initialStd } from '../../../core/network/weights'
import { percent, plain } from '../../../core/numbers'
import { choiceRecord } from '../../../core/preprocessing/choices'
import type { ChoiceSpec } from '../../../core/preprocessing/preprocessing'
import { predictedSpread } from '../../../core/saturation/saturation'
import { mean } from '../../../core/statistics/mean'
import type { ResultTable } from '../../../core/experiment/kind'
import type { RunRecord } from '../../../core/study/run'
import type { OpenSet } from '../dataset/open-set'
import { distributionOf } from './distributions'
import { eachChoice } from './each-choice'
import { fittedFor, networkStates, probeImages } from './network-states'
import type { NetworkStates } from './network-states'

/** A network of a choice, and what is known of it. */
interface Shown extends NetworkStates {
  readonly choice: ChoiceSpec
}

/** Of a network without an activation. */
const NOTHING: Omit<Activations, 'problems' | 'probe' | 'panelProbe'> = {
  panels: [],
  heatmaps: [],
  lastEpoch: 0,
  layer: 0,
  layers: [],
  table: { columns: [], rows: [], title: '' },
  maps: [],
  notes: []
}

/** A layer of the runs, or of networks with their initial weights where there is no run; and all layers in short. */
export async function activations(
  set: OpenSet,
  { choices: asked, activation, epoch, config, layer: wanted = 0 }: EngineInput<'activations'>,
  records: readonly RunRecord[]
): Promise<Activations> {
  const probe = await probeImages(set, config)
  const { found: choices, problems } = await eachChoice(asked, async (choice) => {
    await fittedFor(set, { ...config, choice }, probe)
    return choice
  })
  const plan = planOn({ ...config, activation }, set.dataset)
  const at = Math.min(wanted, plan.activated.length - 1)
  const words = layerWords(plan.activated, at)
  if (at < 0) return { ...NOTHING, problems, probe: probe.text, panelProbe: probe.text }
  const networksOf = async (id: ActivationId): Promise<Shown[]> => {
    const found: Shown[] = []
    for (const choice of choices) {
      const of = { ...config, choice, activation: id }
      found.push({ choice, ...(await networkStates(set, of, records, probe)) })
    }
    return found
  }
  const shown = await networksOf(activation)
  const lastEpoch = Math.max(0, ...shown.map(({ epochs }) => endOf(epochs)))
  const own = plan.activated[at]?.activation ?? activation
  const panels = await Promise.all(
    shown.map(async ({ choice, runId, epochs, probe: images }): Promise<ActivationPanel> => {
      const state = stateAt(epochs, epoch)
      const { preactivation, saturation } = state.layers[at]!
      const saturatedFraction = mean(saturation) ?? 0
      const record = activationOf(own, config)
      const share = [choice, record, preactivation, saturatedFraction] as const
      const predictedStd =
        state.epoch === 0 && at === 0 && firstDense(config) !== undefined
          ? await predicted(set, choice, config)
          : undefined
      return {
        choice,
        figure: derivativeFigure(...share, images, words),
        std: preactivation.std,
        saturatedFraction,
        ...(predictedStd === undefined ? {} : { predictedStd }),
        ...(runId ? { runId } : {})
      }
    })
  )
  const mapped: { id: ActivationId; networks: Shown[] }[] = []
  for (const id of new Set([...(isMapped(activation) ? [] : [activation]), ...SATURATION_MAP])) {
    mapped.push({ id, networks: id === activation ? shown : await networksOf(id) })
  }
  // every map keeps the place of the epochs that a training would have
  const reached = mapped.flatMap(({ networks }) => networks.map(({ epochs }) => endOf(epochs)))
  const mapEnd = Math.max(config.epochs, ...reached)
  const heatmaps = mapped.map(({ id, networks }) => ({
    activation: id,
    cells: networks.map(({ choice, runId, epochs, probe: images }) => {
      const rows = epochs.map(({ epoch: of, layers }) => ({
        epoch: of,
        saturation: layers[at]!.saturation
      }))
      const trained = runId !== undefined
      const options = { probe: images, lastEpoch: mapEnd, trained, layer: words }
      const figure = saturationFigure(choice, activationOf(id, config), rows, options)
      return { choice, figure, ...(runId ? { runId } : {}) }
    })
  }))
  const all = mapped.flatMap(({ networks }) => networks)
  const probes = [...new Set(all.map((network) => network.probe))].join('; ')
  const weighted = weightedLayers(config.layers)
  const layered = (names: readonly string[]): LayeredNetwork[] =>
    shown.map(({ choice, epochs }) => ({ choice, names, epochs }))
  const measured = plan.activated.map(({ name }) => name)
  const panelProbe = [...new Set(shown.map((network) => network.probe))].join('; ')
  const of = `${activationOf(activation, config).name}; ${panelProbe}; epoch 0 is before training`
  return {
    panels,
    heatmaps,
    problems,
    lastEpoch,
    probe: probes,
    panelProbe,
    layer: Math.max(0, at),
    layers: plan.activated.map((each, place) => ({
      name: each.name,
      of: layerWords(plan.activated, place).of,
      units: unitsText(each)
    })),
    table: layerTable(shown, plan, epoch),
    maps: [
      layerMaps('gradient', layered(weighted), of),
      // one row alone says no more than the table
      ...(measured.length > 1
        ? [layerMaps('saturated', layered(measured), of), layerMaps('dead', layered(measured), of)]
        : [])
    ].flatMap((sheet) => sheet ?? []),
    notes: notesOf(plan, shown, probe.note, epoch)
  }
}

/** What a reader must know of the numbers. */
function notesOf(
  { nodes }: NetworkPlan,
  shown: readonly Shown[],
  fewer: string | undefined,
  epoch: number
): string[] {
  const untrained = shown.some(({ runId }) => runId === undefined)
  const atStart = shown.some(({ epochs }) => stateAt(epochs, epoch).epoch === 0)
  return [
    ...(fewer && untrained ? [fewer] : []),
    ...(atStart && nodes.some(({ op }) => op === 'batch-norm')
      ? [
          'Before training, batch normalisation has moving means of 0 and variances of 1: at rest it passes values on as they are. In training it normalises from the first step.'
        ]
      : [])
  ]
}

/** All layers after an epoch: a row a choice and layer. */
function layerTable(
  networks: readonly Shown[],
  { activated, layers }: NetworkPlan,
  epoch: number
): ResultTable {
  const weighted = layers.flatMap(({ weights }, at) => (weights > 0 ? [at] : []))
  const normOf = (norms: readonly number[], layer: number): number | undefined =>
    norms[weighted.indexOf(layer)]
  const rows = networks.flatMap(({ choice, epochs }) => {
    const state = stateAt(epochs, epoch)
    return activated.map((each, at) => {
      const { preactivation, saturation, deadUnitFraction: dead } = state.layers[at]!
      const norm = normOf(state.gradientNorms, each.layer)
      return [
        choiceRecord(choice.id).name,
        each.name,
        `${state.epoch}`,
        unitsText(each),
        Number.isFinite(preactivation.std) ? plain(preactivation.std, 3) : 'not finite',
        percent(mean(saturation)),
        dead === undefined ? '–' : percent(dead),
        norm === undefined ? '–' : plain(norm, 3)
      ]
    })
  })
  const words = ['choice', 'layer', 'epoch', 'units'].map((title) => ({ title }))
  const numbers = ['std of z', 'saturated', 'dead units', 'gradient norm'].map((title) => ({
    title,
    right: true
  }))
  const title = 'All layers'
  return { title, columns: [...words, ...numbers], rows }
}

function stateAt(epochs: NetworkStates['epochs'], epoch: number): NetworkStates['epochs'][number] {
  return epochs.find((each) => each.epoch === epoch) ?? epochs[epochs.length - 1]!
}

function endOf(epochs: NetworkStates['epochs']): number {
  return epochs[epochs.length - 1]?.epoch ?? 0
}

function isMapped(activation: ActivationId): boolean {
  return SATURATION_MAP.includes(activation)
}

async function predicted(set: OpenSet, choice: ChoiceSpec, config: RunConfig): Promise<number> {
  const features = featuresOf(set.dataset)
  const units = firstDense(config)!
  const std = initialStd(config, { inputs: features, outputs: units })
  const { mean: means, std: stds } = await distributionOf(set, choice, 'train')
  const { scale } = config.input
  const offset = config.startBias === 'undo-offset' ? 0 : config.input.offset
  const square = mean(
    means.map((value, channel) => (scale * value + offset) ** 2 + (scale * stds[channel]!) ** 2)
  )!
  return predictedSpread(features, std, square)
}

/** Units of the first layer where it is dense. */
function firstDense({ layers: [first] }: RunConfig): number | undefined {
  return first?.kind === 'dense' ? first.units : undefined
}
