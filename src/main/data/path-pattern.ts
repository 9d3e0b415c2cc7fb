import { readdir } from 'node:fs'
import type { Dirent } from 'node:fs'
import { resolve, sep } from 'node:path'
import { glob } from 'tinyglobby'
import { sortedByNames } from '../../core/dataset/names'
import { NormscopeError } from '../../core/error'
import { grouped } from '../../core/numbers'
import { isAllowed } from '../disk/allowed'
import type { CheckPath } from '../disk/allowed'
import { onFile } from '../disk/files'
import { patternParts } from '../disk/kept-path'
import { throwIfCancelled } from './hooks'

/** Files and folders that are looked at for one pattern. */
const MAX_SEEN = 2_000_000
/** Of * in one name, and of ** in a pattern: with more, one long name can take minutes to be compared. */
const MAX_STARS = 3

interface PatternOptions {
  readonly checkPath: CheckPath
  readonly signal?: AbortSignal
  /** default: MAX_SEEN */
  readonly mostSeen?: number
}

/**
 * The files that match a pattern, by name, numbers in names by value; the folders where no file does.
 * Hidden ones are left out, and what may not be opened is not told of. Throws NormscopeError 'no-match'
 * 'pattern-too-wide'
 * and 'pattern-too-loose'.
 */
export async function filesMatching(
  pattern: string,
  { checkPath, signal, mostSeen = MAX_SEEN }: PatternOptions
): Promise<readonly string[]> {
  const { folder, rest } = patternParts(pattern)
  await checkPath(folder)
  checkStars(pattern, rest)
  for (const folders of [false, true]) {
    const found = await matches(folder, rest, folders, mostSeen, signal)
    const allowed: string[] = []
    for (const path of found) if (await isAllowed(path, checkPath)) allowed.push(path)
    if (allowed.length > 0) return sortedByNames(allowed, [(path) => path])
  }
  throw noMatch(pattern)
}

function checkStars(pattern: string, rest: string): void {
  const names = rest.split('/')
  const inNames = names.map((name) => name.replace(/\\./g, '').match(/\*+/g)?.length ?? 0)
  const most = Math.max(...inNames, names.filter((name) => name === '**').length)
  if (most <= MAX_STARS) return
  throw new NormscopeError({
    code: 'pattern-too-loose',
    message: `${pattern} has ${most} times *. A pattern has it at most ${MAX_STARS} times in one name, and ** at most ${MAX_STARS} times. Write more of the names, or name the folder.`,
    path: pattern,
    expected: `at most ${MAX_STARS} times * in one name`,
    actual: `${most} times`
  })
}

type Listed = (error: NodeJS.ErrnoException | null, entries: Dirent[]) => void

async function matches(
  folder: string,
  rest: string,
  folders: boolean,
  mostSeen: number,
  signal?: AbortSignal
): Promise<readonly string[]> {
  const tooWide = new AbortController()
  let seen = 0
  const options = {
    cwd: folder,
    absolute: true,
    expandDirectories: false,
    extglob: false,
    // as the system has it
    caseSensitiveMatch: sep === '/',
    onlyDirectories: folders,
    signal: AbortSignal.any([tooWide.signal, ...(signal ? [signal] : [])]),
    fs: {
      readdir: ((path: string, options: { withFileTypes: true }, done: Listed) =>
        readdir(path, options, (error, entries) => {
          seen += error ? 0 : entries.length
          if (seen > mostSeen) tooWide.abort()
          done(error, entries)
        })) as typeof readdir
    }
  }
  const found = await onFile(folder, () => glob(rest, options))
  throwIfCancelled(signal)
  if (tooWide.signal.aborted) throw wide(rest, folder, mostSeen)
  // folders come with a slash at the end
  return found.map((path) => resolve(path))
}

function noMatch(pattern: string): NormscopeError {
  return new NormscopeError({
    code: 'no-match',
    message: `No file matches ${pattern}.`,
    path: pattern,
    expected: 'at least one file',
    actual: 'none',
    hint: 'In a pattern, * stands for any letters of one name, and ** for folders of any depth.'
  })
}

function wide(rest: string, folder: string, most: number): NormscopeError {
  return new NormscopeError({
    code: 'pattern-too-wide',
    message: `More than ${grouped(most)} files lie where ${rest} looks for matches. Name a folder nearer to the data.`,
    path: folder,
    expected: `at most ${grouped(most)} files to look at`
  })
}
