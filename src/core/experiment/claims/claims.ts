import { BACKGROUND_SWAMPS } from './background-swamps'
import { BRIGHT_PIXELS_DOMINATE } from './bright-pixels-dominate'
import type { Claim } from './claim'
import { DIVISION_AND_DOMINANCE } from './division-and-dominance'
import { NORMALISATION_IS_UNCLEAR } from './normalisation-is-unclear'
import { ONE_SIGMOID } from './one-sigmoid'
import { RELU_IS_BETTER } from './relu-is-better'
import { SAME_SCALE } from './same-scale'
import { SATURATION_SLOWS } from './saturation-slows'
import { WEIGHTS_AND_RANGE } from './weights-and-range'

/** The claims of the question's page, in the order in which they are told. */
export const CLAIMS = [
  SAME_SCALE,
  WEIGHTS_AND_RANGE,
  SATURATION_SLOWS,
  RELU_IS_BETTER,
  BACKGROUND_SWAMPS,
  BRIGHT_PIXELS_DOMINATE,
  DIVISION_AND_DOMINANCE,
  NORMALISATION_IS_UNCLEAR,
  ONE_SIGMOID
] as const satisfies readonly Claim[]
