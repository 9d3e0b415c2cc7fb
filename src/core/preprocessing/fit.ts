import { featuresOf } from '../dataset/dataset'
import { NormscopeError } from '../error'
import { channelMoments, featureMoments } from '../statistics/moments'
import { channelQuantiles, quantilesAreExact } from '../statistics/quantiles'
import type { Summary } from '../statistics/summary'
import type { ChoiceId, ChoiceSpec, Fit, FittedPreprocessing } from './preprocessing'
import { fitWhitening } from './whiten'

type Fitter = (summary: Summary) => Fit

/** Divisor below which an image of zeros stays zeros instead of becoming NaN. */
const TINY = 1e-12

/**
 * Fits a choice on the summary of the training split.
 * Throws `no-images` where the choice must be fitted and there is nothing to fit it on,
 * `log-of-negative`, `wrong-constants`, `no-covariance`, `too-many-features`.
 */
export function fit(spec: ChoiceSpec, summary: Summary): FittedPreprocessing {
  const { height, width, channels } = summary.shape
  const fitted = spec.id === 'custom' ? fitCustom(spec, channels) : FITTERS[spec.id](summary)
  return { choice: spec, height, width, channels, ...fitted }
}

const FITTERS: Readonly<Record<Exclude<ChoiceId, 'custom'>, Fitter>> = {
  raw: () => affine([0], [1], {}),

  unit(summary) {
    const { max } = rangeOf(summary)
    return affine([0], [max], { max: [max] })
  },

  symmetric(summary) {
    const { max, negative } = rangeOf(summary)
    return negative
      ? affine([0], [max], { max: [max] })
      : affine([max / 2], [max / 2], { max: [max] })
  },

  standardised(summary) {
    const { mean, std } = momentsOf(summary, 'standardised')
    return affine(mean, std.map(orOne), { mean, std })
  },

  'standardised-per-pixel'(summary) {
    needImages(summary, 'standardised-per-pixel')
    const { mean, std } = featureMoments(summary)
    const floor = rangeOf(summary).max / 255
    const atFloor = std.reduce((count, value) => count + (value < floor ? 1 : 0), 0)
    return affine(
      Array.from(mean),
      Array.from(std, (value) => Math.max(value, floor)),
      { floor: [floor], pixelsAtFloor: [atFloor], mean: extremes(mean), std: extremes(std) }
    )
  },

  centred(summary) {
    const { mean } = momentsOf(summary, 'centred')
    return affine(mean, [1], { mean })
  },

  'centred-per-pixel'(summary) {
    needImages(summary, 'centred-per-pixel')
    const { mean } = featureMoments(summary)
    return affine(Array.from(mean), [1], { mean: extremes(mean) })
  },

  'per-image': (summary) => ({
    form: { kind: 'image-standardise' },
    parameters: { floor: [1 / Math.sqrt(featuresOf(summary.shape))] }
  }),

  'per-image-range': () => ({ form: { kind: 'image-range' }, parameters: {} }),

  'per-image-length': () => ({
    form: { kind: 'image-length', tiny: TINY },
    parameters: { tiny: [TINY] }
  }),

  robust(summary) {
    const { std } = momentsOf(summary, 'robust')
    const quartiles = std.map((_, c) => channelQuantiles(summary, c, [0.25, 0.5, 0.75]))
    const median = quartiles.map((three) => three[1]!)
    const iqr = quartiles.map((three) => three[2]! - three[0]!)
    const divisor = iqr.map((value, c) => (value > 0 ? value : orOne(std[c]!)))
    const parameters = { median, iqr, divisor }
    return quantilesAreExact(summary)
      ? affine(median, divisor, parameters)
      : affine(median, divisor, { ...parameters, quartileError: [1 / 256] })
  },

  log(summary) {
    const { max, negative, min } = rangeOf(summary)
    if (negative) {
      throw new NormscopeError({
        code: 'log-of-negative',
        message: `The logarithm is for values from 0, but the training images go down to ${min}. 'standardised', 'robust' and 'unit' fit values below 0.`,
        expected: 'values of 0 or more',
        actual: String(min),
        hint: "Choose 'standardised', 'robust' or 'unit'."
      })
    }
    return { form: { kind: 'log', max }, parameters: { max: [max] } }
  },

  equalised: () => ({ form: { kind: 'image-equalise' }, parameters: {} }),

  whitened(summary) {
    needImages(summary, 'whitened')
    return fitWhitening(summary)
  }
}

function affine(
  centre: readonly number[],
  divisor: readonly number[],
  parameters: Fit['parameters']
): Fit {
  return { form: { kind: 'affine', centre, divisor }, parameters }
}

function fitCustom(spec: Extract<ChoiceSpec, { id: 'custom' }>, channels: number): Fit {
  for (const field of ['centre', 'divisor'] as const) {
    const constants = spec[field]
    if (constants.length !== 1 && constants.length !== channels) {
      throw new NormscopeError({
        code: 'wrong-constants',
        message: `The custom choice has ${constants.length} numbers for its ${field}, but the images have ${channels} ${channels === 1 ? 'channel' : 'channels'}. Give one number, or one a channel.`,
        expected: channels === 1 ? '1' : `1 or ${channels}`,
        actual: String(constants.length)
      })
    }
    const wrong = constants.find((value) => !Number.isFinite(value))
    if (wrong !== undefined || (field === 'divisor' && constants.includes(0))) {
      throw new NormscopeError({
        code: 'wrong-constants',
        message: `The custom choice has ${wrong ?? 0} as a ${field}. Every constant is a finite number, and no divisor is 0.`,
        actual: String(wrong ?? 0)
      })
    }
  }
  const { centre, divisor } = spec
  return affine(centre, divisor, { centre, divisor })
}

/**
 * Greatest value the pixels can have: that of the type, for floats 1 where the training values lie
 * in [0, 1], else the greatest absolute training value (so 0 stays 0).
 */
export function rangeOf(summary: Summary): { min: number; max: number; negative: boolean } {
  if (summary.shape.dtype === 'uint8') return { min: 0, max: 255, negative: false }
  if (summary.shape.dtype === 'uint16') return { min: 0, max: 65535, negative: false }
  const moments = channelMoments(summary)
  const min = Math.min(0, ...moments.min)
  const max = Math.max(0, ...moments.max)
  return {
    min,
    max: min >= 0 && max <= 1 ? 1 : Math.max(max, -min),
    negative: min < 0
  }
}

function momentsOf(summary: Summary, id: ChoiceId): { mean: number[]; std: number[] } {
  needImages(summary, id)
  return channelMoments(summary)
}

function needImages(summary: Summary, id: ChoiceId): void {
  if (summary.count > 0) return
  throw new NormscopeError({
    code: 'no-images',
    message: `'${id}' is fitted on the training images, and there are none. Choose one that is not fitted, such as 'unit'.`,
    expected: 'at least one training image',
    actual: '0'
  })
}

function extremes(values: Float64Array): number[] {
  let min = Infinity
  let max = -Infinity
  for (const value of values) {
    if (value < min) min = value
    if (value > max) max = value
  }
  return [min, max]
}

/** Constant values have nothing to be scaled by. */
function orOne(std: number): number {
  return std > 0 ? std : 1
}
