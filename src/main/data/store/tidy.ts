import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { CacheFacts, EmptiedCache } from '../../../core/cache'
import { isRunning } from '../../processes/running'
import { onFile } from '../../disk/files'
import { isUnfinished, META, storeFolder } from './entry'
import type { StoreOptions } from './entry'
import { indexFolder } from './place'

/** bytes; what was opened longest ago goes first */
const MAX_STORE_BYTES = 8 * 2 ** 30
/** milliseconds; an entry opened this recently is not taken away */
const IN_USE = 10 * 60_000

interface Entry {
  readonly path: string
  readonly bytes: number
  /** milliseconds since 1970 */
  readonly usedAt: number
}

const isEntry = (name: string): boolean => /^[0-9a-f]{64}$/.test(name)

/** The data sets in the store. */
async function entriesIn(root: string): Promise<Entry[]> {
  const names = await readdir(root).catch((): string[] => [])
  const entries = names
    .filter(isEntry)
    .map((name) => measure(join(root, name)).catch(() => undefined)) // gone meanwhile
  return (await Promise.all(entries)).filter((entry) => entry !== undefined)
}

export async function cacheFacts(options: StoreOptions = {}): Promise<CacheFacts> {
  const folder = storeFolder(options)
  const entries = await entriesIn(folder)
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0)
  return { folder, sets: entries.length, bytes, limit: options.limit ?? MAX_STORE_BYTES }
}

/**
 * Takes away every decoded data set but those that are kept or were opened a moment ago, and what is
 * remembered of files: they are decoded again when they are opened.
 */
export async function emptyCache(
  isKept: (entry: string) => boolean,
  options: StoreOptions = {}
): Promise<EmptiedCache> {
  const root = storeFolder(options)
  const before = await cacheFacts(options)
  for (const { path, usedAt } of await entriesIn(root)) {
    const inUse = isKept(path) || Date.now() - usedAt < IN_USE
    if (!inUse) await onFile(path, () => rm(path, { recursive: true, force: true }))
  }
  const index = indexFolder(root)
  await onFile(index, () => rm(index, { recursive: true, force: true }))
  const left = await cacheFacts(options)
  return { ...left, freed: Math.max(0, before.bytes - left.bytes) }
}

/** Takes away what was opened longest ago until the store is small enough; and leftovers of dead processes. */
export async function tidy(root: string, keep: string, limit = MAX_STORE_BYTES): Promise<void> {
  try {
    const entries: Entry[] = []
    for (const name of await readdir(root)) {
      const path = join(root, name)
      if (name.startsWith('new-')) await removeLeftover(path)
      else if (isEntry(name) && path !== keep) entries.push(await measure(path))
    }
    let bytes = entries.reduce((sum, entry) => sum + entry.bytes, (await measure(keep)).bytes)
    for (const entry of entries.sort((a, b) => a.usedAt - b.usedAt)) {
      if (bytes <= limit || Date.now() - entry.usedAt < IN_USE) break
      await rm(entry.path, { recursive: true, force: true })
      bytes -= entry.bytes
    }
  } catch {
    // another process tidies at the same time; the next opening tidies again
  }
}

async function measure(path: string): Promise<Entry> {
  let bytes = 0
  let usedAt = 0
  for (const name of await readdir(path)) {
    const facts = await stat(join(path, name))
    bytes += facts.size
    if (name === META) usedAt = facts.mtimeMs
  }
  return { path, bytes, usedAt }
}

async function removeLeftover(path: string): Promise<void> {
  if (isUnfinished(path)) return
  const pid = Number(/new-(\d+)-/.exec(path)?.[1])
  const age = Date.now() - (await stat(path)).mtimeMs
  if (age > IN_USE && !isRunning(pid)) await rm(path, { recursive: true, force: true })
}
