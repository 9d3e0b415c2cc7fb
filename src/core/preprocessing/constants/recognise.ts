import type { PixelType } from '../../dataset/dataset'
import { plain } from '../../numbers'
import { KNOWN_CONSTANTS, whiteOf } from './known'
import type { Constants } from './known'

/** Mean and std, one a channel. */
interface MeanStd {
  readonly mean: readonly number[]
  readonly std: readonly number[]
}

/** The stored values of the training images, and of training and test images together. */
export interface StoredValues extends MeanStd {
  readonly type: PixelType
  readonly min: number
  readonly max: number
  /** absent without test images */
  readonly all?: MeanStd
}

/** What goes wrong when constants are copied, and what is said of it; `white` and `unit` are those of the pixels and of the constants. */
const MISTAKES = {
  unit: ({ unit, white }: Units) =>
    `they are for ${UNITS[unit] ?? `white at ${plain(unit)}`}, and these pixels are ${UNITS[white] ?? `white at ${plain(white)}`}`,
  'white-plus-one': ({ unit, white }: Units) =>
    `they take ${plain(unit)} for white, which is ${plain(white)}`,
  order: () => 'their channels are in the order blue, green, red',
  variance: () => 'the variance stands where the std is meant',
  root: () => 'the root of the std stands where the std is meant',
  leakage: () => 'the test images are counted in, so the network knows something of them'
} as const

type ConstantsMistake = keyof typeof MISTAKES

interface Units {
  readonly unit: number
  readonly white: number
}

const UNITS: Readonly<Record<number, string>> = {
  1: 'values from 0 to 1',
  255: 'values from 0 to 255',
  65535: 'values from 0 to 65,535'
}

interface Recognised {
  /** whose constants they are, within a sentence: 'the constants of ImageNet' */
  readonly name: string
  readonly source?: string
  /** none: they are right for these pixels */
  readonly mistakes: readonly ConstantsMistake[]
  /** what was meant, in the units of the stored values */
  readonly meant: Constants
}

export interface ConstantsReport {
  /** mean and std of the training images after the constants, one a channel */
  readonly after: MeanStd
  readonly recognised?: Recognised
  /** the same with what was meant; absent without a mistake */
  readonly intended?: MeanStd
  readonly sentence: string
}

/** Constants of values in [0, 1]. */
interface Base extends MeanStd {
  readonly name: string
  readonly source?: string
  /** of a range, not of images: no variance to take by mistake */
  readonly range?: boolean
  readonly leakage?: boolean
}

/** Constants as published, with three or four digits, and as people round them; parts of white. */
const CLOSE = 0.0003
const ROUNDED = 0.0025
/** Constants with the test images in them are as much closer to those than to the training images'. */
const LEAKAGE_CLOSER = 5

/** Which well-known constants these are, what is wrong with them here, and what they do. */
export function recogniseConstants(given: Constants, stored: StoredValues): ConstantsReport {
  const constants = perChannel(given, stored.mean.length)
  const after = afterConstants(constants, stored)
  const white = whiteOf(stored.type, stored.min, stored.max)
  const found = white === undefined ? undefined : nearest(constants, stored, white)
  const does = `They give the training images mean ${list(after.mean)} and std ${list(after.std)}`
  if (found === undefined || white === undefined) return { after, sentence: `${does}.` }
  const { base, unit, mistakes } = found
  const origin = base.leakage ? fractions(stored, white) : base
  const meant = {
    centre: origin.mean.map((value) => tidy(value * white)),
    divisor: origin.std.map((value) => tidy(value * white))
  }
  const recognised = { name: base.name, source: base.source, mistakes, meant }
  const known = `These are ${base.name}`
  if (mistakes.length === 0) return { after, recognised, sentence: `${known}. ${does}.` }
  const intended = afterConstants(meant, stored)
  const wrong = mistakes.map((mistake) => MISTAKES[mistake]({ unit, white })).join('; ')
  const right = `with ${list(meant.centre, 4)} and ${list(meant.divisor, 4)}, it would be mean ${list(intended.mean)} and std ${list(intended.std)}`
  return { after, recognised, intended, sentence: `${known}, but ${wrong}. ${does}; ${right}.` }
}

function nearest(constants: Constants, stored: StoredValues, white: number): Match | undefined {
  const matches = basesOf(stored, white)
    .flatMap((base) => matchesOf(constants, base, white))
    .filter(({ unit, base }) => !isAsStored(base, unit))
    .sort((a, b) => a.mistakes.length - b.mistakes.length)
  const close = matches.filter(({ distance }) => distance <= CLOSE)
  const own = close.find(({ base, mistakes }) => base.name === TRAINING && mistakes.length === 0)
  const leaked = close.find(({ mistakes }) => mistakes.join() === 'leakage')
  if (own && leaked && leaked.distance * LEAKAGE_CLOSER < own.distance) return leaked
  const rounded = matches.filter(
    ({ distance, mistakes }) =>
      distance <= ROUNDED && !mistakes.includes('white-plus-one') && !mistakes.includes('leakage')
  )
  const right = rounded.find(({ mistakes }) => mistakes.length === 0)
  return close.find(({ mistakes }) => mistakes.length === 0) ?? close[0] ?? right ?? rounded[0]
}

