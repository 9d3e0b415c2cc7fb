import { createHash, randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { featuresOf } from '../../core/dataset/dataset'
import type { Dataset, SourceFile, Split, SplitName, StoredArray } from '../../core/dataset/dataset'
import { cacheFolder } from '../user/cache'
import { decode, pixelBytes } from './decode'
import type { StoredDataset, StoredSplit } from './decode'
import { fileChecksum, fileError, onFile, stateOf } from './files'
import { sourceFile } from './fingerprint'
import type { OpenHooks } from './opener'
import type { DatasetPlan } from './plan'

/** Raise it whenever a reader comes to make something else of the same file. */
const FORMAT = 3
const META = 'dataset.json'
/** bytes; what was opened longest ago goes first */
const LARGEST_STORE = 8 * 2 ** 30
/** milliseconds; an entry opened this recently is not taken away */
const IN_USE = 10 * 60_000

export interface StoreOptions {
  /** default: `store` in the per-user cache */
  readonly folder?: string
  /** bytes */
  readonly limit?: number
}

/**
 * The data set of a plan, from the store or decoded into it. Safe with several processes at once:
 * an entry is made in a folder of its own and takes its name once it is whole.
 */
export async function stored(
  plan: DatasetPlan,
  hooks: OpenHooks,
  options: StoreOptions = {}
): Promise<Dataset> {
  const root = options.folder ?? join(cacheFolder(), 'store')
  hooks.onProgress('Looking at the files')
  const sources: SourceFile[] = []
  for (const source of plan.sources) {
    sources.push(await sourceFile(source, join(root, 'files'), hooks.check))
  }
  const entry = join(root, keyOf(plan, sources))
  const found = await existing(entry, plan, sources)
  if (found !== undefined) return found
  const made = await make(entry, root, plan, sources, hooks)
  await tidy(root, entry, options.limit ?? LARGEST_STORE)
  return withStates(toDataset(made, entry, plan, sources))
}

/** By content, not by place; names count because warnings speak of them. */
function keyOf(plan: DatasetPlan, sources: readonly SourceFile[]): string {
  return createHash('sha256')
    .update(
      JSON.stringify([
        FORMAT,
        plan.format,
        plan.recipe,
        sources.map((source) => [basename(source.path), source.sha256])
      ])
    )
    .digest('hex')
}

async function existing(
  entry: string,
  plan: DatasetPlan,
  sources: readonly SourceFile[]
): Promise<Dataset | undefined> {
  try {
    const set = JSON.parse(await readFile(join(entry, META), 'utf8')) as StoredEntry
    for (const [name, checksum] of Object.entries(set.checksums)) {
      if ((await fileChecksum(join(entry, name))) !== checksum) throw new Error('a damaged entry')
    }
    for (const split of [set.splits.train, set.splits.test]) {
      if (split === undefined) continue
      await verify(set, split, entry)
      const own = !('original' in split.pixels)
      if (!own && !sources.some(({ path }) => path === pathOf(split, entry))) return undefined
    }
    const now = new Date()
    await utimes(join(entry, META), now, now)
    return await withStates(toDataset(set, entry, plan, sources))
  } catch {
    return undefined // absent, damaged or cut short: it is made again
  }
}

/** What stands in an entry's META. */
interface StoredEntry extends StoredDataset {
  /** CRC-32 of the files beside it, by name */
  readonly checksums: Readonly<Record<string, number>>
}

async function checksumsOf(folder: string): Promise<Record<string, number>> {
  const checksums: Record<string, number> = {}
  for (const name of await readdir(folder)) {
    checksums[name] = await fileChecksum(join(folder, name))
  }
  return checksums
}

/** With the states of its files, by which reads tell that one has changed since. */
async function withStates(dataset: Dataset): Promise<Dataset> {
  const of = async (array: StoredArray): Promise<StoredArray> => ({
    ...array,
    state: stateOf(await onFile(array.path, () => stat(array.path)))
  })
  const split = async (part: Split): Promise<Split> => ({
    ...part,
    pixels: await of(part.pixels),
    ...(part.labels && { labels: await of(part.labels) })
  })
  const { train, test } = dataset.splits
  const splits = { train: await split(train), ...(test && { test: await split(test) }) }
  return { ...dataset, splits }
}

async function verify(set: StoredDataset, split: StoredSplit, entry: string): Promise<void> {
  const labels = split.labels && (await stat(join(entry, split.labels)))
  const bytes = pixelBytes(set, split)
  const inOriginal = 'original' in split.pixels
  const pixels = await stat(pathOf(split, entry))
  const whole = inOriginal ? pixels.size >= bytes + offsetOf(split) : pixels.size === bytes
  if (!whole || (labels && labels.size !== 4 * split.count))
    throw new Error('an entry of the wrong size')
}

const pathOf = (split: StoredSplit, entry: string): string =>
  'original' in split.pixels ? split.pixels.original : join(entry, split.pixels.file)

const offsetOf = (split: StoredSplit): number =>
  'original' in split.pixels ? split.pixels.offset : 0

/** Folders that are being made now; they go when the process ends early. */
const unfinished = new Set<string>()
let watching = false

function removeAtExit(folder: string): void {
  unfinished.add(folder)
  if (watching) return
  watching = true
  process.once('exit', () => {
    for (const left of unfinished) rmSync(left, { recursive: true, force: true })
  })
}

async function make(
  entry: string,
  root: string,
  plan: DatasetPlan,
  sources: readonly SourceFile[],
  hooks: OpenHooks
): Promise<StoredDataset> {
  const temporary = join(root, `new-${process.pid}-${randomBytes(6).toString('hex')}`)
  await onFile(temporary, () => mkdir(temporary, { recursive: true }))
  removeAtExit(temporary)
  try {
    const set = await decode(plan, temporary, hooks)
    const meta = join(temporary, META)
    const entryFacts: StoredEntry = { ...set, checksums: await checksumsOf(temporary) }
    await onFile(meta, () => writeFile(meta, JSON.stringify(entryFacts)))
    hooks.check()
    await settle(temporary, entry, async () => (await existing(entry, plan, sources)) !== undefined)
    return set
  } finally {
    await rm(temporary, { recursive: true, force: true })
    unfinished.delete(temporary)
  }
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

function toDataset(
  set: StoredDataset,
  entry: string,
  plan: DatasetPlan,
  sources: readonly SourceFile[]
): Dataset {
  const split = (part: StoredSplit): Split => ({
    count: part.count,
    pixels: { path: pathOf(part, entry), offset: offsetOf(part) },
    ...(part.labels !== undefined && {
      labels: { path: join(entry, part.labels), offset: 0 },
      classCounts: part.classCounts
    })
  })
  const { id, height, width, channels, dtype, classNames, warnings } = set
  if (featuresOf(set) < 1 || set.splits.train === undefined) throw new Error('a damaged entry')
  const splits: Record<'train', Split> & Partial<Record<SplitName, Split>> = {
    train: split(set.splits.train)
  }
  if (set.splits.test !== undefined) splits.test = split(set.splits.test)
  return {
    id,
    name: set.name ?? plan.name,
    format: plan.format,
    height,
    width,
    channels,
    dtype,
    classNames,
    splits,
    sources,
    warnings
  }
}

interface Entry {
  readonly path: string
  readonly bytes: number
  /** milliseconds since 1970 */
  readonly usedAt: number
}

/** Takes away what was opened longest ago until the store is small enough; and leftovers of dead processes. */
async function tidy(root: string, keep: string, limit: number): Promise<void> {
  try {
    const entries: Entry[] = []
    for (const name of await readdir(root)) {
      const path = join(root, name)
      if (name.startsWith('new-')) await removeLeftover(path)
      else if (/^[0-9a-f]{64}$/.test(name) && path !== keep) entries.push(await measure(path))
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
  if (unfinished.has(path)) return
  const pid = Number(/new-(\d+)-/.exec(path)?.[1])
  const age = Date.now() - (await stat(path)).mtimeMs
  if (age > IN_USE && !isAlive(pid)) await rm(path, { recursive: true, force: true })
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM'
  }
}
