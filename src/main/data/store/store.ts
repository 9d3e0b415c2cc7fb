import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { featuresOf } from '../../../core/dataset/dataset'
import type { Dataset, Split, SplitName } from '../../../core/dataset/dataset'
import type { DatasetPlan } from '../../../core/format/find'
import { sniff, SNIFF_LENGTH } from '../../../core/format/sniff'
import { decode, isHashedInPlace, pixelBytes } from './decode'
import type { StoredDataset, StoredSplit } from './decode'
import { entryFacts, makeEntry, storePlace, verifyInUse } from './entry'
import type { StoreOptions } from './entry'
import { hashedSources, refuseChanged } from './fingerprint'
import type { Source } from './fingerprint'
import { Hashes } from './hashes'
import type { OpenHooks } from '../hooks'
import { fileSource } from '../../disk/files'
import type { HashedFile } from '../../disk/hash'
import { indexFolder } from './place'
import { keepOpening, recallOpening } from './recalled'
import type { KnownPlan, Opening } from './recalled'
import { withStates } from './states'
import { tidy } from './tidy'

/** Raise it whenever a reader comes to make something else of the same file. */
const FORMAT = 6

/** Where a data set is in the store. */
interface Place {
  readonly sources: readonly Source[]
  readonly key: string
  readonly entry: string
  /** what stands there already */
  readonly found: StoredDataset | undefined
}

/** The data set that an opening of the same found, where nothing has changed since; else undefined. */
export async function openRecalled(
  opening: Opening,
  hooks: OpenHooks,
  options: StoreOptions = {}
): Promise<Dataset | undefined> {
  const { folder: root, note } = storePlace(options)
  const recalled = await recallOpening(root, withFormat(opening), hooks)
  if (recalled === undefined) return undefined
  const { plan, key, sources } = recalled
  const entry = join(root, key)
  const set = await existingSet(entry, sources, options)
  return set && noted(await inUse(set, entry, plan, sources), note)
}

/** Other readers make another data set of the same files. */
const withFormat = (opening: Opening): Opening => ({ ...opening, asked: [FORMAT, opening.asked] })

/**
 * The data set of a plan, from the store or decoded into it. Safe with several processes at once.
 * Throws NormscopeError 'file-changed' where a file changes while it is read.
 */
export async function openStored(
  plan: DatasetPlan,
  hooks: OpenHooks,
  options: StoreOptions = {},
  opening?: Opening
): Promise<Dataset> {
  const { folder: root, note } = storePlace(options)
  hooks.onProgress('Looking at the files')
  const hashes = new Hashes(hooks, options.hashedAtOnce)
  try {
    return noted(await openWith(plan, root, hashes, hooks, options, opening), note)
  } finally {
    hashes.close()
  }
}

const noted = (dataset: Dataset, note: string | undefined): Dataset =>
  note === undefined ? dataset : { ...dataset, warnings: [...dataset.warnings, note] }

async function openWith(
  plan: DatasetPlan,
  root: string,
  hashes: Hashes,
  hooks: OpenHooks,
  options: StoreOptions,
  opening: Opening | undefined
): Promise<Dataset> {
  let begun: Promise<StoredDataset> | undefined
  let isOwnStore = false
  let isUnwanted = false
  const wanted: OpenHooks = {
    ...hooks,
    check: () => {
      hooks.check()
      if (isUnwanted) throw new Error('What is decoded is not wanted any more.')
    }
  }
  const begin = (): Promise<StoredDataset> => make(root, place, plan, hashes, wanted, options)
  const hashFile = async (path: string): Promise<HashedFile> => {
    const hash = hashes.of(path)
    if (begun !== undefined) return hash
    isOwnStore = (await hashes.areLong([path])) && (await isItsOwnStore(plan))
    if (isOwnStore || (await isUnpackedMeanwhile(plan, hashes))) {
      begun = begin()
      begun.catch(() => undefined) // thrown where it is awaited
    }
    return hash
  }
  const place = hashedSources(plan.sources, indexFolder(root), hooks.check, hashFile).then(
    async (sources): Promise<Place> => {
      const key = keyOf(plan, sources)
      const entry = join(root, key)
      const found = isOwnStore ? undefined : await existingSet(entry, sources, options)
      isUnwanted = found !== undefined
      return { sources, key, entry, found }
    }
  )
  try {
    const { sources, key, entry, found } = await place
    if (found !== undefined) await begun?.catch(() => undefined)
    const set = found ?? (await (begun ?? begin()))
    if (found === undefined) await tidy(root, entry, options.limit)
    if (opening) await keepOpening(root, withFormat(opening), plan, key, sources)
    return await inUse(set, entry, plan, sources)
  } catch (thrown) {
    hashes.close()
    isUnwanted = true
    await begun?.catch(() => undefined)
    throw thrown
  }
}

async function inUse(
  set: StoredDataset,
  entry: string,
  plan: KnownPlan,
  sources: readonly Source[]
): Promise<Dataset> {
  const states = sources.flatMap(({ file, fileState }): [string, string][] =>
    fileState === undefined ? [] : [[file.path, fileState]]
  )
  const dataset = await withStates(toDataset(set, entry, plan, sources), new Map(states))
  verifyInUse(entry)
  return dataset
}

