import type { OperationId, OperationOf } from '../../../../core/network/layers/builder'
import type { OperationRecords } from '../../operations'
import type { Tensor } from '../tensorflow/graph'
import { CONVOLUTION } from './convolution'
import { DENSE, FLATTEN } from './dense'
import { DROPOUT } from './dropout'
import { BATCH_NORM, LAYER_NORM } from './normalisation'
import type { OperationNodes, Pass } from './operation'
import { ACTIVATION, ADD, INPUT } from './plain'
import { AVERAGE_POOLING, GLOBAL_AVERAGE, MAX_POOLING } from './pooling'

/** One record per operation of a plan. */
const RECORDS: { readonly [Id in OperationId]: OperationNodes<OperationOf<Id>> } = {
  input: INPUT,
  dense: DENSE,
  conv: CONVOLUTION,
  'max-pool': MAX_POOLING,
  'average-pool': AVERAGE_POOLING,
  'global-average': GLOBAL_AVERAGE,
  flatten: FLATTEN,
  'batch-norm': BATCH_NORM,
  'layer-norm': LAYER_NORM,
  dropout: DROPOUT,
  activation: ACTIVATION,
  add: ADD
}

export const OPERATION_NODES = RECORDS as OperationRecords<Pass, Tensor>
