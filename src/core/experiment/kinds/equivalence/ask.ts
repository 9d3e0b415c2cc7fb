import { z } from 'zod'
import type { RunConfig } from '../../../network/config'
import { cannotMove, equivalent, has, MOVED, offsetVanishes } from '../../../network/equivalent'
import type { MovedId } from '../../../network/equivalent'
import { idsOf } from '../../../network/setting'
import { numberWithin, runConfig } from '../../../study/config-schema'
import type { RunRecord } from '../../../study/run'
import { epochDifferences } from '../../traces'

/** Losses that differ by less over an epoch coincide. */
export const COINCIDE = 1e-3
/** Losses that differ by this many times what rounding makes differ by more than that. */
const BEYOND_ROUNDING = 3
/**
 * On the initial weights of the first layer, in runs that differ by rounding alone. With ReLU a loss
 * stays equal in six digits until one image falls on the other side of a unit's 0, about once in an
 * epoch of 60,000 images: one run alone may miss it.
 */
const LAST_BITS = [1 + 2 ** -22, 1 - 2 ** -22, 1 + 2 ** -21, 1 - 2 ** -21]

export const SCALE = { min: 0.01, max: 1000 } as const
export const KEEP = ['nothing', ...idsOf(MOVED)] as const

export const askSchema = z.strictObject({
  config: runConfig
    .refine(
      ({ input, startBias }) => input.scale === 1 && input.offset === 0 && startBias === 'zero',
      { path: ['input'], message: 'the input as it is chosen' }
    )
    .refine((config) => !cannotMove(config), {
      path: ['layers'],
      message:
        'a first layer that is no residual block: its convolutions share their factors, so the first cannot be moved alone'
    }),
  scale: numberWithin(SCALE),
  offset: z.number(),
  keep: z.enum(KEEP)
})
export type Ask = z.infer<typeof askSchema>

export const keptOf = ({ keep }: Ask): MovedId | undefined =>
  keep === 'nothing' ? undefined : keep

export function configsOf(ask: Ask): {
  readonly original: RunConfig
  readonly moved: RunConfig
  /** that differ from the original by rounding alone */
  readonly rounding: readonly RunConfig[]
  /** moved by a power of two alone, which rounds nothing; where all moves and none of them is exact */
  readonly unrounded?: RunConfig
} {
  const { config, scale, offset } = ask
  const [first = 1, ...rest] = config.initFactors
  const lastBits = LAST_BITS.map((bit) => ({ ...config, initFactors: [first * bit, ...rest] }))
  const allMoved = equivalent(config, { scale, offset: 0 })
  const power = powerOfTwo(scale)
  return {
    original: config,
    moved: equivalent(config, { scale, offset }, keptOf(ask)),
    rounding: isExact(ask) || scale === 1 ? lastBits : [...lastBits, allMoved],
    ...(isExact(ask) &&
      (power !== scale || offset !== 0) && {
        unrounded: equivalent(config, { scale: power, offset: 0 })
      })
  }
}

export function plannedOf(ask: Ask): RunConfig[] {
  const { original, moved, rounding, unrounded } = configsOf(ask)
  return [original, moved, ...(unrounded ? [unrounded] : []), ...rounding]
}

/** The nearest, other than 1, where a move would show nothing. */
export function powerOfTwo(scale: number): number {
  const exponent = Math.round(Math.log2(scale))
  return 2 ** (exponent === 0 ? 1 : exponent)
}

/** In one epoch: of the moved run, and at most of those whose initial weights differ in the last bit. */
export interface Difference {
  readonly epoch: number
  readonly difference: number
  readonly rounding?: number
}

export function differencesOf(
  original: RunRecord,
  moved: RunRecord,
  rounding: readonly RunRecord[]
): Difference[] {
  const controls = rounding.map((run) => epochDifferences(original, run))
  return epochDifferences(original, moved).map(({ epoch, difference }) => {
    const known = controls.flatMap((of) => of.find((one) => one.epoch === epoch)?.difference ?? [])
    const most = known.length > 0 ? Math.max(...known) : undefined
    return { epoch, difference, ...(most !== undefined && { rounding: most }) }
  })
}

export type Verdict = 'waiting' | 'same' | 'coincide' | 'rounding' | 'part' | 'none-seen'

/** Whether in exact arithmetic both are the same training. */
export function isExact(ask: Ask): boolean {
  const keep = keptOf(ask)
  const { config, offset } = ask
  const undone = offset === 0 || offsetVanishes(config)
  return undone && (ask.scale === 1 || keep === undefined || !has(config, keep))
}

/** @param unrounded difference of the run moved by a power of two; its own where its scale is one */
export function verdictOf(
  ask: Ask,
  differences: readonly Difference[],
  unrounded: number | undefined
): Verdict {
  const [first] = differences
  if (!first) return 'waiting'
  const { difference, rounding = 0 } = first
  if (differences.every((of) => of.difference === 0)) return 'same'
  if (isExact(ask)) {
    if (difference < COINCIDE) return 'coincide'
    if (unrounded === undefined) return 'waiting'
    return unrounded > 0 ? 'part' : 'rounding'
  }
  return difference < Math.max(COINCIDE, BEYOND_ROUNDING * rounding) ? 'none-seen' : 'part'
}
