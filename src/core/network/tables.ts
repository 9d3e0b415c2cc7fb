import type { RunConfig } from './config'
import { ACTIVATIONS } from './activations'
import type { ActivationRecord } from './activations'
import { INITIALISERS } from './initialisers'
import type { InitialiserRecord } from './initialisers'
import { LOSSES } from './losses'
import type { LossRecord } from './losses'
import { OPTIMISERS } from './optimisers'
import type { OptimiserRecord } from './optimisers'
import { recordOf } from './setting'
import type { Parameters } from './setting'

/** The kinds of things a network is made of, each by its records. */
export interface NetworkTables {
  readonly activation: readonly ActivationRecord[]
  readonly initialiser: readonly InitialiserRecord[]
  readonly optimiser: readonly OptimiserRecord[]
  readonly loss: readonly LossRecord[]
}

/** Those of the app; functions that read them take others too. */
export const NETWORK = {
  activation: ACTIVATIONS,
  initialiser: INITIALISERS,
  optimiser: OPTIMISERS,
  loss: LOSSES
} as const satisfies NetworkTables

export type NetworkKind = keyof NetworkTables
export const NETWORK_KINDS = Object.keys(NETWORK) as readonly NetworkKind[]

/** What the four kinds have in common. */
export interface NetworkRecord {
  readonly id: string
  readonly name: string
  readonly formula?: string
  readonly source: string
  readonly parameters: Parameters
}

/** The record that a configuration names, and the part of it that holds its parameters. */
export function chosen(
  config: Pick<RunConfig, NetworkKind>,
  kind: NetworkKind,
  tables: NetworkTables = NETWORK
): { readonly record: NetworkRecord; readonly values: object } {
  const part = config[kind]
  return typeof part === 'string'
    ? { record: recordOf<NetworkRecord>(tables[kind], part), values: config }
    : { record: recordOf<NetworkRecord>(tables[kind], part.id), values: part }
}