/** x / 1 is no division: nothing was given. */
const isAsStored = ({ range, mean }: Base, unit: number): boolean =>
  range === true && unit === 1 && mean.every((value) => value === 0)

const TRAINING = 'the mean and std of these training images'

function basesOf(stored: StoredValues, white: number): readonly Base[] {
  const channels = stored.mean.length
  const all = (value: number): number[] => Array<number>(channels).fill(value)
  return [
    { name: TRAINING, ...fractions(stored, white) },
    { name: 'constants for the range from 0 to 1', mean: all(0), std: all(1), range: true },
    { name: '0.5 and 0.5, for the range from −1 to 1', mean: all(0.5), std: all(0.5), range: true },
    ...KNOWN_CONSTANTS.filter(({ mean }) => mean.length === channels).map((known) => ({
      ...known,
      name: `the constants of ${known.name}`
    })),
    ...(stored.all
      ? [
          {
            name: 'the mean and std of training and test images together',
            ...fractions(stored.all, white),
            leakage: true
          }
        ]
      : [])
  ]
}

const fractions = ({ mean, std }: MeanStd, white: number): MeanStd => ({
  mean: mean.map((value) => value / white),
  std: std.map((value) => value / white)
})

interface Match {
  readonly base: Base
  readonly unit: number
  readonly mistakes: readonly ConstantsMistake[]
  /** greatest difference of a constant, as part of white */
  readonly distance: number
}

/** How the divisor may stand for a std: what makes the std of it. */
const DIVISORS: readonly { mistake?: ConstantsMistake; std: (divisor: number) => number }[] = [
  { std: (divisor) => divisor },
  { mistake: 'variance', std: Math.sqrt },
  { mistake: 'root', std: (divisor) => divisor ** 2 }
]

function matchesOf({ centre, divisor }: Constants, base: Base, white: number): Match[] {
  const reversed = { mean: [...base.mean].reverse(), std: [...base.std].reverse() }
  const orders: readonly { mistake?: ConstantsMistake; values: MeanStd }[] =
    base.mean.length === 3 && !base.range
      ? [{ values: base }, { mistake: 'order', values: reversed }]
      : [{ values: base }]
  const units: readonly { mistake?: ConstantsMistake; unit: number }[] = [
    { unit: white },
    ...(white > 1 ? [{ mistake: 'white-plus-one' as const, unit: white + 1 }] : []),
    ...[1, 255, 65535].flatMap((unit) =>
      unit === white ? [] : [{ mistake: 'unit' as const, unit }]
    )
  ]
  const divisors = base.range ? DIVISORS.slice(0, 1) : DIVISORS
  return orders.flatMap((order) =>
    units.flatMap((scale) =>
      divisors.map((form) => {
        const off = (given: number, unit: number, meant: number | undefined): number =>
          Math.abs(given / unit - (meant ?? NaN))
        const distance = Math.max(
          ...centre.map((value, c) => off(value, scale.unit, order.values.mean[c])),
          ...divisor.map((value, c) => off(form.std(value), scale.unit, order.values.std[c]))
        )
        const mistakes = [
          scale.mistake,
          order.mistake,
          form.mistake,
          base.leakage ? ('leakage' as const) : undefined
        ].filter((mistake) => mistake !== undefined)
        return { base, unit: scale.unit, mistakes, distance }
      })
    )
  )
}

function perChannel({ centre, divisor }: Constants, channels: number): Constants {
  const spread = (values: readonly number[]): number[] =>
    Array.from({ length: channels }, (_, c) => values[c] ?? values[0] ?? NaN)
  return { centre: spread(centre), divisor: spread(divisor) }
}

function afterConstants({ centre, divisor }: Constants, { mean, std }: MeanStd): MeanStd {
  return {
    mean: mean.map((value, c) => (value - centre[c]!) / divisor[c]!),
    std: std.map((value, c) => value / Math.abs(divisor[c]!))
  }
}

/** Products of constants as a person would write them. */
const tidy = (value: number): number => Number(value.toPrecision(12))

/** '0.485, 0.456, 0.406'; one number where the channels have the same. */
function list(values: readonly number[], digits = 3): string {
  // what rounding leaves of a mean of 0
  const texts = values.map((value) => plain(Math.abs(value) < 1e-9 ? 0 : value, digits))
  return new Set(texts).size === 1 ? texts[0]! : texts.join(', ')
}
