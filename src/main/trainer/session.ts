import type { FittedPreprocessing } from '../../core/preprocessing/preprocessing'
import type { NetworkPlan } from '../../core/network/layers/plan'
import type { RunConfig } from '../../core/network/config'
import type { PixelSource } from '../data/pixels-in-file'

/** Images as stored, in memory or in their file, and their classes. */
export interface LabelledImages {
  readonly count: number
  /** count x D values of the stored type, row-major */
  readonly pixels: PixelSource
  /** count values, each in [0, classes) */
  readonly labels: Int32Array
}

/** No images, of the same type of pixels. */
export function noImages({ pixels }: LabelledImages): LabelledImages {
  return { count: 0, pixels: pixels.subarray(0, 0), labels: new Int32Array(0) }
}

/** What a session is built from. */
export interface SessionInput {
  readonly config: RunConfig
  readonly preprocessing: FittedPreprocessing
  readonly plan: NetworkPlan
  /** 2 or more */
  readonly classes: number
  readonly train: LabelledImages
  readonly test: LabelledImages
}

/** Sums over the samples of a call. */
export interface SampleSums {
  /** samples summed over */
  readonly samples: number
  readonly loss: number
  /** correctly classified */
  readonly hits: number
  /** samples whose loss gradient with respect to every logit is exactly 0 */
  readonly zeroGradient: number
  /** those of them whose label has a probability below the clip: wrong, and nothing pulls them right */
  readonly trapped: number
}

export const NO_SAMPLES: SampleSums = { samples: 0, loss: 0, hits: 0, zeroGradient: 0, trapped: 0 }

export function addSums(a: SampleSums, b: SampleSums): SampleSums {
  return {
    samples: a.samples + b.samples,
    loss: a.loss + b.loss,
    hits: a.hits + b.hits,
    zeroGradient: a.zeroGradient + b.zeroGradient,
    trapped: a.trapped + b.trapped
  }
}

export interface Evaluation extends SampleSums {
  /** where asked for: per place of plan.activated, per channel, the greatest pre-activation of these images */
  readonly greatest?: readonly Float32Array[]
  /** the class that each image is taken for; -1 where the network's output is not a number */
  readonly guesses: Int32Array
}

/** Images of a split by their places in it. */
export interface Probe {
  readonly split: 'train' | 'test'
  readonly rows: Int32Array
}

export interface StepsResult extends SampleSums {
  /** of each step, in their order */
  readonly each: readonly SampleSums[]
  /** index, within the call, of the first step after which loss or weights are not finite */
  readonly firstNonFiniteStep?: number
}

export function stepsResult(each: readonly SampleSums[], firstNonFiniteStep?: number): StepsResult {
  const sums = each.reduce(addSums, NO_SAMPLES)
  return { ...sums, each, ...(firstNonFiniteStep === undefined ? {} : { firstNonFiniteStep }) }
}

/** The plan's parameters in its order, row-major; moving moments among them. */
export type Weights = readonly Float32Array[]

/**
 * A network with its data and optimiser state inside some backend.
 * Two implementations: native/ (one TensorFlow graph) and portable/ (tfjs core ops).
 */
export interface TrainingSession {
  /** sets the weights and clears the optimiser's state */
  initialise(weights: Weights): void
  /** all that steps change: for each parameter in the plan's order its values, and the optimiser's state of it */
  state(): Weights
  /** what `state` gave of the same configuration: training goes on from there as if it had not stopped */
  restore(state: Weights): void
  /**
   * Trains on rows (indices into the training images) in batches of config.batch, the last one ragged.
   * One step per batch. `firstStep` is the number of steps already taken in the run, for Adam's bias correction.
   */
  steps(rows: Int32Array, firstStep: number): StepsResult
  /**
   * a whole split with the present weights, some images at a time, in their order
   * @param greatest whether with the greatest pre-activations, as of greatestPreactivations
   */
  evaluate(split: 'train' | 'test', greatest?: boolean): Iterable<Evaluation>
  /**
   * the whole training split, some images at a time: per place of plan.activated, per channel, the greatest
   * pre-activation of those images
   */
  greatestPreactivations(): Iterable<readonly Float32Array[]>
  /**
   * Pre-activations of the probe images, some images at a time, in their order: per place of plan.activated
   * images x places x channels, row-major. Each chunk is valid until the next.
   */
  preactivations(probe: Probe): Iterable<readonly Float32Array[]>
  /**
   * L2 norm of the gradient of the mean loss over the probe images, without weight decay: per layer of the
   * plan that has trained parameters, over all of them; output last
   */
  gradientNorms(probe: Probe): number[]
  /**
   * per value of an image: sum over the first layer's units of |dL/dw| of the mean loss over the probe images;
   * undefined where no kernel sees each value by itself (see pulledKernel)
   */
  pull(probe: Probe): Float32Array | undefined
  read(): Weights
  dispose(): void
}

/** Builds a session; rejects with facts when the backend cannot hold it. */
export type CreateSession = (input: SessionInput) => Promise<TrainingSession>
