import { isAbsolute, resolve, sep } from 'node:path'
import { isAddress } from '../../core/format/address'
import { FORMATS } from '../../core/format/formats'
import { namedDatasets } from '../../core/format/lists'

/** Begins the name of a text file with a path a line. */
export const LIST = '@'

/** Letters that make a pattern of a path. */
const SIGNS = /[*?[{]/

/** A sign after a backslash is a letter like any other. */
export function isPattern(path: string): boolean {
  return SIGNS.test(path.replace(/\\./g, ''))
}

/** What a person named, so that it means the same from every folder. */
export function keptPath(given: string, folder = process.cwd()): string {
  if (namedDatasets(FORMATS).includes(given) || isAddress(given)) return given
  if (given.startsWith(LIST)) return LIST + resolve(folder, given.slice(LIST.length))
  return isPattern(given) ? absolutePattern(given, folder) : resolve(folder, given)
}

/** The folder that a pattern begins in, and what is left to be matched in it. */
export function patternParts(pattern: string): { readonly folder: string; readonly rest: string } {
  const whole = absolutePattern(pattern, process.cwd())
  const parts = (sep === '/' ? whole : whole.replaceAll(sep, '/')).split('/')
  const first = parts.findIndex(isPattern)
  const plain = parts.slice(0, first).map((part) => part.replace(/\\(.)/g, '$1'))
  return { folder: resolve(`${plain.join('/')}/`), rest: parts.slice(first).join('/') }
}

/** The same pattern from the root on. */
function absolutePattern(pattern: string, folder: string): string {
  return isAbsolute(pattern) ? pattern : `${escaped(folder)}${sep}${pattern}`
}

// where \ separates folders there is no sign to write one of these with
const escaped = (folder: string): string =>
  sep === '/' ? folder.replace(/[*?[\]{}()!|\\]/g, '\\$&') : folder
