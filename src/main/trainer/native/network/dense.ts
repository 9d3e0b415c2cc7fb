import type { OperationOf, PlanNode } from '../../../../core/network/layers/builder'
import { sizeOfShape } from '../../../../core/network/layers/shape'
import { formed, isRows } from './operation'
import type { OperationNodes, Pass } from './operation'
import { hasDense } from '../tensorflow/binding'
import type { Tensor } from '../tensorflow/graph'

/** A node's output as rows. */
function rows({ ops, plan }: Pass, at: number, x: Tensor): Tensor {
  return isRows(plan, at) ? x : ops.reshape(x, [-1, sizeOfShape(plan.nodes[at]!.shape)])
}

type Dense = OperationOf<'dense'>

export const DENSE: OperationNodes<Dense> = {
  forward: (pass, node, inputs) => wayOf(pass, node).forward(pass, node, inputs),
  backward: (pass, node, ...rest) => wayOf(pass, node).backward(pass, node, ...rest)
}

/** Units that one vector of the own kernels holds. */
const LANES = 16

function wayOf({ ops }: Pass, { bias, shape }: PlanNode<Dense>): OperationNodes<Dense> {
  if (!ops.own) return products
  if (sizeOfShape(shape) > LANES) return hasDense() ? wide : products
  return bias === undefined ? products : narrow
}

/** By own kernels for few units. */
const narrow: OperationNodes<Dense> = {
  forward(pass, { kernel, bias, inputs: [from] }, [x]) {
    const input = rows(pass, from!, x!)
    const sources = [input, pass.parameter(kernel), pass.parameter(bias!)]
    return { output: pass.ops.graph.op('NormscopeNarrow', sources, 'float'), kept: [input] }
  },
  backward(pass, { kernel, bias, inputs: [from] }, { kept: [input] = [] }, upstream, wanted) {
    const sources = [input!, pass.parameter(kernel), upstream]
    const [ofKernel, ofBias, ofInput] = pass.ops.graph.add(
      'NormscopeNarrowGradient',
      sources,
      ['float', 'float', 'float'],
      { attributes: { wanted: { bool: wanted } } }
    ) as [Tensor, Tensor, Tensor]
    return {
      inputs: wanted ? [formed(pass, from!, ofInput)] : [],
      parameters: [
        [kernel, ofKernel],
        [bias!, ofBias]
      ]
    }
  }
}

/** By own kernels, which leave out what is multiplied by 0. */
const wide: OperationNodes<Dense> = {
  forward(pass, { kernel, bias, inputs: [from] }, [x]) {
    const input = rows(pass, from!, x!)
    const biases = bias === undefined ? [] : [pass.parameter(bias)]
    const sources = [input, pass.parameter(kernel), ...biases]
    const attributes = { N: { int: biases.length } }
    const output = pass.ops.graph.op('NormscopeDense', sources, 'float', { attributes })
    return { output, kept: [input] }
  },
  backward(pass, { kernel, bias, inputs: [from] }, { kept: [input] = [] }, upstream, wanted) {
    const { ops } = pass
    const made = ops.graph.add('NormscopeDenseGradient', [input!, upstream], ['float', 'float'])
    const [ofKernel, ofBias] = made as [Tensor, Tensor]
    const parameters: [number, Tensor][] = [[kernel, ofKernel]]
    if (bias !== undefined) parameters.push([bias, ofBias])
    return {
      inputs: wanted ? [gradientOfInput(pass, kernel, from!, upstream, ofKernel)] : [],
      parameters
    }
  }
}

function gradientOfInput(
  pass: Pass,
  kernel: number,
  from: number,
  upstream: Tensor,
  after: Tensor
): Tensor {
  return formed(pass, from, pass.ops.matMul(upstream, pass.parameter(kernel), 'second', [after]))
}

/**
 * By products of matrices. Gradients come one after the other: what could be done at the same time goes through the
 * queue of TensorFlow's threads, though there is only one.
 */
const products: OperationNodes<Dense> = {
  forward(pass, { kernel, bias, inputs: [from] }, [x]) {
    const { ops } = pass
    const input = rows(pass, from!, x!)
    const product = ops.matMul(input, pass.parameter(kernel))
    const output = bias === undefined ? product : ops.biasAdd(product, pass.parameter(bias))
    return { output, kept: [input] }
  },
  backward(pass, { kernel, bias, inputs: [from] }, { kept: [input] = [] }, upstream, wanted) {
    const { ops } = pass
    const ofBias = bias === undefined ? undefined : ops.reduce('Sum', upstream, [0])
    const ofKernel = ops.matMul(input!, upstream, 'first', ofBias && [ofBias])
    const parameters: [number, Tensor][] = [[kernel, ofKernel]]
    if (ofBias) parameters.push([bias!, ofBias])
    return {
      inputs: wanted ? [gradientOfInput(pass, kernel, from!, upstream, ofKernel)] : [],
      parameters
    }
  }
}

export const FLATTEN: OperationNodes<OperationOf<'flatten'>> = {
  forward: (pass, { inputs: [from] }, [x]) => ({ output: rows(pass, from!, x!) }),
  backward: (pass, { inputs: [from] }, _made, upstream) => ({
    inputs: [formed(pass, from!, upstream)]
  })
}
