import type { FindingRecord } from '../finding-record'
import { AT_CHANCE } from './at-chance'
import { BATCH_TOO_SMALL } from './batch-too-small'
import { CLIPPED_LOSS_TRAP } from './clipped-loss-trap'
import { COLLAPSED } from './collapsed-to-one-class'
import { CONSTANT_PIXELS } from './constant-pixels'
import { DEAD_UNITS } from './dead-units'
import { DIVERGED } from './diverged'
import { INITIAL_WEIGHTS_TOO_LARGE } from './initial-weights-too-large'
import { INITIAL_WEIGHTS_TOO_SMALL } from './initial-weights-too-small'
import { INPUTS_TOO_LARGE } from './inputs-too-large'
import { INPUTS_TOO_SMALL } from './inputs-too-small'
import { LABEL_NOISE } from './label-noise-suspected'
import { LEARNING_RATE_TOO_LARGE } from './learning-rate-too-large'
import { LEARNING_RATE_TOO_SMALL } from './learning-rate-too-small'
import { MOVING_MOMENTS_UNSETTLED } from './moving-moments-unsettled'
import { NONE_FOUND } from './none-found'
import { NOT_CENTRED } from './not-centred'
import { OVERFITTING } from './overfitting'
import { SATURATED_UNITS } from './saturated-units'
import { SCALE_DIFFERS } from './scale-differs-between-pixels'
import { TOO_FEW_EPOCHS } from './too-few-epochs'
import { TRAIN_TEST_MISMATCH } from './train-test-mismatch'
import { WRONG_CONSTANTS } from './wrong-constants'

/**
 * In order of precedence. First what no other setting can make good, then settings and data that are
 * off by themselves, then what became of the units, last what only the outcome shows: the cause of a
 * symptom is named before the symptom.
 */
export const FINDINGS = [
  CLIPPED_LOSS_TRAP,
  WRONG_CONSTANTS,
  TRAIN_TEST_MISMATCH,
  BATCH_TOO_SMALL,
  MOVING_MOMENTS_UNSETTLED,
  INITIAL_WEIGHTS_TOO_LARGE,
  INITIAL_WEIGHTS_TOO_SMALL,
  SCALE_DIFFERS,
  NOT_CENTRED,
  LEARNING_RATE_TOO_LARGE,
  LEARNING_RATE_TOO_SMALL,
  INPUTS_TOO_LARGE,
  INPUTS_TOO_SMALL,
  DIVERGED,
  SATURATED_UNITS,
  DEAD_UNITS,
  COLLAPSED,
  LABEL_NOISE,
  OVERFITTING,
  TOO_FEW_EPOCHS,
  AT_CHANCE,
  CONSTANT_PIXELS,
  NONE_FOUND
] as const satisfies readonly FindingRecord[]

export type FindingCode = (typeof FINDINGS)[number]['code']
