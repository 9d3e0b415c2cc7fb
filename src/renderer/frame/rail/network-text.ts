import { activationOf } from '../../../core/network/activations'
import { decayText } from '../../../core/network/decay'
import { featuresOf } from '../../../core/dataset/dataset'
import type { Dataset } from '../../../core/dataset/dataset'
import { denseUnits, layersText } from '../../../core/network/layers/text'
import { lossOf } from '../../../core/network/losses'
import { grouped } from '../../../core/numbers'
import { optimiserOf } from '../../../core/network/optimisers'
import { outputOf } from '../../../core/network/outputs'
import { LAYER_FACTORS } from '../../../core/network/settings'
import type { NetworkSettings } from '../../state/settings'

const plural = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`

/** The network in three lines: architecture, optimiser, loss and length. */
export function networkLines(network: NetworkSettings, dataset: Dataset | undefined): string[] {
  const inputs = dataset ? String(featuresOf(dataset)) : 'pixels'
  const activation = activationOf(network.activation).name
  const units = denseUnits(network.layers)
  const hidden = units
    ? units.map((count) => `${count} ${activation}`)
    : [layersText(network.layers).replaceAll(',', ', ')]
  const output = outputOf(network.output)
  const outputs = output.units(network.classes ? 2 : (dataset?.classNames.length ?? 10))
  const { optimiser, weightDecay } = network
  const decay = weightDecay.factor === 0 ? [] : [decayText(network)]
  const factors = LAYER_FACTORS.some((key) => network[key].some((factor) => factor !== 1))
  return [
    [inputs, ...hidden, outputs === 0 ? output.name : `${outputs} ${output.name}`].join(' → '),
    [
      optimiserOf(optimiser.id).name,
      `learning rate ${optimiser.learningRate}`,
      `batch ${network.batch}`,
      ...decay,
      ...(factors ? ['layer factors'] : [])
    ].join(', '),
    [
      `Loss ${lossOf(network.loss).name}`,
      plural(network.epochs, 'epoch'),
      plural(network.seeds, 'seed'),
      ...(network.limit ? [`${grouped(network.limit)} training images`] : [])
    ].join(', ')
  ]
}
