import { activationOf } from '../network/activations'
import type { RunConfig } from '../network/config'
import { outputOf } from '../network/outputs'
import { initialStd } from '../network/weights'
import type { InputSummary, TestDifference } from '../preprocessing/input-summary'
import { predictedSpread } from '../saturation/saturation'
import { mean } from '../statistics/mean'
import { chanceOf } from '../study/run'
import type { EpochRecord, LayerRecord, RunRecord } from '../study/run'

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

/** How wide the first layer's pre-activations z are before training, and what makes them so. */
export interface StartScale {
  /** std of z over units and probe images: measured, or predicted where no hidden layer is */
  readonly sigma: number
  /** sqrt(n Var(w) E[x²]); absent where the input is not known */
  readonly predicted?: number
  /** sqrt(n Var(w)): what the initial weights make of an input of mean square 1 */
  readonly gain?: number
  /** sqrt(E[x²]) */
  readonly rms?: number
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

/** Difference of the means, in stds of the training values, and ratio of the stds from which test images differ. */
export const TEST_LIMITS = { shift: 0.75, spread: 2 } as const

/** Whether the stored values of the test images are distributed as those of the training images. */
export function testIsLike({ shift, spread }: TestDifference): boolean {
  return shift < TEST_LIMITS.shift && Math.max(spread, 1 / spread) < TEST_LIMITS.spread
}

function startScale(record: RunRecord, start: EpochRecord | undefined): StartScale | undefined {
  const { config, inputSummary: input } = record
  const measured = start?.layers[0]?.preactivation.std
  if (!input) return measured === undefined ? undefined : { sigma: measured }
  const classes = config.classes ? 2 : (record.testClassCounts?.length ?? 2)
  const [first] = config.layers
  // only a dense first layer sees the values of an image as they are counted here
  if (first && first.kind !== 'dense')
    return measured === undefined ? undefined : { sigma: measured }
  const outputs = first?.units ?? outputOf(config.output).units(classes)
  const std = initialStd(config, { inputs: input.features, outputs })
  const predicted = predictedSpread(input.features, std, input.secondMoment)
  // the probe images are test images: where those are of another scale, z is not that of training
  const like = input.test === undefined || testIsLike(input.test)
  return {
    sigma: like ? (measured ?? predicted) : predicted,
    predicted,
    gain: std * Math.sqrt(input.features),
    rms: Math.sqrt(input.secondMoment)
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

/** Whether the hidden units have an activation that flattens out on both sides. */
export function isCurved(config: RunConfig): boolean {
  return config.layers.length > 0 && activationOf(config.activation, config).shape === 'curved'
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
