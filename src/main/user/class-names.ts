import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { withClassNames } from '../../core/dataset/class-names'
import type { Dataset } from '../../core/dataset/dataset'

/** The names that a person gave to classes, by the id of the data set. */
export const keptClassNames = z.record(z.string(), z.array(z.string()))
export type KeptClassNames = Readonly<Record<string, readonly string[]>>

/** The engine that owns the folder writes it. */
export const classNamesFile = (folder: string): string => join(folder, 'class-names.json')

/** A file that is missing or damaged counts as empty. */
export function readClassNames(folder: string): KeptClassNames {
  try {
    return keptClassNames.parse(JSON.parse(readFileSync(classNamesFile(folder), 'utf8')))
  } catch {
    return {}
  }
}

/** The data set under its kept names, if there are some that fit. */
export function withKeptNames(dataset: Dataset, kept: KeptClassNames): Dataset {
  const names = kept[dataset.id]
  return names?.length === dataset.classNames.length ? withClassNames(dataset, names) : dataset
}
