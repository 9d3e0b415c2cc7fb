import type { OperationOf } from '../../../../core/network/layers/builder'
import type { Tensor2D } from '../tensors'
import type { PortableOperation } from './operation'

export const DENSE: PortableOperation<OperationOf<'dense'>> = {
  forward({ tf, parameter }, { kernel, bias }, [x]) {
    const rows = tf.reshape(x!, [x!.shape[0]!, -1]) as Tensor2D
    const sums = tf.matMul(rows, parameter(kernel) as Tensor2D)
    return { output: bias === undefined ? sums : tf.add(sums, parameter(bias)), kept: [rows] }
  },
  backward({ tf, parameter }, { kernel, bias }, { inputs: [x], kept }, upstream, wanted) {
    const [rows] = kept as [Tensor2D]
    const delta = upstream as Tensor2D
    // matMul's own transposition is eight times slower in the wasm backend
    const weights = () => tf.transpose(parameter(kernel) as Tensor2D)
    return {
      inputs: wanted ? [tf.reshape(tf.matMul(delta, weights()), x!.shape)] : [],
      parameters: [
        [kernel, tf.matMul(tf.transpose(rows), delta)],
        ...(bias === undefined ? [] : [[bias, tf.sum(delta, 0)] as const])
      ]
    }
  }
}
