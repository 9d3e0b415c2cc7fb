import type { SplitName } from '../dataset/dataset'
import type { ActivationId } from '../network/activations'
import type { RunConfig } from '../network/config'
import type { ChoiceSpec } from '../preprocessing/preprocessing'
import type { InputSummary } from '../preprocessing/input-summary'
import type { Preactivations } from '../saturation/saturation'
import type { ErrorFacts } from '../error'

/** 'tensorflow' is native libtensorflow; the others are the portable trainer on tfjs core ops. */
export type BackendId = 'tensorflow' | 'wasm' | 'cpu'

export type RunStatus =
  'queued' | 'running' | 'paused' | 'finished' | 'diverged' | 'cancelled' | 'failed'

/** A run whose training loss over a whole epoch is above so many times its start has diverged. */
export const DIVERGENCE_FACTOR = 10

export const ENDED_STATUSES: readonly RunStatus[] = ['finished', 'diverged', 'cancelled', 'failed']

/**
 * State of one place where an activation is applied, after an epoch (epoch 0: before training). A unit of a
 * convolution is a channel, over all places of an image.
 */
export interface LayerRecord {
  /** as in the plan: 'Convolution 2'; absent in records of older versions */
  readonly name?: string
  /** absent in records of older versions, where it is the network's */
  readonly activation?: ActivationId
  readonly units: number
  /** per unit: share of the probe images (and places) with |f'(z)| < 5 % of max |f'|; in [0, 1] */
  readonly saturation: readonly number[]
  /** share of units with z <= 0 for every image (and place) of the training split; relu only */
  readonly deadUnitFraction?: number
  readonly preactivation: Preactivations
}

/** An epoch in 20 equal parts of its steps, or in fewer of at least 30. */
export interface Trace {
  /** of the epoch's steps, at the end of each part; the last is 1 */
  readonly fraction: readonly number[]
  /** means over the samples of each part */
  readonly loss: readonly number[]
  readonly accuracy: readonly number[]
}

export interface EpochRecord {
  /** 0 is before training */
  readonly epoch: number
  /** mean over the epoch's steps, as Keras shows it; epoch 0: over the training split */
  readonly trainLoss: number
  readonly trainAccuracy: number
  readonly testLoss?: number
  readonly testAccuracy?: number
  /** mean of the recalls of the classes that occur in the test images */
  readonly balancedAccuracy?: number
  /** absent for epoch 0 */
  readonly trace?: Trace
  /** share of the epoch's samples whose loss gradient is exactly 0; epoch 0: over the training split */
  readonly zeroGradientFraction: number
  /**
   * the part of it whose label has a probability below the loss's clip, 1e-7: wrong, and nothing pulls it
   * right; absent in records of older versions
   */
  readonly trappedFraction?: number
  /** the rest of it: right beyond what the loss can tell; absent in records of older versions */
  readonly learnedFraction?: number
  /** over all hidden units, on the whole training split; relu only */
  readonly deadUnitFraction?: number
  /** over all hidden units and probe images; absent without a hidden layer */
  readonly saturatedFraction?: number
  /** L2 norm of the mean loss gradient over the probe images, per layer with weights (all of them together), output last */
  readonly gradientNorms: readonly number[]
  readonly layers: readonly LayerRecord[]
  /** training only, without evaluation; 0 for epoch 0 */
  readonly seconds: number
  /** training only; absent for epoch 0 */
  readonly imagesPerSecond?: number
}

export interface RunProgress {
  /** running epoch, from 1 */
  readonly epoch: number
  readonly step: number
  readonly stepsPerEpoch: number
  /** of the whole run, in [0, 1] */
  readonly fraction: number
  /** over the last second or so */
  readonly imagesPerSecond: number
  readonly secondsLeft?: number
  /** running means over this epoch */
  readonly trainLoss: number
  readonly trainAccuracy: number
  readonly zeroGradientFraction: number
  readonly trappedFraction?: number
  readonly learnedFraction?: number
  /** the parts of this epoch that are complete */
  readonly trace?: Trace
}

