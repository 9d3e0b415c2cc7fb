import type { ActivationPanel, Activations, EngineInput } from '../../../contract/engine'
import { featuresOf } from '../../../core/dataset/dataset'
import {
  derivativeFigure,
  SATURATION_MAP,
  saturationFigure
} from '../../../core/figure/activations'
import { activationOf } from '../../../core/network/activations'
import type { ActivationId } from '../../../core/network/activations'
import type { RunConfig } from '../../../core/network/config'
import { initialStd, initialWeights, outputUnits } from '../../../core/network/weights'
import { applier, withInput } from '../../../core/preprocessing/apply'
import type { ChoiceSpec } from '../../../core/preprocessing/preprocessing'
import {
  predictedSpread,
  preactivationSummary,
  saturationPerUnit
} from '../../../core/saturation/saturation'
import { mean } from '../../../core/statistics/mean'
import type { LayerRecord, RunRecord } from '../../../core/study/run'
import { readRows } from '../../data/rows'
import type { OpenSet } from '../dataset/open-set'
import { yieldToEventLoop } from '../event-loop'
import { distributionOf } from './distributions'

interface EpochLayer {
  readonly epoch: number
  readonly layer: LayerRecord
}

/** First layers of the runs, or of networks with their initial weights where there is no run. */
export async function activations(
  set: OpenSet,
  { choices, activation, epoch, config }: EngineInput<'activations'>,
  records: readonly RunRecord[]
): Promise<Activations> {
  const split = set.dataset.splits.test ? 'test' : 'train'
  const probeCount = Math.min(config.probeImages, set.count(split))
  const initial = new Map<string, Promise<Float32Array>>()
  const startOf = (choice: ChoiceSpec): Promise<Float32Array> => {
    const key = JSON.stringify(choice)
    if (!initial.has(key)) initial.set(key, initialZ(set, choice, config, probeCount))
    return initial.get(key)!
  }
  const layersOf = async (choice: ChoiceSpec, id: ActivationId) => {
    const run = matchingRun(records, set.dataset.id, { ...config, choice, activation: id })
    const trained = (run?.epochs ?? []).flatMap(({ epoch: at, layers }): EpochLayer[] =>
      layers[0] ? [{ epoch: at, layer: layers[0] }] : []
    )
    if (trained.length > 0) return { runId: run?.id, layers: trained }
    const layer = layerOf(await startOf(choice), config, id)
    return { layers: [{ epoch: 0, layer }] }
  }
  let lastEpoch = 0
  const panels = await Promise.all(
    choices.map(async (choice): Promise<ActivationPanel> => {
      const { runId, layers } = await layersOf(choice, activation)
      const last = layers[layers.length - 1]!
      lastEpoch = Math.max(lastEpoch, last.epoch)
      const shown = layers.find((each) => each.epoch === epoch) ?? last
      const record = activationOf(activation, config)
      const { preactivation, saturation } = shown.layer
      const saturatedFraction = mean(saturation) ?? 0
      const figure = derivativeFigure(choice, record, preactivation, saturatedFraction)
      const predictedStd =
        shown.epoch === 0 && config.hidden.length > 0
          ? await predicted(set, choice, config)
          : undefined
      return {
        choice,
        figure,
        std: preactivation.std,
        saturatedFraction,
        ...(predictedStd === undefined ? {} : { predictedStd }),
        ...(runId ? { runId } : {})
      }
    })
  )
  const mapped = await Promise.all(
    SATURATION_MAP.map((id) =>
      Promise.all(choices.map(async (choice) => ({ choice, ...(await layersOf(choice, id)) })))
    )
  )
  // every map keeps the place of the epochs that a training would have
  const reached = mapped.flat().map(({ layers }) => layers[layers.length - 1]!.epoch)
  const mapEnd = Math.max(config.epochs, ...reached)
  const heatmaps = mapped.map((networks, at) => ({
    activation: SATURATION_MAP[at]!,
    cells: networks.map(({ choice, runId, layers }) => {
      const rows = layers.map(({ epoch: of, layer: { saturation } }) => ({ epoch: of, saturation }))
      const options = { probeCount, lastEpoch: mapEnd, trained: runId !== undefined }
      const record = activationOf(SATURATION_MAP[at]!, config)
      const figure = saturationFigure(choice, record, rows, options)
      return { choice, figure, ...(runId ? { runId } : {}) }
    })
  }))
  return { panels, heatmaps, lastEpoch, probeCount, probeSplit: split }
}

/** The latest run on this data set that differs from the configuration in nothing that matters here. */
function matchingRun(
  records: readonly RunRecord[],
  datasetId: string,
  wanted: RunConfig
): RunRecord | undefined {
  const key = (config: RunConfig): string => JSON.stringify({ ...config, epochs: 0 })
  return records
    .filter((run) => run.datasetId === datasetId && run.epochs.length > 0)
    .filter((run) => key(run.config) === key(wanted))
    .reduce<RunRecord | undefined>(
      (latest, run) => (!latest || run.createdAt >= latest.createdAt ? run : latest),
      undefined
    )
}

/** Pre-activations of the first layer with initial weights, probe images x units, row-major. */
async function initialZ(
  set: OpenSet,
  choice: ChoiceSpec,
  config: RunConfig,
  probeCount: number
): Promise<Float32Array> {
  const features = featuresOf(set.dataset)
  const units = config.hidden[0] ?? 0
  const out = new Float32Array(probeCount * units)
  if (units === 0) return out
  const apply = applier(withInput(await set.fitted(choice), config.input))
  const outputs = outputUnits(config, Math.max(2, set.dataset.classNames.length))
  const [kernel, bias] = initialWeights(config, features, outputs) as [Float32Array, Float32Array]
  const split = set.dataset.splits.test ? 'test' : 'train'
  const pixels = await readRows(set.dataset, split, 0, probeCount)
  const x = new Float32Array(features)
  const sums = new Float64Array(units)
  for (let image = 0; image < probeCount; image++) {
    if (image % 50 === 49) await yieldToEventLoop()
    apply(pixels.subarray(image * features, (image + 1) * features), x)
    sums.set(bias)
    for (let i = 0; i < features; i++) {
      const value = x[i]!
      if (value === 0) continue
      const row = i * units
      for (let unit = 0; unit < units; unit++) sums[unit]! += value * kernel[row + unit]!
    }
    out.set(sums, image * units)
  }
  return out
}

function layerOf(z: Float32Array, config: RunConfig, activation: ActivationId): LayerRecord {
  const units = config.hidden[0] ?? 0
  const record = activationOf(activation, config)
  return {
    units,
    saturation: saturationPerUnit(z, units, record),
    preactivation: preactivationSummary(z)
  }
}

async function predicted(set: OpenSet, choice: ChoiceSpec, config: RunConfig): Promise<number> {
  const features = featuresOf(set.dataset)
  const units = config.hidden[0]!
  const std = initialStd(config, 0, { inputs: features, outputs: units })
  const { mean: means, std: stds } = await distributionOf(set, choice, 'train')
  const { scale } = config.input
  const offset = config.startBias === 'undo-offset' ? 0 : config.input.offset
  const square = mean(
    means.map((value, channel) => (scale * value + offset) ** 2 + (scale * stds[channel]!) ** 2)
  )!
  return predictedSpread(features, std, square)
}
