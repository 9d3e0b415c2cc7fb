import type { OperationOf, PlanNode } from '../../../../core/network/layers/builder'
import type { OperationNodes } from './operation'
import type { Attribute } from '../tensorflow/saved-model'

export const MAX_POOLING: OperationNodes<OperationOf<'max-pool'>> = {
  forward: ({ ops }, node, [x]) => ({
    output: ops.graph.op('MaxPool', [x!], 'float', { attributes: windows(node) })
  }),
  // of equal values in a window the first one has the gradient
  backward({ ops }, node, { inputs: [x], output }, upstream) {
    const attributes = windows(node)
    return {
      inputs: [ops.graph.op('MaxPoolGrad', [x!, output, upstream], 'float', { attributes })]
    }
  }
}

export const AVERAGE_POOLING: OperationNodes<OperationOf<'average-pool'>> = {
  forward: ({ ops }, node, [x]) => ({
    output: ops.graph.op('AvgPool', [x!], 'float', { attributes: windows(node) })
  }),
  backward({ ops }, node, { inputs: [x] }, upstream) {
    const attributes = windows(node)
    const sources = [ops.shape(x!), upstream]
    return { inputs: [ops.graph.op('AvgPoolGrad', sources, 'float', { attributes })] }
  }
}

export const GLOBAL_AVERAGE: OperationNodes<OperationOf<'global-average'>> = {
  forward: ({ ops }, _node, [x]) => ({ output: ops.reduce('Mean', x!, [1, 2]) }),
  backward({ ops, plan }, { inputs: [from] }, { inputs: [x] }, upstream) {
    const [height = 1, width = 1, channels = 1] = plan.nodes[from!]!.shape
    const share = ops.binary('RealDiv', upstream, ops.constant('float', height * width))
    const column = ops.reshape(share, [-1, 1, 1, channels])
    return { inputs: [ops.broadcastTo(column, ops.shape(x!))] }
  }
}

type Pool = OperationOf<'max-pool'> | OperationOf<'average-pool'>

function windows({ size, stride, padding }: PlanNode<Pool>): Readonly<Record<string, Attribute>> {
  return {
    T: { type: 'float' },
    ksize: { ints: [1, size, size, 1] },
    strides: { ints: [1, stride, stride, 1] },
    padding: { string: padding.toUpperCase() },
    data_format: { string: 'NHWC' }
  }
}
