import { CENTRED } from './centred'
import { CENTRED_PER_PIXEL } from './centred-per-pixel'
import { CUSTOM } from './custom'
import { EQUALISED } from './equalised'
import { LOGARITHM } from './log'
import { PER_IMAGE } from './per-image'
import { PER_IMAGE_LENGTH } from './per-image-length'
import { PER_IMAGE_RANGE } from './per-image-range'
import { RAW } from './raw'
import { ROBUST } from './robust'
import { STANDARDISED } from './standardised'
import { STANDARDISED_PER_PIXEL } from './standardised-per-pixel'
import { SYMMETRIC } from './symmetric'
import { UNIT } from './unit'
import { WHITENED } from './whitened'

/** All choices, in the order in which they are shown. */
export const CHOICES = [
  RAW,
  UNIT,
  SYMMETRIC,
  STANDARDISED,
  STANDARDISED_PER_PIXEL,
  CENTRED,
  CENTRED_PER_PIXEL,
  PER_IMAGE,
  PER_IMAGE_RANGE,
  PER_IMAGE_LENGTH,
  ROBUST,
  LOGARITHM,
  EQUALISED,
  WHITENED,
  CUSTOM
] as const
