import type { Dataset, PixelArray } from '../../dataset/dataset'
import type { ImageRule, Kernels } from '../../statistics/kernels/kernels'
import type { Snippets } from '../snippet'

export type ImageShape = Pick<Dataset, 'height' | 'width' | 'channels'>

/** D stored values in, D transformed values out, from `outOffset` on. */
export type Applier = (
  image: ArrayLike<number>,
  out: Float32Array | Float64Array,
  outOffset?: number
) => void

/** Of (x - centre) / divisor; arrays of length 1, channels or D. */
export interface AffineConstants {
  readonly centre: readonly number[]
  readonly divisor: readonly number[]
}

/**
 * A kind of arithmetic that fitted choices share. A form is plain data that names its kind, so that
 * every process can rebuild it; native/ and portable/ may have a quicker half for a kind.
 */
export interface FormRecord<Form extends { readonly kind: string }> {
  readonly kind: Form['kind']
  /** arithmetic in double precision, rounded once where `out` is a Float32Array */
  applier(form: Form, shape: ImageShape): Applier
  /** the formula with its constants; undefined where the choice's formula says it all */
  describe?(form: Form, shape: ImageShape): string | undefined
  /** undefined where the constants are too many to write out: then the choice has snippets */
  snippets?(form: Form, shape: ImageShape): Snippets | undefined
  /** where the new value depends on the stored value and its place alone */
  pointwise?(form: Form, shape: ImageShape): (value: number, feature: number) => number
  /** where the form is a shift and a scale */
  affine?(form: Form): AffineConstants
  /** where each image has a shift and a scale of its own */
  imageAffine?(form: Form, shape: ImageShape): ImageRule
  /**
   * where the new value depends on the counts of the image's bytes alone: what each byte of a channel
   * becomes, channels x 256 counts in and values out; it rises with the byte
   */
  imageLevels?(form: Form, shape: ImageShape): (counts: Uint32Array, levels: Float64Array) => void
  /** many images in one buffer at once, as the applier has them but for the order of sums, in `values` */
  many?(
    form: Form,
    images: PixelArray | Float64Array,
    kernels: Pick<Kernels, 'symmetricTimes'>,
    values?: Float64Array
  ): Float64Array
  /** what makes it slow: a trainer applies it once, and of D x D products an image few are sampled */
  readonly cost?: 'sorting' | 'products'
}
