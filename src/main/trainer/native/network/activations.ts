import { LECUN_AMPLITUDE, LECUN_SLOPE } from '../../../../core/network/activations'
import type { ActivationId, ActivationValues } from '../../../../core/network/activations'
import type { Tensor } from '../tensorflow/graph'
import type { Ops } from '../tensorflow/ops'

interface GradientInputs {
  /** dL/da */
  readonly upstream: Tensor
  readonly z: Tensor
  readonly a: Tensor
}

/** An activation as graph nodes: a = f(z), and dL/dz from dL/da. */
export interface ActivationNodes {
  forward(ops: Ops, z: Tensor, values: ActivationValues): Tensor
  gradient(ops: Ops, at: GradientInputs, values: ActivationValues): Tensor
}

/** One record per activation; formulas are those of core/network/activations. */
export const ACTIVATION_NODES: Readonly<Record<ActivationId, ActivationNodes>> = {
  relu: {
    forward: (ops, z) => ops.unary('Relu', z),
    gradient: (ops, { upstream, a }) => ops.binary('ReluGrad', upstream, a)
  },
  'leaky-relu': {
    forward: (ops, z, values) =>
      ops.graph.op('LeakyRelu', [z], 'float', { attributes: alpha(values) }),
    // of a, which has the sign of z: with z, TensorFlow stumbles over fusing it with a convolution
    gradient: (ops, { upstream, a }, values) =>
      ops.graph.op('LeakyReluGrad', [upstream, a], 'float', { attributes: alpha(values) })
  },
  sigmoid: {
    forward: (ops, z) => ops.unary('Sigmoid', z),
    gradient: (ops, { upstream, a }) => ops.binary('SigmoidGrad', a, upstream)
  },
  tanh: {
    forward: (ops, z) => ops.unary('Tanh', z),
    gradient: (ops, { upstream, a }) => ops.binary('TanhGrad', a, upstream)
  },
  'lecun-tanh': {
    forward: (ops, z) => ops.times(ops.unary('Tanh', ops.times(z, LECUN_SLOPE)), LECUN_AMPLITUDE),
    // with t = a / A: f'(z) = A S (1 - t^2)
    gradient: (ops, { upstream, a }) =>
      ops.times(
        ops.binary('TanhGrad', ops.times(a, 1 / LECUN_AMPLITUDE), upstream),
        LECUN_AMPLITUDE * LECUN_SLOPE
      )
  },
  linear: { forward: (_ops, z) => z, gradient: (_ops, { upstream }) => upstream }
}

const alpha = ({ leakySlope }: ActivationValues) =>
  ({ T: { type: 'float' }, alpha: { float: leakySlope } }) as const
