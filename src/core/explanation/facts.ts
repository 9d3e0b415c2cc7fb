import { activationOf } from '../network/activations'
import type { RunConfig } from '../network/config'
import { hasBatchNorm, hasDropout } from '../network/layers/first-layer'
import { positionsOf } from '../network/layers/shape'
import { RESIDUAL_MOMENTUM } from '../network/layers/kinds/residual'
import type { InputSummary } from '../preprocessing/input-summary'
import { mean } from '../statistics/mean'
import { decodeWrong } from '../study/predictions'
import { chanceOf } from '../study/run'
import type { EpochRecord, LayerRecord, RunRecord } from '../study/run'
import { planOf, startScale } from './start-scale'
import type { StartScale } from './start-scale'

/** What changes how wide the pre-activations are, and nothing else of the network. */
export const WIDTH_KEYS: readonly (keyof RunConfig)[] = [
  ...(['choice', 'input', 'startBias', 'initialiser', 'initialStd'] as const),
  ...(['initFactors', 'stepFactors'] as const)
]

/** By how much a run beside it is more often right where something costs: our convention. */
export const COST_THRESHOLD = 0.03

/** The last epoch after training began. */
export function lastEpoch(record: RunRecord): EpochRecord | undefined {
  const last = record.epochs.at(-1)
  return last && last.epoch > 0 ? last : undefined
}

/** Of the test images, or of the training images where there is no test split; in [0, 1]. */
export function accuracyOf(epoch: EpochRecord | undefined): number | undefined {
  return epoch && (epoch.testAccuracy ?? epoch.trainAccuracy)
}

/** What the rules of the findings read: an ended run, and the runs beside it. */
export interface RunFacts {
  readonly record: RunRecord
  readonly config: RunConfig
  /** before training */
  readonly start?: EpochRecord
  /** in order, without epoch 0 */
  readonly epochs: readonly EpochRecord[]
  readonly last?: EpochRecord
  readonly accuracy?: number
  readonly chance?: number
  readonly input?: InputSummary
  /** steps of all completed epochs */
  readonly steps: number
  readonly scale?: StartScale
  /** finished runs of the same images whose configuration is equal but for these keys */
  siblings(...keys: readonly (keyof RunConfig)[]): readonly RunRecord[]
}

export function factsOf(record: RunRecord, all: readonly RunRecord[]): RunFacts {
  const { config } = record
  const epochs = record.epochs.filter(({ epoch }) => epoch > 0)
  const start = record.epochs.find(({ epoch }) => epoch === 0)
  const last = lastEpoch(record)
  const without = (of: RunConfig, keys: readonly string[]): string =>
    JSON.stringify({ ...of, ...Object.fromEntries(keys.map((key) => [key, undefined])) })
  return {
    record,
    config,
    start,
    epochs,
    last,
    accuracy: accuracyOf(last),
    chance: chanceOf(record),
    input: record.inputSummary,
    steps: Math.ceil(record.trainCount / config.batch) * epochs.length,
    scale: startScale(record, start),
    siblings(...keys) {
      const own = without(config, keys)
      return all.filter(
        (other) =>
          other.status === 'finished' &&
          other.datasetId === record.datasetId &&
          other.id !== record.id &&
          without(other.config, keys) === own
      )
    }
  }
}

/**
 * Pre-activations between these stds leave a network what it needs: below, the classes are told
 * apart by next to nothing; above, logits and steps are of another size than the loss expects.
 */
export const ORDINARY_SIGMA = { min: 0.02, max: 5 } as const

/** Whether training began with pre-activations of an ordinary spread; undefined where unknown. */
export function ordinaryStart({ scale }: RunFacts): boolean | undefined {
  if (!scale) return undefined
  return scale.sigma >= ORDINARY_SIGMA.min && scale.sigma <= ORDINARY_SIGMA.max
}

/** The two that make the spread: which of them lies further on the side of `direction`. */
export function furtherOff(
  { gain, rms }: StartScale,
  direction: 'large' | 'small'
): 'weights' | 'inputs' | undefined {
  if (gain === undefined || rms === undefined) return undefined
  const weights = direction === 'large' ? gain >= rms : gain <= rms
  return weights ? 'weights' : 'inputs'
}

/** Mean share of saturated unit-samples of a layer. */
export function saturationOf(layer: LayerRecord | undefined): number | undefined {
  return layer && mean(layer.saturation)
}

/** Whether a measured layer has an activation that flattens out on both sides. */
export function isCurved({ activation }: LayerRecord, config: RunConfig): boolean {
  return activationOf(activation ?? config.activation, config).shape === 'curved'
}

/**
 * Share of the training images that the network is right on at its end, at rest: with moving moments and
 * without dropout, as test images are tested. The accuracy of an epoch is that of its steps. undefined where
 * it was not kept.
 */
export function accuracyAtRest({ wrongTraining, trainCount }: RunRecord): number | undefined {
  return wrongTraining === undefined || trainCount === 0
    ? undefined
    : 1 - decodeWrong(wrongTraining).length / trainCount
}

/** How well a network fits its training images, as far as that can be held against its test images. */
export function fitOf({ record, config, last }: RunFacts): number | undefined {
  const steps = last?.trainAccuracy
  return hasBatchNorm(config) || hasDropout(config) ? accuracyAtRest(record) : steps
}

/** When batch statistics and moving ones are far apart because these have had few steps. */
export const UNSETTLED = { gap: 0.1, steps: 1000 } as const

/** Whether a network with batch normalisation is worse at rest because its moving moments have not settled. */
export function unsettled({ record, config, last, steps }: RunFacts): boolean {
  const rest = hasBatchNorm(config) ? accuracyAtRest(record) : undefined
  if (rest === undefined || !last || steps > UNSETTLED.steps) return false
  return last.trainAccuracy - rest >= UNSETTLED.gap
}

/** Values of a batch over which a batch normalisation takes a mean and a variance, where they are fewest. */
export function valuesPerMoment({ record, config }: RunFacts): number | undefined {
  const nodes = planOf(record)?.nodes ?? []
  const places = nodes.flatMap(({ op, shape }) => (op === 'batch-norm' ? [positionsOf(shape)] : []))
  return places.length === 0 ? undefined : config.batch * Math.min(...places)
}

/** What the moving moments still hold of their start at the end. */
export function momentsLeft({ config, steps }: RunFacts): number | undefined {
  const momenta = config.layers.flatMap((layer) =>
    layer.kind === 'batch-norm'
      ? [layer.momentum]
      : layer.kind === 'residual'
        ? [RESIDUAL_MOMENTUM]
        : []
  )
  return momenta.length === 0 ? undefined : Math.max(...momenta) ** steps
}

/** The one that is most often right at its end. */
export function bestOf(records: readonly RunRecord[]): RunRecord | undefined {
  const right = (record: RunRecord): number => accuracyOf(lastEpoch(record)) ?? 0
  return [...records].sort((a, b) => right(b) - right(a))[0]
}

/** The first epoch from which on `holds` is true of every epoch. */
export function sinceEpoch(
  epochs: readonly EpochRecord[],
  holds: (epoch: EpochRecord) => boolean
): number | undefined {
  let since: number | undefined
  for (const epoch of epochs) {
    if (!holds(epoch)) since = undefined
    else since ??= epoch.epoch
  }
  return since
}
