import { featuresOf, isLabelled } from '../../../core/dataset/dataset'
import type { Dataset, SplitName } from '../../../core/dataset/dataset'
import { drawProbe, rowsOfRun, runLabels } from '../../../core/dataset/draw'
import { ACTIVATIONS, activationOf } from '../../../core/network/activations'
import type { ActivationId } from '../../../core/network/activations'
import type { RunConfig } from '../../../core/network/config'
import { forward } from '../../../core/network/layers/forward'
import { planOn } from '../../../core/network/layers/plan'
import type { NetworkPlan } from '../../../core/network/layers/plan'
import { channelsOf, sizeOfShape } from '../../../core/network/layers/shape'
import { idsOf } from '../../../core/network/setting'
import { grouped } from '../../../core/numbers'
import { applier, withInput } from '../../../core/preprocessing/apply'
import type { FittedPreprocessing } from '../../../core/preprocessing/preprocessing'
import { PreactivationMeter } from '../../../core/saturation/saturation'
import { canonicalJson } from '../../../core/study/json'
import { probeText, probeTextOf } from '../../../core/study/probe'
import type { EpochRecord, LayerRecord, RunRecord } from '../../../core/study/run'
import { labelsIfAny } from '../../data/labels'
import { readRowsAt, splitOf } from '../../data/rows'
import { checkFinite } from '../dataset/finite'
import type { OpenSet } from '../dataset/open-set'
import { yieldToEventLoop } from '../../processes/event-loop'
import { kernelsHere } from '../../statistics/kernels-here'
import { initialWeightsOf } from './initial-weights'

/**
 * Multiply-adds that the initial weights of one network may cost: half a second or so. A convolution has many
 * places in each image, so fewer images tell as much.
 */
const MAX_WORK = 300_000_000
const MAX_WORK_CONVOLVED = 100_000_000
/** Pre-activations that are held for it: 16 MB. */
const MAX_VALUES = 4_000_000
/** Multiply-adds between two turns of other work. */
const SLICE = 1_000_000
const VALUES_AT_ONCE = 200_000

/** What is known of the layers of a network: from its run, or from its initial weights where there is none. */
export interface NetworkStates {
  readonly runId?: string
  /** the images measured on, in words */
  readonly probe: string
  /** at least one; 0 is before training */
  readonly epochs: readonly Pick<EpochRecord, 'epoch' | 'layers' | 'gradientNorms'>[]
}

/** States of a configuration with an activation in place of its own; initial ones are computed once. */
export async function networkStates(
  set: OpenSet,
  config: RunConfig,
  records: readonly RunRecord[],
  probe: ProbeImages
): Promise<NetworkStates> {
  const run = matchingRun(records, set.dataset.id, config)
  const trained = (run?.epochs ?? []).filter(({ layers }) => layers.length > 0)
  if (run && trained.length > 0) {
    return { runId: run.id, epochs: trained, probe: probeTextOf(run) }
  }
  const layers = await initialLayers(set, config, probe)
  return { epochs: [{ epoch: 0, layers, gradientNorms: [] }], probe: probe.text }
}

/** The latest run on this data set that differs from the configuration in nothing that matters here. */
export function matchingRun(
  records: readonly RunRecord[],
  datasetId: string,
  wanted: RunConfig
): RunRecord | undefined {
  const key = (config: RunConfig): string => canonicalJson({ ...config, epochs: 0 })
  const sought = key(wanted)
  return records
    .filter((run) => run.datasetId === datasetId && run.epochs.length > 0)
    .filter((run) => key(run.config) === sought)
    .reduce<RunRecord | undefined>(
      (latest, run) => (!latest || run.createdAt >= latest.createdAt ? run : latest),
      undefined
    )
}

/** Images on which networks are measured before there is a run. */
export interface ProbeImages {
  readonly dataset: Dataset
  readonly split: SplitName
  readonly rows: Int32Array
  readonly text: string
  /** why there are fewer than a run is measured on */
  readonly note?: string
}

/**
 * Those on which a run of this configuration would be measured, or fewer where the network is large;
 * without labels, of the test or training images.
 */
export async function probeImages(set: OpenSet, config: RunConfig): Promise<ProbeImages> {
  const dataset = isLabelled(set.dataset.splits.train) ? await set.trainingSet() : set.dataset
  const { classes, probeImages: wanted } = config
  const most = Math.min(wanted, imagesFor(planOn(config, dataset)))
  // every picture of a network asks for them, and drawing takes all labels
  const drawn = await set.remember(`probe ${JSON.stringify([classes, wanted, most])}`, () =>
    drawnImages(dataset, classes, wanted, most)
  )
  return { dataset, ...drawn }
}

