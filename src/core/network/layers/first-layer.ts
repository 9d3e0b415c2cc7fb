import type { RunConfig } from '../config'
import { layerKindOf, layerSpec } from './layers'
import type { LayerSpec } from './layers'
import { hasKernel, layerNames } from './plan'

/** Layers that divide by a spread of their own. */
export const NORMALISATIONS = [
  'batch-norm',
  'layer-norm'
] as const satisfies readonly LayerSpec['kind'][]

export type NormalisationId = (typeof NORMALISATIONS)[number]

/** The first layer with a kernel, and what stands between it and the input, and directly behind it. */
export interface FirstLayer {
  /** among the layers; behind all of them where it is the output layer */
  readonly at: number
  readonly kind: 'dense' | 'conv' | 'residual'
  /** 'Convolution 1', 'Output' */
  readonly name: string
  /** place of a normalisation before it, which takes the input's scale away but for its epsilon */
  readonly before?: number
  readonly normalisedInput?: NormalisationId
  /** what normalises its output before anything else is done with it */
  readonly behind?: NormalisationId
  /** each input value has a row of its own: the inputs are as the network is given them, in some order */
  readonly seesValues: boolean
  /** it sees zeros around the image, whatever the input's offset */
  readonly padded: boolean
  /** it has biases, which can undo an offset */
  readonly bias: boolean
}

const isNormalisation = (kind: string | undefined): kind is NormalisationId =>
  NORMALISATIONS.some((id) => id === kind)

/** A layer that normalises, with an epsilon of its own. */
export function isNormalisationSpec(
  layer: LayerSpec
): layer is Extract<LayerSpec, { readonly kind: NormalisationId }> {
  return isNormalisation(layer.kind)
}

export function firstLayer({ layers }: Pick<RunConfig, 'layers'>): FirstLayer {
  const found = layers.findIndex(hasKernel)
  const at = found < 0 ? layers.length : found
  const spec = layers[at]
  const earlier = layers.slice(0, at)
  const before = earlier.findIndex(({ kind }) => isNormalisation(kind))
  const next = layers[at + 1]?.kind
  // an activation of its own stands between them
  const behind = spec?.activation === undefined && isNormalisation(next) ? next : undefined
  const kind = spec?.kind === 'conv' || spec?.kind === 'residual' ? spec.kind : 'dense'
  return {
    ...{ at, kind, name: layerNames(layers)[at] ?? 'Output' },
    ...(before >= 0 && { before, normalisedInput: earlier[before]!.kind as NormalisationId }),
    ...(kind === 'residual' ? { behind: 'batch-norm' } : behind && { behind }),
    seesValues: kind === 'dense' && earlier.every(({ kind: of }) => IN_PLACE.includes(of)),
    padded: spec?.kind === 'conv' ? spec.padding === 'same' && spec.size > 1 : kind === 'residual',
    bias: spec && 'bias' in spec ? spec.bias === 'yes' : kind === 'dense'
  }
}

/** Layers behind which each value stands for one of the input. */
const IN_PLACE: readonly LayerSpec['kind'][] = ['flatten', 'dropout']

/** Layers that pass on what they get in another form at each step of training: batch statistics, dropout. */
export function hasBatchNorm({ layers }: Pick<RunConfig, 'layers'>): boolean {
  return layers.some(({ kind }) => kind === 'batch-norm' || kind === 'residual')
}

export function hasDropout({ layers }: Pick<RunConfig, 'layers'>): boolean {
  return layers.some((layer) => layer.kind === 'dropout' && layer.rate > 0)
}

/** Whether what comes out of a layer has channels. */
export const seesImages = ({ kind }: LayerSpec): boolean => kind === 'conv' || kind === 'residual'

/** The network with another activation, also where one is written at a layer; written linear ones stay. */
export function withActivation(config: RunConfig, activation: RunConfig['activation']): RunConfig {
  return {
    ...config,
    activation,
    layers: config.layers.map((layer) =>
      layer.activation === undefined || layer.activation === 'linear'
        ? layer
        : { ...layer, activation }
    )
  }
}

/** The network without its normalisation layers; an activation that is written at one stays where it can. */
export function withoutNormalisation(
  layers: readonly LayerSpec[],
  kinds: readonly NormalisationId[] = NORMALISATIONS
): LayerSpec[] {
  const kept: LayerSpec[] = []
  for (const layer of layers) {
    const last = kept.at(-1)
    if (!kinds.some((kind) => kind === layer.kind)) kept.push(layer)
    else if (layer.activation !== undefined && last && layerKindOf(last.kind).activates !== 'never')
      kept[kept.length - 1] = { ...last, activation: layer.activation }
  }
  return kept
}

/** The network with batch normalisation directly behind its first layer, which must not be the output. */
export function withBatchNorm<C extends Pick<RunConfig, 'layers'>>(config: C): C {
  const { at, behind } = firstLayer(config)
  const first = config.layers[at]
  if (behind === 'batch-norm' || !first) return config
  const { activation, ...plain } = first
  // the activation that is written at the layer is that of what comes out of the normalisation
  const normalisation = layerSpec('batch-norm', {}, activation)
  const rest = config.layers.slice(behind === undefined ? at + 1 : at + 2)
  const layers = [...config.layers.slice(0, at), plain as LayerSpec, normalisation, ...rest]
  return { ...config, layers }
}

/** The network without the batch normalisation directly behind its first layer. */
export function withoutBatchNorm<C extends Pick<RunConfig, 'layers'>>(config: C): C {
  const { at, behind } = firstLayer(config)
  if (behind !== 'batch-norm') return config
  const [kept] = withoutNormalisation(config.layers.slice(at, at + 2), ['batch-norm'])
  return {
    ...config,
    layers: [...config.layers.slice(0, at), kept!, ...config.layers.slice(at + 2)]
  }
}
