import { plain } from '../../numbers'
import { takesConstants } from '../../preprocessing/choices'
import { recogniseConstants } from '../../preprocessing/constants/recognise'
import type { ConstantsSpec } from '../../preprocessing/preprocessing'
import type { InputSummary } from '../../preprocessing/input-summary'
import { finding, measuredOnGrid } from '../finding-record'

/** What white is: in floats, in bytes and in 16-bit numbers. */
const WHITES = [1, 255, 65535] as const
/** A standardised channel has mean 0 and std 1; with constants of another data set not quite. */
const LIMITS = { mean: 1, std: { min: 0.4, max: 2.5 } } as const
/** A rescaled range is nearly 1 wide or more and, past rounding, reaches no further than 1. */
const RANGE = { width: 0.8, reach: 1.02 } as const

type Stored = InputSummary['stored']

/** Whether the constants make of `factor` times the stored values what constants are there for. */
function fits({ centre, divisor }: ConstantsSpec, stored: Stored, factor: number): boolean {
  const at = (values: readonly number[], c: number): number => values[c] ?? values[0] ?? NaN
  const map = (value: number, c: number): number =>
    (factor * value - at(centre, c)) / at(divisor, c)
  const standardised = stored.mean.every((mean, c) => {
    const std = (factor * stored.std[c]!) / Math.abs(at(divisor, c))
    return Math.abs(map(mean, c)) <= LIMITS.mean && std >= LIMITS.std.min && std <= LIMITS.std.max
  })
  const rescaled = stored.mean.every((_, c) => {
    const [low, high] = [map(stored.min, c), map(stored.max, c)]
    const reach = Math.max(Math.abs(low), Math.abs(high))
    return Math.abs(high - low) >= RANGE.width && reach <= RANGE.reach
  })
  return standardised || rescaled
}

/** What the stored values would have to be multiplied by; undefined where the constants fit, or fit nothing. */
function missingFactor(spec: ConstantsSpec, stored: Stored): number | undefined {
  if (fits(spec, stored, 1)) return undefined
  const greatest = { uint8: 255, uint16: 65535, float32: Math.max(-stored.min, stored.max) }
  const own = WHITES.find((white) => white >= greatest[stored.type])
  if (own === undefined) return undefined
  return WHITES.map((white) => white / own).find((factor) => fits(spec, stored, factor))
}

function constantsIn(choice: { readonly id: string }): ConstantsSpec | undefined {
  return takesConstants(choice.id as ConstantsSpec['id']) ? (choice as ConstantsSpec) : undefined
}

export const WRONG_CONSTANTS = finding({
  code: 'wrong-constants',
  name: 'wrong constants',
  severity: 'bad',
  seen: { in: 'pixels' },
  definition: `The constants of the choice neither standardise nor rescale the stored values, but would if white were stored as another of ${WHITES.join(', ')}.`,
  thresholds: [
    {
      name: 'size of a mean after the choice',
      value: LIMITS.mean,
      source: measuredOnGrid('constants on the wrong scale leave means of 204 or of 100 stds')
    },
    {
      name: 'std after the choice, and its inverse',
      value: LIMITS.std.max,
      source: measuredOnGrid('constants on the wrong scale leave stds of 190 to 255, or of 0.004')
    }
  ],
  find({ config, input }) {
    const spec = constantsIn(config.choice)
    const factor = spec && input && missingFactor(spec, input.stored)
    if (factor === undefined) return undefined
    const { type, min, max } = input!.stored
    const pixels = type === 'uint8' ? 'bytes' : type === 'uint16' ? '16-bit numbers' : 'floats'
    const times =
      factor >= 1 ? `${plain(factor)} times as large` : `${plain(1 / factor)} times as small`
    const { recognised } = recogniseConstants(spec!, input!.stored)
    const whose = recognised ? `; they are ${recognised.name}` : ''
    return {
      what: `The constants are for other pixels: these are ${pixels} from ${plain(min)} to ${plain(max)}, and the constants fit pixels ${times}${whose}`,
      evidence: [
        {
          name: 'mean after the choice',
          definition: 'mean of all values that the network is given',
          value: input!.mean,
          format: 'number'
        },
        {
          name: 'std after the choice',
          definition: 'population std of all values that the network is given',
          value: input!.std,
          format: 'number'
        },
        {
          name: 'factor that is missing',
          definition: 'stored values times this are what the constants standardise or rescale',
          value: factor,
          format: 'number'
        }
      ],
      since: 0
    }
  },
  remedy: {
    words: 'Give the constants on the scale of the stored values.',
    test: 'Train the same network with the constants divided by the factor that is missing.',
    change(config, { inputSummary }) {
      const spec = constantsIn(config.choice)
      const factor = spec && inputSummary && missingFactor(spec, inputSummary.stored)
      if (factor === undefined) return undefined
      const scaled = (values: readonly number[]): number[] => values.map((value) => value / factor)
      const { centre, divisor } = spec!
      return { ...config, choice: { ...spec!, centre: scaled(centre), divisor: scaled(divisor) } }
    }
  }
})
