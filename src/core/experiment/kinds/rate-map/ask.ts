import { z } from 'zod'
import type { RunConfig } from '../../../network/config'
import { cannotMove, equivalent } from '../../../network/equivalent'
import { idsOf } from '../../../network/setting'
import { AS_CHOSEN } from '../../../preprocessing/input'
import type { ChoiceSpec } from '../../../preprocessing/preprocessing'
import { numberWithin, runConfig } from '../../../study/config-schema'
import { seedList } from '../../seeds'
import { kernelPower, MAP_AXES, mapAxisOf, predictedPower } from './axes'
import { factorsBetween } from './ridge'

/** Training images and epochs of each run, unless a person says otherwise. */
export const MAP_RUN = { limit: 6000, epochs: 1 } as const
export const MAP_SCALES = { least: 1 / 16, greatest: 256, points: 7 } as const
export const POINTS = { integer: true, min: 3, max: 15 } as const
export const REST = ['stay', 'move'] as const
/** What the choice is compared with. */
const STORED: ChoiceSpec = { id: 'raw' }

export const askSchema = z
  .strictObject({
    config: runConfig.refine(
      ({ input, startBias }) => input.scale === 1 && input.offset === 0 && startBias === 'zero',
      { path: ['input'], message: 'the input as it is chosen' }
    ),
    axis: z.enum(idsOf(MAP_AXES)),
    /** 'move': the rest of the first layer moves with the scale; the axis is of its kernel alone */
    rest: z.enum(REST),
    /** scales, and so many values */
    points: numberWithin(POINTS),
    seeds: seedList
  })
  .refine(({ config, rest }) => rest === 'stay' || !cannotMove(config), {
    path: ['rest'],
    message:
      '“stay” before a residual block: its convolutions share their factors, so the first cannot be moved alone'
  })
export type Ask = z.infer<typeof askSchema>

export interface Grid {
  readonly scales: readonly number[]
  /** ascending; on the predicted ridge at each of the scales */
  readonly values: readonly number[]
  /** at scale 1 */
  readonly base: number
  /** values go as this power of the scale, it is predicted */
  readonly power: number
}

export function gridOf({ config, axis, points, rest }: Ask): Grid {
  const base = mapAxisOf(axis).base(config)
  const power = predictedPower(config, axis, rest)
  // as many values as where the setting moves with the scale
  const reach = kernelPower(config, axis)
  const { least, greatest } = MAP_SCALES
  const ends = [base * least ** reach, base * greatest ** reach].sort((a, b) => a - b)
  return {
    scales: factorsBetween(least, greatest, points),
    values: factorsBetween(ends[0]!, ends[1]!, points),
    ...{ base, power }
  }
}

/** The run of one cell. */
export function cellConfig(ask: Ask, scale: number, value: number, seed: number): RunConfig {
  const axis = mapAxisOf(ask.axis)
  const config = { ...ask.config, seed }
  if (ask.rest === 'stay') return { ...axis.set(config, value), input: { scale, offset: 0 } }
  const base = axis.base(config)
  const moved = equivalent(axis.set(config, base), { scale, offset: 0 }, axis.moved)
  return axis.setFirst(moved, axis.id === 'init' ? value : value / base)
}

/** The run on stored values that a choice is compared with. */
export function storedConfig(ask: Ask, value: number, seed: number): RunConfig {
  const config = { ...ask.config, choice: STORED, input: AS_CHOSEN, seed }
  return mapAxisOf(ask.axis).set(config, value)
}

/** Whether the choice is compared with stored values, as a person would set both. */
export const compares = ({ config, rest }: Ask): boolean =>
  rest === 'stay' && config.choice.id !== STORED.id

/** The values of the comparison: those of the map, and the base where it is none of them. */
export function comparedValues({ values, base }: Grid): readonly number[] {
  return values.includes(base) ? values : [...values, base].sort((a, b) => a - b)
}
