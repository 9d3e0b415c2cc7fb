import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { errorFacts, NormscopeError } from '../../core/error'
import { addressGiven, isAddress } from '../../core/format/address'
import { baseName } from '../../core/format/source'
import { grouped } from '../../core/numbers'
import { MAX_PATHS } from '../../core/study/opened-from'
import { isStudyPath } from '../../core/study/study-path'
import type { CheckPath } from '../disk/allowed'
import { onFile } from '../disk/files'
import { isPattern, LIST } from '../disk/kept-path'
import { throwIfCancelled } from './hooks'
import { pathsInList } from './path-list'

interface NamedOptions {
  /** what is opened by a word in place of a path */
  readonly isWord: (path: string) => boolean
  readonly checkPath: CheckPath
  readonly signal?: AbortSignal
}

/** A file that was named, and where. */
interface Named {
  readonly path: string
  /** the list that names it, and in which line */
  readonly from?: { readonly list: string; readonly line: number }
}

/** Files of one data set that are looked at before the others have their turn. */
const SLICE = 64

/**
 * The files and folders that a person named: a path stands for itself, @list.txt for the paths in a
 * text file, a pattern for the files that match it, in the order of their names. What is there under
 * just that name is neither list nor pattern. Throws NormscopeError 'address', 'no-match',
 * 'too-many-paths', 'repeated-path' and those of lists, and where one of several is not there.
 */
export async function namedPaths(
  given: readonly string[],
  options: NamedOptions
): Promise<readonly string[]> {
  const named: Named[] = []
  for (const one of given) {
    for (const found of await meaningOf(one, options)) named.push(found)
    if (named.length > MAX_PATHS) throw tooMany(one)
  }
  if (named.length > 1 || named[0]?.from) await checkEach(named, options)
  return named.map(({ path }) => path)
}

async function meaningOf(given: string, options: NamedOptions): Promise<readonly Named[]> {
  const { isWord, checkPath, signal } = options
  if (isWord(given)) return [{ path: given }]
  if (isAddress(given)) throw addressGiven(given)
  const isList = given.startsWith(LIST)
  const path = resolve(given)
  if (!(isList || isPattern(given)) || (await isThere(path, checkPath))) return [{ path }]
  if (isList) return pathsInList(resolve(given.slice(LIST.length)), checkPath)
  // few openings need it, and every start would load it
  const { filesMatching } = await import('./path-pattern')
  return (await filesMatching(given, { checkPath, signal })).map((file) => ({ path: file }))
}

async function isThere(path: string, checkPath: CheckPath): Promise<boolean> {
  try {
    await checkPath(path)
    await stat(path)
    return true
  } catch {
    return false
  }
}

/** Each is there, may be read and is named once, whatever links lead to it. */
async function checkEach(named: readonly Named[], options: NamedOptions): Promise<void> {
  const known = new Map<string, Named>()
  for (let at = 0; at < named.length; at += SLICE) {
    throwIfCancelled(options.signal)
    const some = named.slice(at, at + SLICE)
    // of several that are wrong the first is told
    const keys = await Promise.allSettled(some.map((one) => keyOf(one, options)))
    for (const [index, outcome] of keys.entries()) {
      if (outcome.status === 'rejected') throw outcome.reason as Error
      const key = outcome.value
      const [one, before] = [some[index]!, known.get(key)]
      if (before) throw repeated(before, one)
      known.set(key, one)
    }
  }
}

/** What tells a file from every other. */
async function keyOf(one: Named, { isWord, checkPath }: NamedOptions): Promise<string> {
  const { path, from } = one
  if (isStudyPath(path)) throw studyAmong(path)
  if (isWord(path)) return path
  try {
    await checkPath(path)
    return await onFile(path, async () => {
      const { dev, ino } = await stat(path, { bigint: true })
      await access(path, constants.R_OK)
      // some file systems number nothing
      return ino === 0n ? path : `${dev} ${ino}`
    })
  } catch (thrown) {
    const facts = errorFacts(thrown)
    if (!from) throw thrown
    const where = `${baseName(from.list)}, line ${grouped(from.line)}`
    throw new NormscopeError({ ...facts, message: `${where}: ${facts.message}` })
  }
}

const placeOf = ({ path, from }: Named): string =>
  from ? `${path} (${baseName(from.list)}, line ${grouped(from.line)})` : path

function repeated(before: Named, one: Named): NormscopeError {
  const other = before.path === one.path && !one.from
  return new NormscopeError({
    code: 'repeated-path',
    message: other
      ? `${baseName(one.path)} is named twice. Its images would count twice: name each file once.`
      : `${placeOf(one)} is the same file as ${placeOf(before)}. Its images would count twice: name each file once.`,
    path: one.path,
    expected: 'each file once',
    actual: before.path
  })
}

function studyAmong(path: string): NormscopeError {
  return new NormscopeError({
    code: 'study-among-images',
    message: `${baseName(path)} is a study or a report; it is opened by itself.`,
    path,
    expected: 'files of images'
  })
}

function tooMany(given: string): NormscopeError {
  return new NormscopeError({
    code: 'too-many-paths',
    message: `More than ${grouped(MAX_PATHS)} files are named. Open the folder that they lie in instead.`,
    path: given,
    expected: `at most ${grouped(MAX_PATHS)} files`
  })
}
