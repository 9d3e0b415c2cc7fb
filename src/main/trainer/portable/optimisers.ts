import type { OptimiserConfig } from '../../../core/network/config'
import type { OptimiserId } from '../../../core/network/optimisers'
import type { Tensor, Tf } from './tensors'

/** New weights and slots; the old ones are the caller's to dispose. */
interface Update {
  readonly change: Tensor
  readonly slots: readonly Tensor[]
}

export interface PortableOptimiser {
  /** tensors of the weights' shape kept between steps, 0 at the start */
  readonly slots: number
  /** factor on the learning rate at a step, from 1 */
  rateFactor(config: OptimiserConfig, step: number): number
  /** what is taken from the weights */
  update(
    tf: Tf,
    config: OptimiserConfig,
    gradient: Tensor,
    slots: readonly Tensor[],
    rate: number
  ): Update
}

const constantRate = (): number => 1

/**
 * Kingma & Ba 2015 in Keras' form. The moments decay in float32, so the correction of their bias,
 * in float64, takes the betas as float32 holds them.
 */
const adam: PortableOptimiser = {
  slots: 2,
  rateFactor(config, step) {
    const beta1 = Math.fround(config.beta1)
    const beta2 = Math.fround(config.beta2)
    return Math.sqrt(1 - beta2 ** step) / (1 - beta1 ** step)
  },
  update(tf, config, gradient, [m0, v0], rate) {
    const beta1 = Math.fround(config.beta1)
    const beta2 = Math.fround(config.beta2)
    const m = tf.add(tf.mul(m0!, beta1), tf.mul(gradient, 1 - beta1))
    const v = tf.add(tf.mul(v0!, beta2), tf.mul(tf.square(gradient), 1 - beta2))
    const change = tf.div(tf.mul(m, rate), tf.add(tf.sqrt(v), config.epsilon))
    return { change, slots: [m, v] }
  }
}

export const PORTABLE_OPTIMISERS: Readonly<Record<OptimiserId, PortableOptimiser>> = {
  sgd: {
    slots: 0,
    rateFactor: constantRate,
    update: (tf, _config, gradient, _slots, rate) => ({
      change: tf.mul(gradient, rate),
      slots: []
    })
  },
  momentum: {
    slots: 1,
    rateFactor: constantRate,
    update(tf, config, gradient, [m0], rate) {
      const m = tf.add(tf.mul(m0!, config.momentum), gradient)
      return { change: tf.mul(m, rate), slots: [m] }
    }
  },
  nesterov: {
    slots: 1,
    rateFactor: constantRate,
    update(tf, config, gradient, [m0], rate) {
      const m = tf.add(tf.mul(m0!, config.momentum), gradient)
      const ahead = tf.add(tf.mul(m, config.momentum), gradient)
      return { change: tf.mul(ahead, rate), slots: [m] }
    }
  },
  rmsprop: {
    slots: 1,
    rateFactor: constantRate,
    update(tf, config, gradient, [v0], rate) {
      const rho = Math.fround(config.rho)
      const v = tf.add(tf.mul(v0!, rho), tf.mul(tf.square(gradient), 1 - rho))
      const change = tf.div(tf.mul(gradient, rate), tf.sqrt(tf.add(v, config.epsilon)))
      return { change, slots: [v] }
    }
  },
  adam,
  adamw: adam
}
