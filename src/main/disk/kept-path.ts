import systemPath from 'node:path'
import type { PlatformPath } from 'node:path'
import { isAddress } from '../../core/format/address'
import { FORMATS } from '../../core/format/formats'
import { namedDatasets } from '../../core/format/lists'

/** Begins the name of a text file with a path a line. */
export const LIST = '@'

/** Letters that make a pattern of a path. */
const SIGNS = /[*?[{]/

/** How the paths of a system are written. */
type Flavour = Pick<PlatformPath, 'sep' | 'resolve' | 'isAbsolute'>

/** How a sign is written in a pattern that stands for itself. */
interface Spelling {
  readonly letters: RegExp
  readonly escape: (name: string) => string
  readonly plain: (part: string) => string
}

const WITH_BACKSLASH: Spelling = {
  letters: /\\./g,
  escape: (name) => name.replace(/[*?[\]{}()!|\\]/g, '\\$&'),
  plain: (part) => part.replace(/\\(.)/g, '$1')
}

/** Where \ separates folders; no name has a * or ? there. */
const WITH_BRACKETS: Spelling = {
  letters: /\[[[{]\]/g,
  escape: (name) => name.replace(/[[{]/g, '[$&]'),
  plain: (part) => part.replace(/\[([[{])\]/g, '$1')
}

const spellingOf = ({ sep }: Flavour): Spelling => (sep === '/' ? WITH_BACKSLASH : WITH_BRACKETS)

/** A sign after a backslash is a letter like any other; on Windows one in brackets: [[]. */
export function isPattern(path: string, flavour: Flavour = systemPath): boolean {
  return SIGNS.test(withoutDevice(path, flavour).replace(spellingOf(flavour).letters, ''))
}

/** What a person named, so that it means the same from every folder. */
export function keptPath(
  given: string,
  folder = process.cwd(),
  flavour: Flavour = systemPath
): string {
  if (namedDatasets(FORMATS).includes(given) || isAddress(given)) return given
  if (given.startsWith(LIST)) return LIST + flavour.resolve(folder, given.slice(LIST.length))
  return isPattern(given, flavour)
    ? absolutePattern(given, folder, flavour)
    : flavour.resolve(folder, given)
}

/** The folder that a pattern begins in, and what is left to be matched in it, with / and \ as picomatch has them. */
export function patternParts(
  pattern: string,
  flavour: Flavour = systemPath
): { readonly folder: string; readonly rest: string } {
  const spelling = spellingOf(flavour)
  const whole = absolutePattern(pattern, process.cwd(), flavour)
  const parts = whole.split(flavour.sep === '/' ? '/' : /[\\/]/)
  const first = parts.findIndex((part) => isPattern(part, flavour))
  const folder = flavour.resolve(`${parts.slice(0, first).map(spelling.plain).join('/')}/`)
  const rest = parts.slice(first).map((part) => matched(part, spelling))
  return { folder, rest: rest.join('/') }
}

/** Of the signs that picomatch knows, those that are none here stand for themselves. */
function matched(part: string, { letters, plain }: Spelling): string {
  const signs = part.replace(letters, (letter) => `\\${plain(letter)}`)
  return signs.replace(/\\.|^!|[()|"]/g, (sign) => (sign.length > 1 ? sign : `\\${sign}`))
}

/** The same pattern from the root on. */
function absolutePattern(pattern: string, folder: string, flavour: Flavour): string {
  const { escape } = spellingOf(flavour)
  // one that begins with a drive, or with \ alone, is neither absolute nor within the folder
  if (flavour.sep !== '/') return flavour.resolve(escape(folder), withoutDevice(pattern, flavour))
  return flavour.isAbsolute(pattern) ? pattern : `${escape(folder)}/${pattern}`
}

/** Windows' long form of a path in its usual form: the ? at its beginning is no sign. */
function withoutDevice(path: string, { sep }: Flavour): string {
  if (sep === '/') return path
  return path.replace(/^\\\\\?\\(UNC\\)?/i, (_, unc?: string) => (unc ? '\\\\' : ''))
}