async function drawnImages(
  dataset: Dataset,
  classes: RunConfig['classes'],
  wanted: number,
  most: number
): Promise<Omit<ProbeImages, 'dataset'>> {
  const split = dataset.splits.test ? 'test' : 'train'
  const { count, classCounts } = splitOf(dataset, split)
  const labels = (await labelsIfAny(dataset, split)) ?? new Int32Array(count)
  const own = rowsOfRun(labels, { classes })
  const rows = drawProbe(runLabels(labels, own, classes), most).map((place) => own[place]!)
  const counts = classes ? classes.map((label) => classCounts?.[label] ?? 0) : classCounts
  const text = probeText({ split, count: rows.length }, counts)
  const run = Math.min(wanted, own.length)
  const note = `Before training, this network is measured on ${text}, as it is large; a run is measured on ${grouped(run)}.`
  const fewer = rows.length < run
  return { split, rows, text, ...(fewer && { note }) }
}

/** Images whose way through a network takes about half a second. */
function imagesFor(plan: NetworkPlan): number {
  const values = plan.activated.reduce((sum, { shape }) => sum + sizeOfShape(shape), 1)
  const convolved = plan.nodes.some(({ op }) => op === 'conv')
  const work = convolved ? MAX_WORK_CONVOLVED : MAX_WORK
  return Math.max(1, Math.floor(Math.min(work / workOf(plan), MAX_VALUES / values)))
}

/** What such a run's network would be given. */
export async function fittedFor(
  set: OpenSet,
  { choice, input, limit, classes }: RunConfig,
  { dataset, split }: Pick<ProbeImages, 'dataset' | 'split'>
): Promise<FittedPreprocessing> {
  const fitted = isLabelled(dataset.splits.train)
    ? await set.fittedForRuns(choice, { limit, classes })
    : await set.fitted(choice)
  const given = withInput(fitted, input)
  const summary = dataset === set.dataset ? await set.summary(split) : await set.testSummary({})
  await checkFinite(dataset, split, given, summary)
  return given
}

/** Layers of a network with its initial weights; computed once. */
async function initialLayers(
  set: OpenSet,
  config: RunConfig,
  probe: ProbeImages
): Promise<readonly LayerRecord[]> {
  const plan = planOn(config, probe.dataset)
  const [first, second] = plan.activated
  if (!first) return []
  // pre-activations of the first layer do not depend on its activation
  const shared = !second && first.activation === config.activation
  const ids = shared ? idsOf(ACTIVATIONS) : [config.activation]
  const { activation: _, ...rest } = config
  const key = canonicalJson(shared ? rest : config)
  const found = await set.remember(`initial layers ${key}`, async () => {
    const z = await initialZ(set, config, probe, plan)
    const { kernels } = kernelsHere()
    const made = new Map<ActivationId, LayerRecord[]>()
    for (const id of ids) {
      const layers: LayerRecord[] = []
      for (const [at, each] of plan.activated.entries()) {
        const activation = shared ? id : each.activation
        const units = channelsOf(each.shape)
        const meter = new PreactivationMeter(units, activationOf(activation, config), kernels)
        await metered(meter, z[at]!, units)
        const { saturation, summary: preactivation } = meter
        layers.push({ name: each.name, activation, units, saturation, preactivation })
      }
      made.set(id, layers)
    }
    return made
  })
  return found.get(config.activation)!
}

/** Both readings of a layer's values, in pieces. */
async function metered(meter: PreactivationMeter, z: Float32Array, units: number): Promise<void> {
  const piece = Math.ceil(VALUES_AT_ONCE / units) * units
  for (const reading of ['first', 'second'] as const) {
    for (let from = 0; from < z.length; from += piece) {
      meter[reading](z.subarray(from, from + piece))
      if (from + piece < z.length) await yieldToEventLoop()
    }
  }
}

/** Pre-activations of each measured layer with initial weights, probe images x values. */
async function initialZ(
  set: OpenSet,
  config: RunConfig,
  probe: ProbeImages,
  plan: NetworkPlan
): Promise<readonly Float32Array[]> {
  const { dataset, split, rows } = probe
  const { activated } = plan
  const found = activated.map(({ shape }) => new Float32Array(rows.length * sizeOfShape(shape)))
  const needed = { nodes: plan.nodes.slice(0, Math.max(...activated.map(({ z }) => z)) + 1) }
  const apply = applier(await fittedFor(set, config, probe))
  const weights = initialWeightsOf(set, config, plan)
  const features = featuresOf(dataset)
  const pixels = await readRowsAt(dataset, split, rows)
  const x = new Float32Array(features)
  const work = workOf(plan)
  let since = 0
  for (let image = 0; image < rows.length; image++) {
    apply(pixels.subarray(image * features, (image + 1) * features), x)
    const outputs = await inTurns(forward(needed, weights, x, config))
    activated.forEach(({ z, shape }, at) => found[at]!.set(outputs[z]!, image * sizeOfShape(shape)))
    since += work
    if (since < SLICE) continue
    since = 0
    await yieldToEventLoop()
  }
  return found
}

/** Multiply-adds of one image. */
function workOf({ layers }: NetworkPlan): number {
  return layers.reduce((sum, { work }) => sum + work, 0)
}

/** The result of work in pieces; other work gets its turn between them. */
export async function inTurns<T>(steps: Generator<void, T>): Promise<T> {
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
    await yieldToEventLoop()
  }
}
