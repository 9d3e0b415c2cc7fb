import { LECUN_AMPLITUDE, LECUN_SLOPE } from '../../../core/network/activations'
import type { ActivationId, ActivationValues } from '../../../core/network/activations'
import type { Tensor, Tf } from './tensors'

/** An activation in tfjs ops; core/network/activations.ts holds the formulas. */
export interface PortableActivation {
  forward(tf: Tf, z: Tensor, values: ActivationValues): Tensor
  /** dL/dz from dL/da */
  gradient(tf: Tf, z: Tensor, a: Tensor, da: Tensor, values: ActivationValues): Tensor
}

export const PORTABLE_ACTIVATIONS: Readonly<Record<ActivationId, PortableActivation>> = {
  relu: {
    forward: (tf, z) => tf.relu(z),
    gradient: (tf, z, _a, da) => tf.mul(da, tf.step(z))
  },
  'leaky-relu': {
    forward: (tf, z, { leakySlope }) => tf.leakyRelu(z, leakySlope),
    gradient: (tf, z, _a, da, { leakySlope }) => tf.mul(da, tf.step(z, leakySlope))
  },
  sigmoid: {
    forward: (tf, z) => tf.sigmoid(z),
    gradient: (tf, _z, a, da) => tf.mul(da, tf.mul(a, tf.sub(1, a)))
  },
  tanh: {
    forward: (tf, z) => tf.tanh(z),
    gradient: (tf, _z, a, da) => tf.mul(da, tf.sub(1, tf.square(a)))
  },
  'lecun-tanh': {
    forward: (tf, z) => tf.mul(tf.tanh(tf.mul(z, LECUN_SLOPE)), LECUN_AMPLITUDE),
    // A S (1 - (a / A)^2)
    gradient: (tf, _z, a, da) =>
      tf.mul(
        da,
        tf.sub(LECUN_AMPLITUDE * LECUN_SLOPE, tf.mul(tf.square(a), LECUN_SLOPE / LECUN_AMPLITUDE))
      )
  },
  linear: {
    forward: (_tf, z) => z,
    gradient: (_tf, _z, _a, da) => da
  }
}
