import { NormscopeError } from '../../error'
import { isWithin, limitsText } from '../../limits'
import { ACTIVATIONS } from '../activations'
import type { ActivationId } from '../activations'
import { SETTINGS } from '../settings'
import { isOption } from './layer'
import type { Field, LayerKind } from './layer'
import { fieldsOf, layerKindOf, layerSpec } from './layers'
import type { LayerSpec } from './layers'
import { LAYERS } from './list'
import { PRESETS } from './presets'
import type { Preset } from './presets'

/**
 * Layers as a person writes them: 'conv3x3-16,bn,relu,pool2,flatten,dense-128'. The options of a layer
 * follow behind slashes: 'conv5x5-6/valid/nobias', 'pool3/s2', 'bn/m0.9'. An activation belongs to
 * the layer before it. Also the name of a preset.
 * @throws NormscopeError 'layers-unreadable' with the word and what it could be
 */
export function parseLayers(text: string): LayerSpec[] {
  const preset = PRESETS.find(({ id }) => id === text.trim().toLowerCase())
  if (preset) return parseLayers(preset.layers)
  const words = text
    .toLowerCase()
    .split(',')
    .map((word) => word.trim())
  const layers: LayerSpec[] = []
  if (words.length === 1 && (words[0] === '' || words[0] === '0' || words[0] === 'none'))
    return layers
  for (const word of words) {
    const activation = ACTIVATIONS.find(({ id }) => id === word)
    if (activation) layers.push(activated(layers.pop(), activation.id))
    else layers.push(layerFrom(word))
  }
  const { most } = SETTINGS.layers
  if (layers.length > most) throw unreadable(text, `At most ${most} layers.`)
  return layers
}

/** The same written out, options that are as usual left away; parseLayers reads it. 'none' without layers. */
export function layersText(layers: readonly LayerSpec[]): string {
  return layers.length === 0 ? 'none' : layers.map(layerText).join(',')
}

/** The preset whose layers these are. */
export function presetOf(layers: readonly LayerSpec[]): Preset | undefined {
  const text = layersText(layers)
  return PRESETS.find((preset) => layersText(parseLayers(preset.layers)) === text)
}

/** In the name of a run: '128-64' where all are plain dense layers, else a preset's name or the text. */
export function layersName(layers: readonly LayerSpec[]): string {
  const units = denseUnits(layers)
  if (!units) return presetOf(layers)?.name ?? layersText(layers)
  return units.length === 0 ? 'no hidden layer' : units.join('-')
}

/** Units of each layer, if all are dense layers with the network's activation and a bias. */
export function denseUnits(layers: readonly LayerSpec[]): number[] | undefined {
  const units = layers.flatMap((layer) =>
    layer.kind === 'dense' && layer.bias === 'yes' && layer.activation === undefined
      ? [layer.units]
      : []
  )
  return units.length === layers.length ? units : undefined
}

export function layerText(spec: LayerSpec): string {
  const kind = layerKindOf(spec.kind)
  const values = fieldsOf(spec)
  const lead = kind.text.write(values as never)
  const usual = fieldsOf(layerSpec(spec.kind, kind.text.read(lead)))
  const options = Object.entries(kind.fields).flatMap(([key, field]) =>
    values[key] === usual[key] ? [] : [optionText(field, values[key]!)]
  )
  const word = [lead, ...options].join('/')
  return spec.activation === undefined ? word : `${word},${spec.activation}`
}

function optionText(field: Field, value: number | string): string {
  if (!isOption(field)) return `${field.text ?? ''}${value}`
  const found = field.options.find(({ id }) => id === value)
  return found?.text ?? String(value)
}

function activated(layer: LayerSpec | undefined, activation: ActivationId): LayerSpec {
  if (!layer) throw unreadable(activation, 'An activation stands behind the layer it belongs to.')
  const kind = layerKindOf(layer.kind)
  if (kind.activates === 'never') {
    throw unreadable(
      activation,
      `${kind.name} has no activation; put ${activation} behind the dense layer, convolution or normalisation that it is for.`
    )
  }
  if (layer.activation !== undefined) {
    throw unreadable(activation, `The layer before it has ${layer.activation} already.`)
  }
  return { ...layer, activation }
}

function layerFrom(word: string): LayerSpec {
  const [lead = '', ...options] = word.split('/')
  for (const kind of LAYERS as unknown as readonly LayerKind<LayerSpec['kind']>[]) {
    const leading = kind.text.read(lead)
    if (!leading) continue
    const given: Record<string, number | string> = { ...(leading as Record<string, number>) }
    for (const option of options) Object.assign(given, optionOf(word, kind, option))
    for (const [key, value] of Object.entries(given)) {
      const field = kind.fields[key]
      if (!field || isOption(field) || typeof value !== 'number') continue
      if (isWithin(value, field.limits)) continue
      throw unreadable(word, `${field.name} is ${limitsText(field.limits)}, not ${value}.`)
    }
    return layerSpec(kind.id, given)
  }
  const examples = LAYERS.map(({ text }) => text.example).join(', ')
  const activations = ACTIVATIONS.map(({ id }) => id).join(', ')
  throw unreadable(
    word,
    `A layer is one of ${examples}, or an activation behind it: ${activations}.`
  )
}

/** One field from what stands behind a slash. */
function optionOf(word: string, kind: LayerKind, option: string): Record<string, number | string> {
  for (const [key, field] of Object.entries(kind.fields)) {
    if (isOption(field)) {
      const found = field.options.find(({ id, text }) => (text ?? id) === option)
      if (found) return { [key]: found.id }
    } else if (field.text !== undefined && option.startsWith(field.text)) {
      const digits = option.slice(field.text.length)
      if (digits !== '' && Number.isFinite(Number(digits))) return { [key]: Number(digits) }
    }
  }
  const known = optionWords(kind)
  throw unreadable(
    word,
    known.length === 0
      ? `${kind.name} has no options.`
      : `Options of ${kind.name.toLowerCase()} are ${known.join(', ')}.`
  )
}

/** What may stand behind a slash: 'sN (stride)', 'same', 'valid'. */
export function optionWords({ fields }: Pick<LayerKind, 'fields'>): string[] {
  return Object.values(fields).flatMap((field) =>
    isOption(field)
      ? field.options.map(({ id, text }) => text ?? id)
      : field.text === undefined
        ? []
        : [`${field.text}N (${field.name.toLowerCase()})`]
  )
}

function unreadable(word: string, hint: string): NormscopeError {
  return new NormscopeError({
    code: 'layers-unreadable',
    message: `“${word}” cannot be read as layers. ${hint}`,
    expected: 'layers with commas between them: conv3x3-16,bn,relu,pool2,flatten,dense-128',
    actual: word,
    hint
  })
}
