import { compareNames } from '../dataset/names'
import type { FolderPlace } from './place'

/** A data set in several files of a folder, or in one. */
export interface Shards {
  /** what was opened */
  readonly path: string
  readonly train: readonly string[]
  readonly test: readonly string[]
}

const TEST = /(^|[-_.])(test|t10k)[-_.]/i
const VALIDATION = /(^|[-_.])(val|valid|validation)[-_.]/i

/** Files whose names end as shards do; those of test, else of validation, are the test split. */
export function shardsOf(place: FolderPlace, named: RegExp): Shards | undefined {
  const files = place.files
    .filter(({ name }) => named.test(name))
    .sort((a, b) => compareNames(a.name, b.name))
  if (files.length === 0) return undefined
  const tested = files.filter(({ name }) => TEST.test(name))
  const validation = files.filter(({ name }) => VALIDATION.test(name))
  const rest = files.filter((file) => !tested.includes(file) && !validation.includes(file))
  const test = tested.length > 0 ? tested : validation
  const paths = (some: typeof files): string[] => some.map(({ path }) => path)
  if (rest.length === 0) return { path: place.path, train: paths(test), test: [] }
  return { path: place.path, train: paths(rest), test: paths(test) }
}
