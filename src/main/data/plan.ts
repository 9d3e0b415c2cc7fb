import { baseName } from '../../core/format/source'
import type { FormatId } from '../../core/dataset/dataset'
import type { OpenedSplit } from '../../core/format/opened'
import type { Warn } from '../../core/format/source'

/** A file, or a folder of which the files named were read. */
export interface PlannedSource {
  readonly path: string
  /** relative to the path, sorted; undefined for a file */
  readonly files?: readonly string[]
}

/** One split, found but not read. */
export interface PlannedSplit {
  /** what errors speak of */
  readonly path: string
  open(warn: Warn): Promise<OpenedSplit>
}

/** A data set that has been found and understood, but whose images are still unread. */
export interface DatasetPlan {
  readonly name: string
  readonly format: FormatId
  readonly sources: readonly PlannedSource[]
  /** with the sources' content it determines what the reader makes of them */
  readonly recipe: string
  readonly train: PlannedSplit
  readonly test?: PlannedSplit
  readonly warnings: readonly string[]
  /** names of the labels 0, 1, 2, ... where the files do not give them */
  readonly classNames?: readonly string[]
  /** lets go of files */
  close(): Promise<void>
}

/** Without the folders above it and the endings that say nothing. */
export function nameOf(path: string): string {
  return baseName(path).replace(/(\.gz|\.npz|\.npy|\.[ct]sv)+$/i, '') || path
}

/** The files of those paths that are given. */
export function sourcesOf(paths: readonly (string | undefined)[]): PlannedSource[] {
  return paths.flatMap((path) => (path === undefined ? [] : [{ path }]))
}
