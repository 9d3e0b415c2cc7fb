import type { Dirent } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { ANYWHERE } from '../../disk/allowed'
import type { CheckPath } from '../../disk/allowed'
import { onFile } from '../../disk/files'
import type { Walked } from '../../../core/format/files'
import type { OpenHooks } from '../hooks'

/** Folders below the one that was opened. */
const MAX_DEPTH = 6
/** Folders that hold no classes. */
const SKIPPED = /^(\.|__MACOSX$|@eaDir$)/
/** Files between two looks at whether the walk is still wanted. */
const CHECK_INTERVAL = 256

interface Place {
  /** relative to the folder that is walked; '' for itself */
  readonly path: string
  readonly depth: number
}

/**
 * The regular files under a folder. Every folder and file is met once, by its own name rather than
 * by that of a link to it; links are followed, but not to a folder that holds the one walked.
 */
export async function walk(
  folder: string,
  hooks: OpenHooks,
  checkPath: CheckPath = ANYWHERE
): Promise<Walked> {
  const root = await onFile(folder, () => realpath(folder))
  /** real paths; a file stands for itself by its folder, save where only a link leads to it */
  const folders = new Set<string>()
  const linkedFiles = new Set<string>()
  const files: string[] = []
  const links: Place[] = []
  let again = 0

  async function visit(real: string, { path, depth }: Place): Promise<void> {
    const waiting: [string, Place][] = [[real, { path, depth }]]
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const [here, place] = next
      if (folders.has(here)) continue
      folders.add(here)
      tell()
      const entries = await onFile(here, () => readdir(here, { withFileTypes: true }))
      for (const entry of entries) {
        if (SKIPPED.test(entry.name)) continue
        const inside = below(place, entry)
        if (entry.isSymbolicLink()) links.push(inside)
        else if (entry.isFile()) add(inside.path)
        else if (entry.isDirectory() && inside.depth <= MAX_DEPTH) {
          waiting.push([join(here, entry.name), inside])
        }
      }
    }
  }

  async function follow(link: Place): Promise<void> {
    const target = await targetOf(join(folder, link.path))
    if (target === undefined) return
    await checkPath(target.real)
    if (target.isFolder) {
      if (folders.has(target.real) || `${root}${sep}`.startsWith(withEnd(target.real))) again++
      else if (link.depth <= MAX_DEPTH) await visit(target.real, link)
      return
    }
    const parent = target.real.slice(0, target.real.lastIndexOf(sep)) || sep
    if (folders.has(parent) || linkedFiles.has(target.real)) again++
    else {
      linkedFiles.add(target.real)
      add(link.path)
    }
  }

  function add(path: string): void {
    files.push(path)
    if (files.length % CHECK_INTERVAL === 0) tell()
  }

  function tell(): void {
    hooks.check()
    hooks.onProgress(
      files.length === 0
        ? 'Looking through the folder'
        : `Looking through the folder (${files.length} files)`
    )
  }

  await visit(root, { path: '', depth: 0 })
  // what a folder met through a link holds is followed too
  for (let at = 0; at < links.length; at++) {
    if (at % CHECK_INTERVAL === 0) hooks.check()
    await follow(links[at]!)
  }
  return { files, again }
}

function below({ path, depth }: Place, { name }: Dirent): Place {
  return { path: path === '' ? name : `${path}/${name}`, depth: depth + 1 }
}

const withEnd = (path: string): string => (path.endsWith(sep) ? path : path + sep)

interface Target {
  readonly real: string
  readonly isFolder: boolean
}

/** Undefined for a link to nothing, to a pipe or to a device: opening those could wait for ever. */
async function targetOf(link: string): Promise<Target | undefined> {
  try {
    const real = await realpath(link)
    const facts = await stat(real)
    if (!facts.isDirectory() && !facts.isFile()) return undefined
    return { real, isFolder: facts.isDirectory() }
  } catch {
    return undefined
  }
}
