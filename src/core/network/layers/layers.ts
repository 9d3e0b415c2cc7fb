import type { ActivationId } from '../activations'
import { idsOf, recordOf } from '../setting'
import { LAYERS } from './list'
import { isOption } from './layer'
import type { FieldValues, LayerKind } from './layer'

type Kind = (typeof LAYERS)[number]
export type LayerKindId = Kind['id']

type SpecOf<K> =
  K extends LayerKind<infer Id, infer F>
    ? { readonly kind: Id; readonly activation?: ActivationId } & FieldValues<F>
    : never

/** A hidden layer of a configuration: its kind and its fields; without `activation` it has what its kind says. */
export type LayerSpec = SpecOf<Kind>
export type DenseSpec = Extract<LayerSpec, { kind: 'dense' }>

export const LAYER_KIND_IDS = idsOf(LAYERS)

export function layerKindOf(id: LayerKindId): LayerKind {
  return recordOf<LayerKind<LayerKindId>>(
    LAYERS as unknown as readonly LayerKind<LayerKindId>[],
    id
  )
}

/** The values of a layer's fields. */
export function fieldsOf(spec: LayerSpec): Readonly<Record<string, number | string>> {
  const { kind: _, activation: __, ...fields } = spec
  return fields
}

/** A layer of some kind; fields that are not given have their defaults. */
export function layerSpec(
  kind: LayerKindId,
  given: Readonly<Record<string, number | string | undefined>> = {},
  activation?: ActivationId
): LayerSpec {
  const { fields } = layerKindOf(kind)
  const known: Record<string, number | string> = {}
  for (const [key, value] of Object.entries(given)) if (value !== undefined) known[key] = value
  const values = Object.entries(fields).map(([key, field]) => {
    const otherwise = isOption(field) ? field.default : (field.otherwise?.(known) ?? field.default)
    return [key, known[key] ?? otherwise] as const
  })
  return {
    kind,
    ...Object.fromEntries(values),
    ...(activation !== undefined && { activation })
  } as LayerSpec
}

/** A dense layer of so many units with the network's activation. */
export function dense(units: number): LayerSpec {
  return layerSpec('dense', { units })
}
