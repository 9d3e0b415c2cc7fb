import type { OperationOf } from '../../../../core/network/layers/builder'
import { dropoutMask } from '../../../../core/network/layers/philox'
import { sizeOfShape } from '../../../../core/network/layers/shape'
import { PORTABLE_ACTIVATIONS } from '../activations'
import type { PortableOperation } from './operation'

export const INPUT: PortableOperation<OperationOf<'input'>> = {
  forward: ({ tf, x }, { shape }) => ({ output: tf.reshape(x, [x.shape[0]!, ...shape]) }),
  backward: () => ({ inputs: [] })
}

export const GLOBAL_AVERAGE: PortableOperation<OperationOf<'global-average'>> = {
  forward: ({ tf }, _node, [x]) => ({ output: tf.mean(x!, [1, 2]) }),
  backward({ tf }, _node, { inputs: [x] }, upstream, wanted) {
    if (!wanted) return { inputs: [] }
    const [images = 0, height = 0, width = 0, channels = 0] = x!.shape
    const each = tf.reshape(tf.div(upstream, height * width), [images, 1, 1, channels])
    return { inputs: [tf.tile(each, [1, height, width, 1])] }
  }
}

export const FLATTEN: PortableOperation<OperationOf<'flatten'>> = {
  forward: ({ tf }, _node, [x]) => ({ output: tf.reshape(x!, [x!.shape[0]!, -1]) }),
  backward: ({ tf }, _node, { inputs: [x] }, upstream) => ({
    inputs: [tf.reshape(upstream, x!.shape)]
  })
}

export const DROPOUT: PortableOperation<OperationOf<'dropout'>> = {
  forward({ tf, config, step }, { rate, stream, shape }, [x]) {
    if (step === undefined) return { output: x! }
    const count = x!.shape[0]! * sizeOfShape(shape)
    const kept = dropoutMask(count, rate, { seed: config.seed, step, stream })
    const factors = tf.tensor(
      Float32Array.from(kept, (one) => one / (1 - rate)),
      x!.shape
    )
    return { output: tf.mul(x!, factors), kept: [factors] }
  },
  backward: ({ tf }, _node, { kept }, upstream) => ({
    inputs: [kept ? tf.mul(upstream, kept[0]!) : upstream]
  })
}

export const ACTIVATION: PortableOperation<OperationOf<'activation'>> = {
  forward: ({ tf, config }, { activation }, [z]) => ({
    output: PORTABLE_ACTIVATIONS[activation].forward(tf, z!, config)
  }),
  backward: ({ tf, config }, { activation }, { inputs: [z], output }, upstream) => ({
    inputs: [PORTABLE_ACTIVATIONS[activation].gradient(tf, z!, output, upstream, config)]
  })
}

export const ADD: PortableOperation<OperationOf<'add'>> = {
  forward: ({ tf }, _node, [a, b]) => ({ output: tf.add(a!, b!) }),
  backward: (_pass, _node, _made, upstream) => ({ inputs: [upstream, upstream] })
}
