import { activationOf } from '../../../core/network/activations'
import type { ActivationId } from '../../../core/network/activations'
import { isOption } from '../../../core/network/layers/layer'
import type { Field } from '../../../core/network/layers/layer'
import { fieldsOf, layerKindOf, layerSpec } from '../../../core/network/layers/layers'
import type { LayerKindId, LayerSpec } from '../../../core/network/layers/layers'
import { layerActivations } from '../../../core/network/layers/plan'
import { layerText } from '../../../core/network/layers/text'
import { isWithin } from '../../../core/limits'
import { upperFirst } from '../../../core/text'
import { parseNumber } from '../../components/fields/number'

/** A layer as it is typed: a number that cannot be is kept until it is mended. */
export interface LayerRow {
  /** stays with the row wherever it is moved */
  readonly key: number
  readonly kind: LayerKindId
  /** absent: as the kind's rule says */
  readonly activation?: ActivationId
  /** numbers as typed and ids of options, by the key of the field */
  readonly texts: Readonly<Record<string, string>>
}

let rowsMade = 0

export function rowOf(spec: LayerSpec): LayerRow {
  const texts = Object.entries(fieldsOf(spec)).map(([key, value]) => [key, String(value)])
  const { kind, activation } = spec
  return {
    key: rowsMade++,
    kind,
    ...(activation !== undefined && { activation }),
    texts: Object.fromEntries(texts) as Record<string, string>
  }
}

/** Rows of layers; a row that says the same at its place from the start or from the end stays. */
export function rowsOf(
  layers: readonly LayerSpec[],
  before: readonly LayerRow[] = []
): readonly LayerRow[] {
  const texts = layers.map(layerText)
  const said = before.map((row) => {
    const { spec } = specOf(row)
    return spec && layerText(spec)
  })
  const [now, then] = [texts.length, said.length]
  let first = 0
  while (first < Math.min(now, then) && texts[first] === said[first]) first++
  let last = 0
  while (last < Math.min(now, then) - first && texts[now - 1 - last] === said[then - 1 - last]) {
    last++
  }
  return layers.map((spec, at) => {
    const old = at < first ? before[at] : at >= now - last ? before[then - (now - at)] : undefined
    return old ?? rowOf(spec)
  })
}

/** The layer that a row stands for, or what is wrong with its numbers, by the key of the field. */
export function specOf({ kind, activation, texts }: LayerRow): {
  readonly spec?: LayerSpec
  readonly errors: Readonly<Record<string, string>>
} {
  const errors: Record<string, string> = {}
  const values: Record<string, number | string> = {}
  for (const [key, field] of Object.entries(layerKindOf(kind).fields)) {
    const text = texts[key] ?? ''
    if (isOption(field)) values[key] = text
    else {
      const { value, error } = parseNumber(text, field.limits)
      if (value === undefined) errors[key] = error ?? ''
      else values[key] = value
    }
  }
  return Object.keys(errors).length > 0
    ? { errors }
    : { spec: layerSpec(kind, values, activation), errors }
}

/** The layers of all rows; undefined while one of them cannot be read. */
export function specsOf(rows: readonly LayerRow[]): LayerSpec[] | undefined {
  const specs = rows.flatMap((row) => specOf(row).spec ?? [])
  return specs.length === rows.length ? specs : undefined
}

/** The row with another value; a field whose default follows from that value goes along. */
export function withField(row: LayerRow, key: string, text: string): LayerRow {
  const texts = { ...row.texts, [key]: text }
  for (const [other, field] of Object.entries(layerKindOf(row.kind).fields)) {
    if (other === key || isOption(field) || !field.otherwise) continue
    const usual = String(field.otherwise(numbersOf(row.texts)))
    if (row.texts[other] !== usual) continue
    const next = field.otherwise(numbersOf(texts))
    if (isWithin(next, field.limits)) texts[other] = String(next)
  }
  return { ...row, texts }
}

const numbersOf = (texts: Readonly<Record<string, string>>): Record<string, number> =>
  Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, Number(text)]))

/** The row as another kind of layer; what both have stays where it can. */
export function withKind(row: LayerRow, kind: LayerKindId): LayerRow {
  const { fields, activates } = layerKindOf(kind)
  const own = layerKindOf(row.kind).fields
  const given: Record<string, number | string> = {}
  for (const [key, field] of Object.entries(fields)) {
    const text = row.texts[key]
    // a number that is as usual there is as usual here
    if (text === undefined || !own[key] || text === String(own[key].default)) continue
    if (isOption(field)) given[key] = text
    else {
      const { value } = parseNumber(text, field.limits)
      if (value !== undefined) given[key] = value
    }
  }
  const activation = activates === 'never' ? undefined : row.activation
  return { ...rowOf(layerSpec(kind, given, activation)), key: row.key }
}

export function withActivation(row: LayerRow, activation: ActivationId | ''): LayerRow {
  const { activation: _, ...rest } = row
  return activation === '' ? rest : { ...rest, activation }
}

/** The list with a row at another place. */
export function movedTo(rows: readonly LayerRow[], key: number, to: number): readonly LayerRow[] {
  const row = rows.find((each) => each.key === key)
  if (!row) return rows
  const others = rows.filter((each) => each !== row)
  return [...others.slice(0, to), row, ...others.slice(to)]
}

/** What a row has where no activation is chosen for it, by the rule of its kind. */
export function ruleText(
  rows: readonly LayerRow[],
  at: number,
  activation: ActivationId
): string | undefined {
  const { activates } = layerKindOf(rows[at]!.kind)
  if (activates === 'never') return undefined
  const layers = rows.map(({ kind, activation: own }, place) =>
    layerSpec(kind, {}, place === at ? undefined : own)
  )
  if (layerActivations({ layers, activation })[at]) {
    return `${upperFirst(activationOf(activation).name)} (network’s)`
  }
  return activates === 'own' ? 'after next layer' : 'none'
}

/** The fields of a kind: those that stand in its row, and those folded away. */
export function fieldsInPlace(kind: LayerKindId): {
  readonly open: readonly (readonly [key: string, field: Field])[]
  readonly folded: readonly (readonly [key: string, field: Field])[]
} {
  const all = Object.entries(layerKindOf(kind).fields)
  const isOpen = ([, field]: readonly [string, Field]): boolean =>
    !isOption(field) && !field.advanced
  return { open: all.filter(isOpen), folded: all.filter((entry) => !isOpen(entry)) }
}

/** Folded fields that are not as usual, in words: 'stride 2, no bias'. */
export function foldedText(row: LayerRow): string {
  const { folded } = fieldsInPlace(row.kind)
  const usual = fieldsOf(
    layerSpec(
      row.kind,
      Object.fromEntries(fieldsInPlace(row.kind).open.map(([key]) => [key, Number(row.texts[key])]))
    )
  )
  return folded
    .flatMap(([key, field]) => {
      const text = row.texts[key] ?? ''
      if (text === String(usual[key])) return []
      if (!isOption(field)) return [`${field.name.toLowerCase()} ${text}`]
      return [field.options.find(({ id }) => id === text)?.name ?? text]
    })
    .join(', ')
}