/**
 * Whether no file of the plan is copied or read through, so that what takes long are hashes: one of the file
 * as a source, and one of its pixels for the id. Both at once take the time of one.
 */
async function isItsOwnStore({ train, test }: DatasetPlan): Promise<boolean> {
  for (const split of test ? [train, test] : [train]) {
    if (!(await isPlainArray(split.path))) return false
    try {
      if (!isHashedInPlace(await split.open(() => undefined))) return false
    } catch {
      return false // said when it is read
    }
  }
  return true
}

/** Whether a file begins as an array that is not compressed. */
async function isPlainArray(path: string): Promise<boolean> {
  const kind = await kindOf(path)
  return kind === 'idx' || kind === 'npy'
}

/**
 * Whether images are gzipped and all files hashed in a moment: zlib unpacks in a thread of its own while this one
 * hashes. Where the store turns out to have them, no more than that moment is lost.
 */
async function isUnpackedMeanwhile(
  { train, sources }: DatasetPlan,
  hashes: Hashes
): Promise<boolean> {
  if (sources.some(({ files }) => files !== undefined)) return false
  if (await hashes.areLong(sources.map(({ path }) => path))) return false
  return (await kindOf(train.path)) === 'gzip'
}

/** What a file begins as; undefined where it cannot be read, which is said when it is. */
async function kindOf(path: string): Promise<ReturnType<typeof sniff> | undefined> {
  const source = await fileSource(path).catch(() => undefined)
  try {
    return source && sniff(await source.read(0, SNIFF_LENGTH))
  } catch {
    return undefined
  } finally {
    await source?.close()
  }
}

/** The place is asked for last: it is found meanwhile. */
async function make(
  root: string,
  place: Promise<Place>,
  plan: DatasetPlan,
  hashes: Hashes,
  hooks: OpenHooks,
  options: StoreOptions
): Promise<StoredDataset> {
  return makeEntry(
    root,
    async () => (await place).entry,
    async (folder, checksums) => {
      let whole = false
      try {
        const set = await decode(plan, folder, checksums, hashes, hooks)
        await refuseChanged(plan.sources, (await place).sources, hooks.check)
        hooks.check()
        whole = true
        return set
      } finally {
        await hooks.onDecoded?.ended(whole)
      }
    },
    async () => {
      const { entry, sources } = await place
      return (await existingSet(entry, sources, options)) !== undefined
    }
  )
}

/** By content, not by place; names count because warnings speak of them. */
function keyOf(plan: DatasetPlan, sources: readonly Source[]): string {
  return createHash('sha256')
    .update(
      JSON.stringify([
        FORMAT,
        plan.format.id,
        plan.recipe,
        sources.map(({ file }) => [basename(file.path), file.sha256])
      ])
    )
    .digest('hex')
}

/** What stands in the store; undefined where it is absent, damaged or cut short and is made again. */
async function existingSet(
  entry: string,
  sources: readonly Source[],
  options: StoreOptions
): Promise<StoredDataset | undefined> {
  const set = await entryFacts<StoredDataset>(entry, options)
  try {
    for (const split of [set?.splits.train, set?.splits.test]) {
      if (set === undefined || split === undefined) continue
      await verify(set, split, entry, sources)
    }
    return set?.splits.train && featuresOf(set) >= 1 ? set : undefined
  } catch {
    return undefined
  }
}

async function verify(
  set: StoredDataset,
  split: StoredSplit,
  entry: string,
  sources: readonly Source[]
): Promise<void> {
  const labels = split.labels && (await stat(join(entry, split.labels)))
  const bytes = pixelBytes(set, split)
  const inOriginal = 'source' in split.pixels
  const pixels = await stat(pathOf(split, entry, sources))
  const whole = inOriginal ? pixels.size >= bytes + offsetOf(split) : pixels.size === bytes
  if (!whole || (labels && labels.size !== 4 * split.count))
    throw new Error('an entry of the wrong size')
}

/** An entry serves every copy of its files: where they lie is not in it. */
const pathOf = ({ pixels }: StoredSplit, entry: string, sources: readonly Source[]): string =>
  'source' in pixels ? sources[pixels.source]!.file.path : join(entry, pixels.file)

const offsetOf = (split: StoredSplit): number =>
  'source' in split.pixels ? split.pixels.offset : 0

function toDataset(
  set: StoredDataset,
  entry: string,
  plan: KnownPlan,
  sources: readonly Source[]
): Dataset {
  const split = (part: StoredSplit): Split => ({
    count: part.count,
    pixels: { path: pathOf(part, entry, sources), offset: offsetOf(part) },
    ...(part.labels !== undefined && {
      labels: { path: join(entry, part.labels), offset: 0 },
      classCounts: part.classCounts
    })
  })
  const { id, height, width, channels, dtype, classNames, warnings } = set
  const splits: Record<'train', Split> & Partial<Record<SplitName, Split>> = {
    train: split(set.splits.train!)
  }
  if (set.splits.test !== undefined) splits.test = split(set.splits.test)
  return {
    id,
    name: set.name ?? plan.name,
    format: plan.format.id,
    height,
    width,
    channels,
    dtype,
    classNames,
    splits,
    sources: sources.map(({ file }) => file),
    warnings: [...plan.warnings, ...warnings]
  }
}
