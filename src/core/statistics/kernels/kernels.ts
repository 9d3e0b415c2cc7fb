import type { PixelArray } from '../../dataset/dataset'
import type { PlaceLevels } from '../counting/levels'
import type { Extent, Tally } from '../counting/tally'
import type { Band } from '../covariance'
import type { InverseRoot } from '../inverse-root'
import type { Covariance } from '../summary-types'
import type { ImageSums } from '../image-sums'
import type { Moments, MomentRows } from '../moment-rows'

/** Of each image; whole numbers, exact, but for the std, which is of all its values. */
export interface ByteSumRows {
  readonly sum: Float64Array
  readonly squares: Float64Array
  readonly std: Float64Array
  readonly min: Float64Array
  readonly max: Float64Array
}

/** How an image is shifted and scaled by what is known of its own values. */
export interface ImageRule {
  readonly centre: 'mean' | 'min' | 'none'
  /** `length`: root of the sum of squares */
  readonly divisor: 'std' | 'range' | 'length'
  /** > 0: the divisor is at least this */
  readonly least: number
}

/** Of (x - centre) / divisor, for each image. */
export interface ConstantRows {
  readonly centres: Float64Array
  readonly divisors: Float64Array
}

/** The same, and moments of each image's values after it. */
export interface ScaledImages extends ConstantRows {
  readonly moments: MomentRows
}

/** What (x - centre) / divisor makes of bytes, with a centre and a divisor > 0 for each image. */
export interface ImageFrame extends ConstantRows {
  /** bins + 1, rising */
  readonly edges: Float64Array
  /** the least value of all images of the set */
  readonly min: number
  /** D; shifts are of what differs from it */
  readonly origins: Float64Array
}

/** Of one frame over some images. */
export interface ImageTally {
  /** values in each bin; the edges decide as in `binOf` */
  readonly counts: Float64Array
  /** values that equal the frame's least */
  readonly atMinimum: number
  /** D; sums of y - origin and of its square */
  readonly shifts: Float64Array
  readonly shiftSquares: Float64Array
}

/**
 * The inner loops, most over bytes of whole images of D values one after the other. There are two: plain
 * TypeScript, which says what they do, and WebAssembly, which gives the same to the last bit; but for
 * `inverseRoot` and `symmetricTimes`, which add doubles in another order.
 */
export interface Kernels {
  readonly kind: 'plain' | 'wasm'
  /** Memory for so many bytes that the kernels read without a copy; the next call takes it back. */
  readonly room: (bytes: number) => Uint8Array
  /**
   * Zeros that `countBytes` adds to without a copy; the next call takes them back. What `room` gave before is
   * no room any more.
   */
  readonly counts: (length: number) => Uint32Array
  sumBytes(pixels: Uint8Array, features: number): ByteSumRows
  /** Adds to `table`, D x 256, how often each feature has each byte. */
  countBytes(pixels: Uint8Array, features: number, table: Uint32Array): void
  /** What a rule makes of images of D values, put into rows for as many; the least and the greatest value of all. */
  scaleImages(
    images: ImageSums,
    features: number,
    rule: ImageRule,
    into: ScaledImages
  ): Pick<Moments, 'min' | 'max'>
  /** One for each frame; all frames have as many edges. */
  tallyImages(
    pixels: Uint8Array,
    features: number,
    frames: readonly ImageFrame[]
  ): readonly ImageTally[]
  /** Of each image after x * scale - offset, one of each for every feature. */
  imageMoments(
    pixels: Uint8Array,
    features: number,
    scales: Float64Array,
    offsets: Float64Array
  ): MomentRows
  /** Adds to `counts` how many values of each column are from `low` to `high`, both of float32; a NaN is not. */
  countWithin(values: Float32Array, low: number, high: number, counts: Int32Array): void
  /**
   * Adds the products of so many byte images to a band of a covariance, exact; `onStep` as that of
   * `inverseRoot`.
   */
  addByteProducts(
    covariance: Covariance,
    pixels: Uint8Array,
    count: number,
    band: Band,
    onStep?: (share: number) => void
  ): void
  /** See its namesake. */
  covarianceMatrix(covariance: Covariance): Float64Array
  /** See `inverseRootInSteps`; `onStep` is told the share that is done, and what it throws ends it. */
  inverseRoot(
    matrix: Float64Array,
    n: number,
    epsilon: number,
    onStep?: (share: number) => void
  ): InverseRoot
  /**
   * Rows of as many values as there are means, less those, times a symmetric matrix, in double precision:
   * in `products`, or in memory of their own.
   */
  symmetricTimes(
    rows: PixelArray | Float64Array,
    means: Float64Array,
    matrix: Float32Array,
    products?: Float64Array
  ): Float64Array
  /** As `tallyLevels` of each place, for (byte - centre) / divisor with one of each for every place. */
  tallyPlaces(
    tally: Tally,
    places: PlaceLevels,
    centres: Float64Array,
    divisors: Float64Array
  ): void
  /** As `extendByImage` for each of the images, with values of so many channels by turns. */
  extendByImages(extent: Extent, values: Float64Array, channels: number): void
  /** As `tallyImage` for each of so many images. */
  tallyValues(tally: Tally, values: Float64Array, images: number): void
}
