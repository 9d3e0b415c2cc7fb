import { LECUN_AMPLITUDE, LECUN_SLOPE } from '../../../core/network/activations'
import type { ActivationId } from '../../../core/network/config'
import type { Tensor } from './graph'
import type { Ops } from './ops'

/** An activation as graph nodes: a = f(z), and dL/dz from dL/da. */
interface ActivationNodes {
  forward(ops: Ops, z: Tensor): Tensor
  gradient(ops: Ops, upstream: Tensor, z: Tensor, a: Tensor): Tensor
}

/** One record per activation; formulas are those of core/network/activations. */
export function activationNodes(id: ActivationId, leakySlope: number): ActivationNodes {
  const alpha = { T: { type: 'float' }, alpha: { float: leakySlope } } as const
  const table: Readonly<Record<ActivationId, ActivationNodes>> = {
    relu: {
      forward: (ops, z) => ops.unary('Relu', z),
      gradient: (ops, upstream, _z, a) => ops.binary('ReluGrad', upstream, a)
    },
    'leaky-relu': {
      forward: (ops, z) => ops.graph.op('LeakyRelu', [z], 'float', { attributes: alpha }),
      gradient: (ops, upstream, z) =>
        ops.graph.op('LeakyReluGrad', [upstream, z], 'float', { attributes: alpha })
    },
    sigmoid: {
      forward: (ops, z) => ops.unary('Sigmoid', z),
      gradient: (ops, upstream, _z, a) => ops.binary('SigmoidGrad', a, upstream)
    },
    tanh: {
      forward: (ops, z) => ops.unary('Tanh', z),
      gradient: (ops, upstream, _z, a) => ops.binary('TanhGrad', a, upstream)
    },
    'lecun-tanh': {
      forward: (ops, z) =>
        times(ops, LECUN_AMPLITUDE, ops.unary('Tanh', times(ops, LECUN_SLOPE, z))),
      // with t = a / A: f'(z) = A S (1 - t^2)
      gradient: (ops, upstream, _z, a) =>
        times(
          ops,
          LECUN_AMPLITUDE * LECUN_SLOPE,
          ops.binary('TanhGrad', times(ops, 1 / LECUN_AMPLITUDE, a), upstream)
        )
    },
    linear: { forward: (_ops, z) => z, gradient: (_ops, upstream) => upstream }
  }
  return table[id]
}

function times(ops: Ops, factor: number, x: Tensor): Tensor {
  return ops.binary('Mul', x, ops.constant('float', factor))
}
