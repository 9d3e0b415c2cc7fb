import type { OperationOf } from '../../../../core/network/layers/builder'
import { dropoutCounter, dropoutKey } from '../../../../core/network/layers/philox'
import type { OperationNodes, Pass } from './operation'
import type { Tensor } from '../tensorflow/graph'

type Dropout = OperationOf<'dropout'>

/** Philox in TensorFlow's enumeration of generators. */
const PHILOX = 1

export const DROPOUT: OperationNodes<Dropout> = {
  forward(pass, { rate, stream }, [x]) {
    const { ops, step } = pass
    if (!step || rate === 0) return { output: x! }
    const drawn = uniform(pass, stream, x!, step)
    const kept = ops.compare('GreaterEqual', drawn, ops.constant('float', rate))
    const factors = ops.binary(
      'Mul',
      ops.cast(kept, 'float'),
      ops.constant('float', 1 / (1 - rate))
    )
    return { output: ops.binary('Mul', x!, factors), kept: [factors] }
  },
  backward: ({ ops }, _node, { kept: [factors] = [] }, upstream) => ({
    inputs: [factors ? ops.binary('Mul', upstream, factors) : upstream]
  })
}

/** Random numbers in [0, 1), as many as x has values: those of core/network/layers/philox. */
function uniform({ ops, config }: Pass, stream: number, x: Tensor, step: Tensor): Tensor {
  const [first, second, , last] = dropoutCounter({ step: 0, stream })
  const words = [first, second, last].map((word) => ops.constant('int32', word))
  const counter = ops.pack([words[0]!, words[1]!, step, words[2]!])
  const sources = [
    ops.shape(x),
    pairs(ops.constant('int32', [...dropoutKey(config)])),
    pairs(counter),
    ops.constant('int32', PHILOX)
  ]
  return ops.graph.op('StatelessRandomUniformV2', sources, 'float', {
    attributes: { dtype: { type: 'float' }, Tshape: { type: 'int32' } }
  })

  /** two words each as one number of 64 bits, the lower first */
  function pairs(list: Tensor): Tensor {
    return ops.graph.op('Bitcast', [ops.reshape(list, [-1, 2])], 'uint64', {
      attributes: { T: { type: 'int32' }, type: { type: 'uint64' } }
    })
  }
}