/** Everything known of a run; the journal, the window and the command line share it. */
export interface RunRecord {
  readonly id: string
  readonly config: RunConfig
  readonly datasetId: string
  readonly datasetName: string
  readonly trainCount: number
  readonly testCount: number
  /** training images of each class of the data set, before a limit; absent in records of older versions */
  readonly trainClassCounts?: readonly number[]
  /** test images of each class of the data set; absent in records of older versions */
  readonly testClassCounts?: readonly number[]
  /** set when the test images were held out of the training images by the app */
  readonly heldOut?: { readonly fraction: number; readonly seed: number }
  readonly status: RunStatus
  /** what was asked for; 'native' stands for tensorflow */
  readonly backend?: BackendId
  readonly tensorflowVersion?: string
  /** of a run on a cluster: the node that did it */
  readonly node?: string
  /** said on screen: why the backend is not the native one, chunked shuffling, ... */
  readonly notes: readonly string[]
  /** parameters of the fitted preprocessing */
  readonly preprocessing: Readonly<Record<string, readonly number[]>>
  /** of the images it trains on, after the choice; absent in records of older versions */
  readonly inputSummary?: InputSummary
  readonly epochs: readonly EpochRecord[]
  readonly progress?: RunProgress
  /** the step, counted from 1 over the whole run, at which loss or weights stopped being finite, or the epoch's rule was broken */
  readonly divergence?: { readonly epoch: number; readonly step: number; readonly reason: string }
  readonly error?: ErrorFacts
  /** epoch records that it had when its trainer or engine ended under it last */
  readonly lostAt?: number
  /** images that saturation, gradient norms, pre-activations and pulls are measured on, drawn class by class */
  readonly probe?: { readonly split: SplitName; readonly count: number; readonly seed: number }
  /** test images at the end of the run, by label (row) and by the class they are taken for; up to 100 classes */
  readonly confusion?: readonly (readonly number[])[]
  /**
   * class that each of the run's test images is taken for at its end, in the run's own numbers (0 and 1
   * with `classes`): base64 of uint16, little-endian, 65535 for none; up to 100,000 images
   */
  readonly predictions?: string
  /**
   * which of the run's training images it gets wrong at its end: base64 of a bit each, lowest first; up to
   * 1,600,000 images, absent in records of older versions
   */
  readonly wrongTraining?: string
  /**
   * share of each value of an image in the first layer's gradient, mean |dL/dw| over the units of the mean
   * gradient over the probe images, before training and at the end; absent where nothing has a gradient, or
   * images have more than 16,384 values
   */
  readonly pulls?: { readonly start?: readonly number[]; readonly end?: readonly number[] }
  /** accuracy at the end of the run with the test images under each of the configuration's `testChoices` */
  readonly testedUnder?: readonly { readonly choice: ChoiceSpec; readonly accuracy: number }[]
  /** of all weights and moving moments: float32 little-endian, in the plan's order, row-major; hex */
  readonly weightsSha256?: string
  /** median over epochs, training only */
  readonly imagesPerSecond?: number
  /** milliseconds since 1970 */
  readonly createdAt: number
  readonly endedAt?: number
  /** runs that were queued together share one */
  readonly groupId: string
}

/** Test images of each class that a run tells apart; undefined where they are not known. */
export function taskCounts({
  config,
  testClassCounts
}: Pick<RunRecord, 'config' | 'testClassCounts'>): readonly number[] | undefined {
  if (!testClassCounts) return undefined
  return config.classes?.map((label) => testClassCounts[label] ?? 0) ?? testClassCounts
}

/**
 * Accuracy of always naming the most frequent class of a run's own test images, in [0, 1]: of the
 * two classes that it tells apart, or of all. undefined where the images per class are not known.
 */
export function chanceOf(run: RunRecord): number | undefined {
  const counts = taskCounts(run) ?? []
  const images = counts.reduce((sum, count) => sum + count, 0)
  return images > 0 ? Math.max(...counts) / images : undefined
}

/** How much more frequent than 1 / k the most frequent of k classes must be for balanced accuracy to be shown. */
const UNEQUAL = 1.1

/** Whether accuracy hides how single classes are told: their test images are unequally many. */
export function hasUnequalClasses(run: RunRecord): boolean {
  const chance = chanceOf(run)
  const classes = taskCounts(run)?.filter((count) => count > 0).length ?? 0
  return chance !== undefined && chance * classes > UNEQUAL
}

/** Which classes a run tells apart: 'classes 0 and 6', 'all classes'. */
export function taskText({ classes }: RunConfig): string {
  return classes ? `classes ${classes[0]} and ${classes[1]}` : 'all classes'
}
