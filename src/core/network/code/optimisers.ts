import type { RunConfig } from '../config'
import { decayOf } from '../decay'
import type { OptimiserId } from '../optimisers'
import { call, real } from './python'
import type { Call } from './python'

type Values = RunConfig['optimiser']

interface Written {
  /** without its weight decay */
  readonly keras: (values: Values) => Call
  /** without the parameters that it changes, and without weight decay */
  readonly pytorch: (values: Values) => Call
  /** the class of PyTorch that decouples the weight decay */
  readonly decoupled?: string
  /** what PyTorch does otherwise */
  readonly remark?: string
}

const keras = (name: string, { learningRate }: Values, ...more: string[]): Call =>
  call(`keras.optimizers.${name}`, [`learning_rate=${real(learningRate)}`, ...more])

const pytorch = (name: string, { learningRate }: Values, ...more: string[]): Call =>
  call(`torch.optim.${name}`, [`lr=${real(learningRate)}`, ...more])

const adam = (name: string): Written => ({
  keras: (values) =>
    keras(
      name,
      values,
      `beta_1=${real(values.beta1)}`,
      `beta_2=${real(values.beta2)}`,
      `epsilon=${real(values.epsilon)}`
    ),
  pytorch: (values) =>
    pytorch(
      name,
      values,
      `betas=(${real(values.beta1)}, ${real(values.beta2)})`,
      `eps=${real(values.epsilon)}`
    ),
  decoupled: 'torch.optim.AdamW',
  remark:
    'PyTorch adds epsilon behind the correction of the running means, Keras and Normscope before it.'
})

const momentum = (nesterov: boolean): Written => {
  const also = nesterov ? ['nesterov=True'] : []
  return {
    keras: (values) => keras('SGD', values, `momentum=${real(values.momentum)}`, ...also),
    pytorch: (values) => pytorch('SGD', values, `momentum=${real(values.momentum)}`, ...also)
  }
}

export const OPTIMISER_CODE: Readonly<Record<OptimiserId, Written>> = {
  sgd: {
    keras: (values) => keras('SGD', values),
    pytorch: (values) => pytorch('SGD', values)
  },
  momentum: momentum(false),
  nesterov: momentum(true),
  rmsprop: {
    keras: (values) =>
      keras('RMSprop', values, `rho=${real(values.rho)}`, `epsilon=${real(values.epsilon)}`),
    pytorch: (values) =>
      pytorch('RMSprop', values, `alpha=${real(values.rho)}`, `eps=${real(values.epsilon)}`),
    remark: 'PyTorch adds epsilon beside the root, Keras and Normscope within it.'
  },
  adam: adam('Adam'),
  adamw: adam('AdamW')
}

/** Weight decay of each kernel; factors per layer are told in a comment. */
export function kernelDecay(config: RunConfig): ReturnType<typeof decayOf> {
  return decayOf({ ...config, decayFactors: [] }, 0)
}
