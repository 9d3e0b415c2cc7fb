import type { OperationId, OperationOf } from '../../../../core/network/layers/builder'
import type { OperationRecords } from '../../operations'
import type { Tensor } from '../tensors'
import { CONVOLUTION } from './convolution'
import { DENSE } from './dense'
import { BATCH_NORM, LAYER_NORM } from './normalisation'
import type { Pass, PortableOperation } from './operation'
import { ACTIVATION, ADD, DROPOUT, FLATTEN, GLOBAL_AVERAGE, INPUT } from './plain'
import { AVERAGE_POOL, MAX_POOL } from './pooling'

/** One record per operation of a plan. */
const RECORDS: { readonly [Id in OperationId]: PortableOperation<OperationOf<Id>> } = {
  input: INPUT,
  dense: DENSE,
  conv: CONVOLUTION,
  'max-pool': MAX_POOL,
  'average-pool': AVERAGE_POOL,
  'global-average': GLOBAL_AVERAGE,
  flatten: FLATTEN,
  'batch-norm': BATCH_NORM,
  'layer-norm': LAYER_NORM,
  dropout: DROPOUT,
  activation: ACTIVATION,
  add: ADD
}

export const PORTABLE_OPERATIONS = RECORDS as OperationRecords<Pass, Tensor>
