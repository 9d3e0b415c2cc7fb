import { compareNames } from '../dataset/names'
import type { FolderPlace } from './place'

/** A data set in several files of a folder, or in one. */
export interface Shards {
  /** what was opened */
  readonly path: string
  readonly train: readonly string[]
  readonly test: readonly string[]
}

/** What the names of files say about their split. */
const ROLES = [
  { role: 'test', words: /(^|[-_.])(test|t10k)[-_.]/i },
  { role: 'validation', words: /(^|[-_.])(val|valid|validation)[-_.]/i }
] as const

export type ShardRole = 'train' | (typeof ROLES)[number]['role']

export function shardRole(name: string): ShardRole {
  return ROLES.find(({ words }) => words.test(name))?.role ?? 'train'
}

/** Files whose names end as shards do; those of test, else of validation, are the test split. */
export function shardsOf(place: FolderPlace, named: RegExp): Shards | undefined {
  const files = place.files
    .filter(({ name }) => named.test(name))
    .sort((a, b) => compareNames(a.name, b.name))
  if (files.length === 0) return undefined
  const of = (role: ShardRole): string[] =>
    files.filter(({ name }) => shardRole(name) === role).map(({ path }) => path)
  const [train, tested, validation] = [of('train'), of('test'), of('validation')]
  const test = tested.length > 0 ? tested : validation
  const { path } = place
  return train.length === 0 ? { path, train: test, test: [] } : { path, train, test }
}
