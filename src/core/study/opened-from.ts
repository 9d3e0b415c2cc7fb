import { z } from 'zod'
import { NOT_FINITE_WAYS } from '../format/not-finite'
import { pictureOptions } from '../format/pictures'

/** Files and folders that can be opened as one data set. */
export const MAX_PATHS = 100_000

/** the longest path of any system */
export const openedPath = z.string().min(1).max(32_768)

/** What a data set was opened from, for whoever opens it again. */
export const openedFromFields = {
  /** files and folders of one data set in their order; a pattern or a list stands for what it names */
  paths: z.array(openedPath).min(1).max(MAX_PATHS),
  /** one file for all images, or one for each of the paths, in their order; patterns and lists as above */
  labelsPath: z.union([openedPath, z.array(openedPath).min(1).max(MAX_PATHS)]).optional(),
  testPath: openedPath.optional(),
  /** how picture files are made alike */
  pictures: pictureOptions.optional(),
  notFinite: z.enum(NOT_FINITE_WAYS).optional()
}

/** In studies, recent data sets and the like, which older versions may have written. */
export const openedFrom = z.preprocess(withPaths, z.object(openedFromFields))

export type OpenedFrom = z.infer<typeof openedFrom>

/** The files of labels of a data set. */
export function labelsPathsOf(given: OpenedFrom['labelsPath']): readonly string[] {
  return typeof given === 'string' ? [given] : (given ?? [])
}

/** As it is kept: one file as its path, which older versions know too. */
export function labelsPathOf(paths: readonly string[]): OpenedFrom['labelsPath'] {
  return paths.length > 1 ? [...paths] : paths[0]
}

/** Older versions kept the one path of a data set as `path`. */
export function withPaths(read: unknown): unknown {
  if (typeof read !== 'object' || read === null || 'paths' in read || !('path' in read)) return read
  const { path, ...more } = read
  return { paths: [path], ...more }
}

/** Whether both name the same files in the same order. */
export function samePaths(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((path, at) => path === other[at])
}

/** The path, or the first and how many more. */
export function pathsText([first = '', ...more]: readonly string[]): string {
  return more.length === 0 ? first : `${first} and ${more.length} more`
}

/** As many as a tooltip or a table can name. */
const MOST_NAMED = 12

/** The paths one below the other, and how many more there are. */
export function pathLines(paths: readonly string[]): string {
  const named = paths.slice(0, MOST_NAMED)
  const more = paths.length - named.length
  return [...named, ...(more > 0 ? [`and ${more} more`] : [])].join('\n')
}
