import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { NormscopeError } from '../../../core/error'
import { fileChecksum } from '../../disk/checksum'
import { fileError, onFile } from '../../disk/files'
import { sealed, unsealed } from '../../disk/sealed'
import { usualStore } from './place'
import type { StorePlace } from './place'

/** An entry of the store is a folder: files of numbers, and what is known of them in this file. */
export const META = 'dataset.json'
/** bytes; the files of a larger entry are verified while it is in use already */
const MAX_VERIFIED_FIRST = 500 * 2 ** 20

export interface StoreOptions {
  /** default: see `usualStore` */
  readonly folder?: string
  /** bytes; default 8 GiB */
  readonly limit?: number
  /** bytes of an entry that is verified before it is used; default 500 MiB */
  readonly atOnce?: number
  /** bytes of a file that is hashed without a thread; default 32 MiB */
  readonly hashedAtOnce?: number
}

export const storePlace = ({ folder }: StoreOptions): StorePlace =>
  folder === undefined ? usualStore() : { folder }

export const storeFolder = (options: StoreOptions): string => storePlace(options).folder

/** Facts as they stand in META. */
type Kept<Facts> = Facts & {
  /** CRC-32 of the files beside it, by name */
  readonly checksums: Readonly<Record<string, number>>
}

/** What was kept of an entry; undefined where there is none, or it or one of its files is damaged. */
export async function entryFacts<Facts>(
  entry: string,
  { atOnce = MAX_VERIFIED_FIRST }: StoreOptions = {}
): Promise<Facts | undefined> {
  try {
    const facts = unsealed(await readFile(join(entry, META), 'utf8')) as Kept<Facts> | undefined
    if (facts === undefined) return undefined
    const paths = Object.keys(facts.checksums).map((name) => join(entry, name))
    let bytes = 0
    for (const path of paths) bytes += (await stat(path)).size
    if (bytes > atOnce) unverified.set(entry, facts.checksums)
    else if ((await damagedFile(entry, facts.checksums)) !== undefined) return undefined
    // the store takes away first what was opened longest ago
    const now = new Date()
    await utimes(join(entry, META), now, now)
    return facts
  } catch {
    return undefined // absent or cut short
  }
}

async function damagedFile(
  entry: string,
  checksums: Kept<object>['checksums']
): Promise<string | undefined> {
  const damaged = await Promise.all(
    Object.entries(checksums).map(async ([name, checksum]) => {
      const path = join(entry, name)
      return (await fileChecksum(path)) === checksum ? undefined : path
    })
  )
  return damaged.find((path) => path !== undefined)
}

/** Entries that are in use before they were verified. */
const unverified = new Map<string, Kept<object>['checksums']>()
/** Entries that are being verified. */
const verifying = new Set<string>()

/**
 * Verifies what was too large to be before it is used; to be called once the states of its files are
 * known. A damaged file gets a new time of change, so that further reads of it are refused, and the
 * entry loses its facts, so that the next opening makes it again.
 */
export function verifyInUse(entry: string): void {
  const checksums = unverified.get(entry)
  unverified.delete(entry)
  if (checksums === undefined || verifying.has(entry)) return
  verifying.add(entry)
  void damagedFile(entry, checksums)
    .then(async (damaged) => {
      if (damaged === undefined) return
      await utimes(damaged, new Date(), new Date())
      await rm(join(entry, META), { force: true })
    })
    .catch(() => undefined) // it was taken away meanwhile; reads of it say so
    .finally(() => verifying.delete(entry))
}

/** Folders that are being made now; they go when the process ends early. */
const unfinished = new Set<string>()
let watching = false

export const isUnfinished = (folder: string): boolean => unfinished.has(folder)

function removeAtExit(folder: string): void {
  unfinished.add(folder)
  if (watching) return
  watching = true
  process.once('exit', () => {
    for (const left of unfinished) rmSync(left, { recursive: true, force: true })
  })
}

/** A new folder in the store, taken away by its maker, or when the process ends. Throws NormscopeError 'unwritable'. */
export async function temporaryFolder(
  root: string
): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = join(root, `new-${process.pid}-${randomBytes(6).toString('hex')}`)
  await mkdir(path, { recursive: true }).catch((thrown: NodeJS.ErrnoException) => {
    throw notMade(root, thrown)
  })
  removeAtExit(path)
  const remove = async (): Promise<void> => {
    await rm(path, { recursive: true, force: true })
    unfinished.delete(path)
  }
  return { path, remove }
}

/**
 * Makes an entry in a folder of its own in `root`, which becomes `entry` once it is whole and that is known.
 * `write` gives what to keep of it, and may tell the CRC-32 of files by their names, which are read
 * through otherwise; `isWhole` tells whether the entry is good that stands there already.
 */
export async function makeEntry<Facts>(
  root: string,
  entry: () => string | Promise<string>,
  write: (folder: string, checksums: Map<string, number>) => Promise<Facts>,
  isWhole: () => Promise<boolean>
): Promise<Facts> {
  const { path: temporary, remove } = await temporaryFolder(root)
  try {
    const known = new Map<string, number>()
    const facts = await write(temporary, known)
    const checksums: Record<string, number> = {}
    for (const name of await readdir(temporary)) {
      checksums[name] =
        known.get(name) ?? (await onFile(temporary, () => fileChecksum(join(temporary, name))))
    }
    const kept: Kept<Facts> = { ...facts, checksums }
    await onFile(temporary, () => writeFile(join(temporary, META), sealed(kept)))
    await settle(temporary, await entry(), isWhole)
    return facts
  } finally {
    await remove()
  }
}

/** Of a read-only disk Node says no more than that the folder is not there. */
function notMade(root: string, { code = '', message }: NodeJS.ErrnoException): NormscopeError {
  return new NormscopeError({
    code: 'unwritable',
    message: `Decoded images cannot be kept in ${root}: it cannot be written to (${code || message}). Let XDG_CACHE_HOME name a folder that can.`,
    path: root,
    actual: code
  })
}

/** Where an entry stands already, another process has just made the same one, or it is damaged. */
async function settle(
  temporary: string,
  entry: string,
  isWhole: () => Promise<boolean>
): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await rename(temporary, entry)
    } catch (thrown) {
      const code = (thrown as NodeJS.ErrnoException).code ?? ''
      if (attempt === 5 || !['ENOTEMPTY', 'EEXIST', 'EPERM', 'EACCES'].includes(code)) {
        throw fileError(thrown, entry)
      }
      if (await isWhole()) return
      const aside = `${temporary}.old`
      await rename(entry, aside).catch(() => undefined)
      await rm(aside, { recursive: true, force: true })
    }
  }
}
