import type { ActivationPanel, Activations, EngineInput } from '../../../contract/engine'
import { featuresOf, isLabelled } from '../../../core/dataset/dataset'
import type { Dataset, SplitName } from '../../../core/dataset/dataset'
import { drawProbe, rowsOfRun, runLabels } from '../../../core/dataset/draw'
import {
  derivativeFigure,
  SATURATION_MAP,
  saturationFigure
} from '../../../core/figure/activations'
import { activationOf } from '../../../core/network/activations'
import type { ActivationId } from '../../../core/network/activations'
import type { RunConfig } from '../../../core/network/config'
import { networkPlan } from '../../../core/network/layers/plan'
import { initialStd, initialWeights } from '../../../core/network/weights'
import { applier, withInput } from '../../../core/preprocessing/apply'
import type { ChoiceSpec, FittedPreprocessing } from '../../../core/preprocessing/preprocessing'
import { predictedSpread, meterOf } from '../../../core/saturation/saturation'
import { mean } from '../../../core/statistics/mean'
import { canonicalJson } from '../../../core/study/json'
import { probeText, probeTextOf } from '../../../core/study/probe'
import type { LayerRecord, RunRecord } from '../../../core/study/run'
import { labelsIfAny, readRowsAt, splitOf } from '../../data/rows'
import { checkFinite } from '../dataset/finite'
import type { OpenSet } from '../dataset/open-set'
import { yieldToEventLoop } from '../event-loop'
import { distributionOf } from './distributions'
import { eachChoice } from './each-choice'

interface EpochLayer {
  readonly epoch: number
  readonly layer: LayerRecord
}

/** First layers of the runs, or of networks with their initial weights where there is no run. */
export async function activations(
  set: OpenSet,
  { choices: asked, activation, epoch, config }: EngineInput<'activations'>,
  records: readonly RunRecord[]
): Promise<Activations> {
  const probe = await probeImages(set, config)
  const { found: choices, problems } = await eachChoice(asked, async (choice) => {
    await fittedFor(set, choice, config, probe)
    return choice
  })
  const initial = new Map<string, Promise<Float32Array>>()
  const startOf = (choice: ChoiceSpec): Promise<Float32Array> => {
    const key = JSON.stringify(choice)
    if (!initial.has(key)) initial.set(key, initialZ(set, choice, config, probe))
    return initial.get(key)!
  }
  const layersOf = async (choice: ChoiceSpec, id: ActivationId) => {
    const run = matchingRun(records, set.dataset.id, { ...config, choice, activation: id })
    const trained = (run?.epochs ?? []).flatMap(({ epoch: at, layers }): EpochLayer[] =>
      layers[0] ? [{ epoch: at, layer: layers[0] }] : []
    )
    if (run && trained.length > 0) {
      return { runId: run.id, layers: trained, probe: probeTextOf(run) }
    }
    const layer = layerOf(await startOf(choice), config, id)
    return { layers: [{ epoch: 0, layer }], probe: probe.text }
  }
  let lastEpoch = 0
  const probes = new Set<string>()
  const panels = await Promise.all(
    choices.map(async (choice): Promise<ActivationPanel> => {
      const { runId, layers, probe: images } = await layersOf(choice, activation)
      probes.add(images)
      const last = layers[layers.length - 1]!
      lastEpoch = Math.max(lastEpoch, last.epoch)
      const shown = layers.find((each) => each.epoch === epoch) ?? last
      const record = activationOf(activation, config)
      const { preactivation, saturation } = shown.layer
      const saturatedFraction = mean(saturation) ?? 0
      const figure = derivativeFigure(choice, record, preactivation, saturatedFraction, images)
      const predictedStd =
        shown.epoch === 0 && firstDense(config) !== undefined
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
    cells: networks.map(({ choice, runId, layers, probe: images }) => {
      probes.add(images)
      const rows = layers.map(({ epoch: of, layer: { saturation } }) => ({ epoch: of, saturation }))
      const options = { probe: images, lastEpoch: mapEnd, trained: runId !== undefined }
      const record = activationOf(SATURATION_MAP[at]!, config)
      const figure = saturationFigure(choice, record, rows, options)
      return { choice, figure, ...(runId ? { runId } : {}) }
    })
  }))
  return { panels, heatmaps, problems, lastEpoch, probe: [...probes].join('; ') }
}

/** The latest run on this data set that differs from the configuration in nothing that matters here. */
function matchingRun(
  records: readonly RunRecord[],
  datasetId: string,
  wanted: RunConfig
): RunRecord | undefined {
  const key = (config: RunConfig): string => canonicalJson({ ...config, epochs: 0 })
  return records
    .filter((run) => run.datasetId === datasetId && run.epochs.length > 0)
    .filter((run) => key(run.config) === key(wanted))
    .reduce<RunRecord | undefined>(
      (latest, run) => (!latest || run.createdAt >= latest.createdAt ? run : latest),
      undefined
    )
}

/** Images on which networks are measured before there is a run. */
interface ProbeImages {
  readonly dataset: Dataset
  readonly split: SplitName
  readonly rows: Int32Array
  readonly text: string
}

/** Those on which a run of this configuration would be measured; without labels, of the test or training images. */
async function probeImages(set: OpenSet, config: RunConfig): Promise<ProbeImages> {
  const dataset = isLabelled(set.dataset.splits.train) ? await set.trainingSet() : set.dataset
  const split = dataset.splits.test ? 'test' : 'train'
  const { count, classCounts } = splitOf(dataset, split)
  const labels = (await labelsIfAny(dataset, split)) ?? new Int32Array(count)
  const { classes, probeImages: most } = config
  const own = rowsOfRun(labels, { classes })
  const rows = drawProbe(runLabels(labels, own, classes), most).map((place) => own[place]!)
  const counts = classes ? classes.map((label) => classCounts?.[label] ?? 0) : classCounts
  return { dataset, split, rows, text: probeText({ split, count: rows.length }, counts) }
}

/** What such a run's network would be given. */
async function fittedFor(
  set: OpenSet,
  choice: ChoiceSpec,
  config: RunConfig,
  { dataset, split }: ProbeImages
): Promise<FittedPreprocessing> {
  const fitted = isLabelled(dataset.splits.train)
    ? await set.fittedForRuns(choice, config)
    : await set.fitted(choice)
  const given = withInput(fitted, config.input)
  const summary = dataset === set.dataset ? await set.summary(split) : await set.testSummary({})
  await checkFinite(dataset, split, given, summary)
  return given
}

/** Pre-activations of the first layer with initial weights, probe images x units, row-major. */
async function initialZ(
  set: OpenSet,
  choice: ChoiceSpec,
  config: RunConfig,
  probe: ProbeImages
): Promise<Float32Array> {
  const { dataset, split, rows } = probe
  const features = featuresOf(dataset)
  const units = firstDense(config) ?? 0
  const out = new Float32Array(rows.length * units)
  if (units === 0) return out
  const apply = applier(await fittedFor(set, choice, config, probe))
  const { height, width, channels } = dataset
  const plan = networkPlan(
    config,
    [height, width, channels],
    Math.max(2, dataset.classNames.length)
  )
  const [kernel, bias] = initialWeights(config, plan) as [Float32Array, Float32Array]
  const pixels = await readRowsAt(dataset, split, rows)
  const x = new Float32Array(features)
  const sums = new Float64Array(units)
  for (let image = 0; image < rows.length; image++) {
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
  const units = firstDense(config) ?? 0
  const { saturation, summary } = meterOf(z, units, activationOf(activation, config))
  return { units, saturation, preactivation: summary }
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
