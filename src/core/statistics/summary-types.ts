import type { Dataset } from '../dataset/dataset'
import type { ImageSums } from './image-sums'
import type { ValueTable } from './counting/value-table'

/** Sums from which the covariance of the features follows. */
export interface Covariance {
  /** images in it: fewer than the summary's where only every n-th was taken */
  count: number
  /** images offered so far, taken or not */
  offered: number
  /** D */
  readonly sum: Float64Array
  /** D x D, row-major, the upper triangle filled: sums of x_i x_j; exact for 8-bit pixels */
  readonly products: Float64Array
}

export type SummaryShape = Pick<Dataset, 'height' | 'width' | 'channels' | 'dtype'>

/** Sums over images for each of the D features, as two doubles each; exact for whole numbers. */
export interface FeatureSums {
  readonly sum: Float64Array
  /** the low part of `sum`; all 0 for whole numbers */
  readonly sumError: Float64Array
  readonly sumOfSquares: Float64Array
  readonly sumOfSquaresError: Float64Array
  readonly min: Float64Array
  readonly max: Float64Array
}

/** 32 bits while they suffice, else whole numbers up to 2^53. */
export type Counts = Uint32Array | Float64Array

/**
 * What one pass over the images leaves behind: everything that every choice's statistics need.
 * Plain data, so it can be sent and stored; summaries of shards merge in any grouping.
 * D = height x width x channels; feature f belongs to channel f % channels.
 */
export interface Summary {
  readonly shape: SummaryShape
  /** images seen */
  count: number
  /** per image, in the order in which they were added */
  readonly images: ImageSums
  /** 8-bit, up to 65,536 features: D x 256, how often feature f has value v at [f * 256 + v] */
  featureCounts?: Counts
  /** larger 8-bit images: channels x 256; 16-bit: channels x 65536 */
  readonly channelCounts?: Float64Array
  /** absent where featureCounts says it all */
  readonly featureSums?: FeatureSums
  /** float: one table a channel while the distinct values are few */
  values?: readonly ValueTable[]
  /** float: channels x 65536, by the leading 16 bits of the value's order-preserving key */
  readonly leadingCounts?: Float64Array
  /** only after `addCovariance`: the whitening needs it */
  covariance?: Covariance
}
