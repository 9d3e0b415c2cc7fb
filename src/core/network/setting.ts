import type { Limits } from '../limits'

/** A number, or a list of numbers, that a person sets: dialog, command line and schema read this record. */
export interface Setting {
  /** label in the dialog, as Keras and PyTorch call it */
  readonly name: string
  /** what it means, after the name: 'images per step' */
  readonly help: string
  /** what is counted: 'images'; the value's name in the command line's help */
  readonly unit?: string
  readonly limits: Limits
}

/** A number that belongs to one kind of activation, loss, optimiser or initialiser. */
export interface Parameter extends Setting {
  readonly default: number
  /** seldom changed: the dialog keeps it folded away */
  readonly advanced?: boolean
  /** another key by which the command line takes it */
  readonly alias?: string
}

/** By its key in a run's configuration; records that share a key share the parameter. */
export type Parameters = Readonly<Record<string, Parameter>>

export type Values<P extends Parameters> = { readonly [Key in keyof P]: number }

interface WithParameters {
  readonly id: string
  readonly parameters: Parameters
}

type KeysOf<P> = P extends unknown ? keyof P : never

/** The parameters of all records of a table, as a configuration holds them. */
export type ValuesOf<Table extends readonly WithParameters[]> = {
  readonly [Key in KeysOf<Table[number]['parameters']>]: number
}

/** The parameters of all records, each key once. */
export function parametersOf(table: readonly WithParameters[]): Parameters {
  return Object.assign({}, ...table.map(({ parameters }) => parameters)) as Parameters
}

export function defaultsOf<Table extends readonly WithParameters[]>(table: Table): ValuesOf<Table> {
  return valuesFrom(parametersOf(table), {}) as ValuesOf<Table>
}

/** The values of some parameters out of a configuration; what it does not say has its default. */
export function valuesFrom<P extends Parameters>(parameters: P, config: object): Values<P> {
  const given = config as Readonly<Record<string, number | undefined>>
  const entries = Object.entries(parameters).map(([key, { default: value }]) => [
    key,
    given[key] ?? value
  ])
  return Object.fromEntries(entries) as Values<P>
}

export function idsOf<Table extends readonly { readonly id: string }[]>(
  table: Table
): readonly Table[number]['id'][] {
  return table.map(({ id }) => id)
}

/** The record of an id; the compiler knows the ids of the app's own tables. */
export function recordOf<Entry extends { readonly id: string }>(
  table: readonly Entry[],
  id: Entry['id']
): Entry {
  const found = table.find((entry) => entry.id === id)
  if (!found) throw new RangeError(`"${id}" is not one of ${idsOf(table).join(', ')}.`)
  return found
}
