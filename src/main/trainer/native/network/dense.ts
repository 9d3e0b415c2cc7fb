import type { OperationOf } from '../../../../core/network/layers/builder'
import { sizeOfShape } from '../../../../core/network/layers/shape'
import { formed, isRows } from './operation'
import type { OperationNodes, Pass } from './operation'
import type { Tensor } from '../tensorflow/graph'

/** A node's output as rows. */
function rows({ ops, plan }: Pass, at: number, x: Tensor): Tensor {
  return isRows(plan, at) ? x : ops.reshape(x, [-1, sizeOfShape(plan.nodes[at]!.shape)])
}

export const DENSE: OperationNodes<OperationOf<'dense'>> = {
  forward(pass, { kernel, bias, inputs: [from] }, [x]) {
    const { ops } = pass
    const input = rows(pass, from!, x!)
    const product = ops.matMul(input, pass.parameter(kernel))
    const output = bias === undefined ? product : ops.biasAdd(product, pass.parameter(bias))
    return { output, kept: [input] }
  },
  backward(pass, { kernel, bias, inputs: [from] }, { kept: [input] = [] }, upstream, wanted) {
    const { ops } = pass
    const ofKernel = ops.matMul(input!, upstream, true, false)
    const parameters: [number, Tensor][] = [[kernel, ofKernel]]
    if (bias !== undefined) parameters.push([bias, ops.reduce('Sum', upstream, [0])])
    if (!wanted) return { inputs: [], parameters }
    const ofInput = ops.matMul(upstream, pass.parameter(kernel), false, true)
    return { inputs: [formed(pass, from!, ofInput)], parameters }
  }
}

export const FLATTEN: OperationNodes<OperationOf<'flatten'>> = {
  forward: (pass, { inputs: [from] }, [x]) => ({ output: rows(pass, from!, x!) }),
  backward: (pass, { inputs: [from] }, _made, upstream) => ({
    inputs: [formed(pass, from!, upstream)]
  })
}
