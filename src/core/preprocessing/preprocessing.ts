/** The identifiers of the preprocessing choices, in the order in which they are shown. */
export const CHOICE_IDS = [
  'raw',
  'unit',
  'symmetric',
  'standardised',
  'standardised-per-pixel',
  'centred',
  'centred-per-pixel',
  'per-image',
  'per-image-range',
  'per-image-length',
  'robust',
  'log',
  'equalised',
  'whitened',
  'custom'
] as const

export type ChoiceId = (typeof CHOICE_IDS)[number]

/** A choice as a person makes it; `custom` brings its constants. */
export type ChoiceSpec =
  | { readonly id: Exclude<ChoiceId, 'custom'> }
  | {
      readonly id: 'custom'
      /** one per channel, or one for all */
      readonly centre: readonly number[]
      /** one per channel, or one for all; none is 0 */
      readonly divisor: readonly number[]
    }

/**
 * What a fitted choice does to an image x of D = height x width x channels values.
 * Plain data, so that every process can rebuild it.
 */
export type PreprocessingForm =
  /** (x - centre) / divisor; arrays of length 1, channels or D */
  | {
      readonly kind: 'affine'
      readonly centre: readonly number[]
      readonly divisor: readonly number[]
    }
  /** log(1 + x) / log(1 + max) */
  | { readonly kind: 'log'; readonly max: number }
  /** (x - mean_i) / max(std_i, 1/sqrt(D)) */
  | { readonly kind: 'image-standardise' }
  /** (x - min_i) / (max_i - min_i), 0 for a constant image */
  | { readonly kind: 'image-range' }
  /** x / max(||x||_2, tiny) */
  | { readonly kind: 'image-length'; readonly tiny: number }
  /** x -> share of the image's values (per channel) that are <= x */
  | { readonly kind: 'image-equalise' }
  /** U (L + eps)^-1/2 U^T (x - mean): `matrix` is D x D, row-major, symmetric */
  | {
      readonly kind: 'linear'
      readonly mean: readonly number[]
      readonly matrix: Float32Array
    }

/** A choice fitted on the training split. */
export interface FittedPreprocessing {
  readonly choice: ChoiceSpec
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly form: PreprocessingForm
  /** what the fit found, for people and for code: { mean: [72.94], std: [90.02] } */
  readonly parameters: Readonly<Record<string, readonly number[]>>
}

/** A form with what its fit found, in few numbers: per-pixel constants are in the form only. */
export interface Fit {
  readonly form: PreprocessingForm
  readonly parameters: Readonly<Record<string, readonly number[]>>
}

/** D stored values in, D transformed values out, from `outOffset` on. */
export type Applier = (
  image: ArrayLike<number>,
  out: Float32Array | Float64Array,
  outOffset?: number
) => void
