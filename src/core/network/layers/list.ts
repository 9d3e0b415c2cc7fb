import { CONVOLUTION } from './kinds/convolution'
import { DENSE } from './kinds/dense'
import { DROPOUT } from './kinds/dropout'
import { BATCH_NORMALISATION, LAYER_NORMALISATION } from './kinds/normalisation'
import { FLATTEN, GLOBAL_AVERAGE_POOLING } from './kinds/plain'
import { AVERAGE_POOLING, MAX_POOLING } from './kinds/pooling'
import { RESIDUAL } from './kinds/residual'

/** All kinds of layers, in the order in which they are offered. */
export const LAYERS = [
  DENSE,
  CONVOLUTION,
  MAX_POOLING,
  AVERAGE_POOLING,
  GLOBAL_AVERAGE_POOLING,
  FLATTEN,
  BATCH_NORMALISATION,
  LAYER_NORMALISATION,
  DROPOUT,
  RESIDUAL
] as const
