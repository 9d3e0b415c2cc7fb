import type { ActivationId, InitialiserId, LossId, OptimiserId } from '../../core/network/config'
import type { Dataset } from '../../core/dataset/dataset'
import { featuresOf } from '../../core/dataset/dataset'
import type { NetworkSettings } from '../state/settings'

export const ACTIVATION_NAMES: Readonly<Record<ActivationId, string>> = {
  relu: 'relu',
  'leaky-relu': 'leaky relu',
  sigmoid: 'sigmoid',
  tanh: 'tanh',
  'lecun-tanh': 'LeCun’s tanh',
  linear: 'linear'
}

export const INITIALISER_NAMES: Readonly<Record<InitialiserId, string>> = {
  'glorot-uniform': 'Glorot uniform',
  'glorot-normal': 'Glorot normal',
  'he-uniform': 'He uniform',
  'he-normal': 'He normal',
  'lecun-normal': 'LeCun normal',
  normal: 'Normal, std given'
}

export const OPTIMISER_NAMES: Readonly<Record<OptimiserId, string>> = {
  sgd: 'SGD',
  momentum: 'SGD with momentum',
  nesterov: 'SGD, Nesterov momentum',
  rmsprop: 'RMSprop',
  adam: 'Adam',
  adamw: 'AdamW'
}

export const LOSS_NAMES: Readonly<Record<LossId, string>> = {
  exact: 'exact',
  clipped: '2018, clipped'
}

const plural = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`

/** The network in three lines: architecture, optimiser, loss and length. */
export function networkLines(network: NetworkSettings, dataset: Dataset | undefined): string[] {
  const inputs = dataset ? String(featuresOf(dataset)) : 'pixels'
  const activation = ACTIVATION_NAMES[network.activation]
  const hidden = network.hidden.map((units) => `${units} ${activation}`)
  const outputs =
    network.output === 'sigmoid'
      ? '1 sigmoid'
      : `${network.classes ? 2 : (dataset?.classNames.length ?? 10)} softmax`
  const { optimiser, weightDecay } = network
  const decay =
    weightDecay.factor === 0
      ? []
      : [`${weightDecay.kind === 'l2' ? 'L2' : 'decoupled'} decay ${weightDecay.factor}`]
  const factors = [...network.initFactors, ...network.stepFactors].some((factor) => factor !== 1)
  return [
    [inputs, ...hidden, outputs].join(' → '),
    [
      OPTIMISER_NAMES[optimiser.id],
      `step ${optimiser.learningRate}`,
      `batch ${network.batch}`,
      ...decay,
      ...(factors ? ['layer factors'] : [])
    ].join(', '),
    [
      `Loss ${LOSS_NAMES[network.loss]}`,
      plural(network.epochs, 'epoch'),
      plural(network.seeds, 'seed'),
      ...(network.limit ? [`first ${network.limit} images`] : [])
    ].join(', ')
  ]
}
