import { z } from 'zod'
import { SETTINGS } from '../network/settings'
import { numberWithin } from '../study/config-schema'

/** The seeds of an experiment, in an ask. */
export const seedList: z.ZodType<readonly number[]> = z
  .array(numberWithin(SETTINGS.seed.limits))
  .min(1)
  .max(SETTINGS.seeds.limits.max)
  .refine((seeds) => new Set(seeds).size === seeds.length, 'each seed once')

/** 3 -> [0, 1, 2] */
export function firstSeeds(count: number): number[] {
  return Array.from({ length: count }, (_, seed) => seed)
}
