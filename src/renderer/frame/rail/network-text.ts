import { activationOf } from '../../../core/network/activations'
import { decayText } from '../../../core/network/decay'
import { featuresOf } from '../../../core/dataset/dataset'
import type { Dataset } from '../../../core/dataset/dataset'
import { denseUnits, layersText, layerText, presetOf } from '../../../core/network/layers/text'
import { shapeText } from '../../../core/network/layers/shape'
import { lossOf } from '../../../core/network/losses'
import { grouped } from '../../../core/numbers'
import { optimiserOf } from '../../../core/network/optimisers'
import { outputOf } from '../../../core/network/outputs'
import { LAYER_FACTORS } from '../../../core/network/settings'
import type { NetworkSettings } from '../../state/settings'

const plural = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`

/** '784' where the first thing that happens is that an image is a row of values; else '28 × 28', '32 × 32 × 3' */
function inputText(dataset: Dataset, { layers }: NetworkSettings): string {
  if (denseUnits(layers)) return String(featuresOf(dataset))
  const { height, width, channels } = dataset
  return channels === 1 ? `${height} × ${width}` : shapeText([height, width, channels])
}

/** Letters of a list of layers that two lines of the rail hold. */
const MOST_LETTERS = 44

/** The hidden layers in a few words: units, a preset's name, or the first of the list and how many more. */
function layersLine({ layers, activation }: NetworkSettings): string[] {
  const { name } = activationOf(activation)
  const units = denseUnits(layers)
  if (units) return units.map((count) => `${count} ${name}`)
  const preset = presetOf(layers)
  if (preset) return [`${preset.name}, ${name}`]
  const words = layers.map((layer) => layerText(layer).replace(',', ' '))
  let shown = words.length
  while (shown > 1 && words.slice(0, shown).join(', ').length > MOST_LETTERS) shown--
  const more = words.length - shown
  return [[...words.slice(0, shown), ...(more > 0 ? [`${more} more`] : [])].join(', ')]
}

/** All layers, for a tooltip, where the line leaves some away. */
export function layersTitle({ layers }: NetworkSettings): string | undefined {
  return denseUnits(layers) ? undefined : layersText(layers).replaceAll(',', ', ')
}

/** The network in three lines: architecture, optimiser, loss and length. */
export function networkLines(network: NetworkSettings, dataset: Dataset | undefined): string[] {
  const inputs = dataset ? inputText(dataset, network) : 'pixels'
  const output = outputOf(network.output)
  const outputs = output.units(network.classes ? 2 : (dataset?.classNames.length ?? 10))
  const { optimiser, weightDecay } = network
  const decay = weightDecay.factor === 0 ? [] : [decayText(network)]
  const factors = LAYER_FACTORS.some((key) => network[key].some((factor) => factor !== 1))
  return [
    [
      inputs,
      ...layersLine(network),
      outputs === 0 ? output.name : `${outputs} ${output.name}`
    ].join(' → '),
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
