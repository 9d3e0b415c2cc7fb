import { closeSync, openSync } from 'node:fs'
import { featuresOf, SPLIT_NAMES } from '../../../core/dataset/dataset'
import type { Dataset, Split, SplitName } from '../../../core/dataset/dataset'
import {
  appendImageSums,
  createImageSums,
  reserveImages,
  roomOf
} from '../../../core/statistics/image-sums'
import type { ImageSums } from '../../../core/statistics/image-sums'
import { addCounts, createSummary } from '../../../core/statistics/summary'
import type { Summary } from '../../../core/statistics/summary'
import type { SummaryShape } from '../../../core/statistics/summary-types'
import type { DecodedPart, DecodedWatcher } from '../../data/hooks'
import { openDataset } from '../../data/open'
import type { OpenOptions } from '../../data/open'
import { coresHere } from '../../processes/cores'
import { AT_ONCE, idleThreads, inThread } from './parts'

/** Values that a thread is given at once at least while more come: tables are handed to the kernels and back as seldom. */
const LEAST_VALUES = 4_000_000

/** What was counted of a split while it was decoded. */
const counted = new WeakMap<Split, SplitAhead>()

interface CountOptions extends Omit<OpenOptions, 'onDecoded'> {
  /** splits whose images are counted next; default: all */
  readonly counted?: readonly SplitName[]
}

/** Opens a data set whose images are counted next: threads count what is decoded already. */
export async function openToCount(
  path: string | readonly string[],
  { counted: wanted = SPLIT_NAMES, ...options }: CountOptions = {}
): Promise<Dataset> {
  const ahead = new CountsAhead(wanted)
  const dataset = await openDataset(path, { ...options, onDecoded: ahead })
  for (const [name, split] of Object.entries(dataset.splits)) {
    const found = ahead.of(name as SplitName)
    if (found?.fits(dataset, split)) counted.set(split, found)
  }
  return dataset
}

/** What is known of the first images of a split: a summary with room for all of them. Given once. */
export async function countedAhead(
  { splits }: Dataset,
  name: SplitName
): Promise<Summary | undefined> {
  const split = splits[name]!
  const found = counted.get(split)
  counted.delete(split)
  return found?.summary(split.count)
}

/** Counts the images of an opening. */
class CountsAhead implements DecodedWatcher {
  readonly #splits = new Map<SplitName, SplitAhead>()
  readonly #wanted: readonly SplitName[]

  constructor(wanted: readonly SplitName[]) {
    this.#wanted = wanted
  }

  of(split: SplitName): SplitAhead | undefined {
    return this.#splits.get(split)
  }

  decoded(part: DecodedPart): void {
    if (!this.#wanted.includes(part.split)) return
    let split = this.#splits.get(part.split)
    if (split === undefined) {
      split = new SplitAhead(part)
      this.#splits.set(part.split, split)
    }
    split.decoded(part.images)
  }

  async rewritten(split: SplitName): Promise<void> {
    await this.#splits.get(split)?.drop()
  }

  async ended(whole: boolean): Promise<void> {
    const splits = [...this.#splits.values()]
    await Promise.all(splits.map((split) => (whole ? split.finish() : split.drop())))
  }
}

/** Images that were counted, and where they begin in the split. */
interface Range {
  readonly start: number
  readonly count: number
  readonly images: ImageSums
}

/**
 * Counts the images of one split from its beginning on: bytes alone, whose counts are whole numbers and
 * so the same in whatever order they are added up.
 */
class SplitAhead {
  readonly #file: string
  /** descriptor; threads of a process share these */
  #opened: number | undefined
  readonly #shape: SummaryShape
  readonly #features: number
  readonly #stop = new Int32Array(new SharedArrayBuffer(4))
  readonly #ranges: Range[] = []
  readonly #running = new Set<Promise<void>>()
  /** counts of each pixel's bytes, one for each job at a time */
  readonly #tables: Uint32Array[] = []
  readonly #freeTables: Uint32Array[] = []
  #images = 0
  /** images that were given to threads */
  #taken = 0
  /** values that are worth a thread's while */
  #least = LEAST_VALUES
  #ended: Promise<void> | undefined

  constructor({ file, shape }: DecodedPart) {
    this.#file = file
    this.#shape = shape
    this.#features = featuresOf(shape)
    const { featureCounts } = createSummary(shape)
    // other sums depend on the order, and tables of very large images are large
    if (featureCounts === undefined) Atomics.store(this.#stop, 0, 1)
  }

  decoded(images: number): void {
    this.#images = images
    this.#next()
  }

  /** Nothing of it is wanted any more. */
  async drop(): Promise<void> {
    Atomics.store(this.#stop, 0, 1)
    await (this.#ended ??= this.#end())
  }

  /** No more images come: threads take what is left as they become free. */
  async finish(): Promise<void> {
    this.#least = AT_ONCE
    this.#next()
    this.#ended ??= this.#end()
    // Windows renames nothing that is open; elsewhere threads that let others go first hold no opening up
    if (process.platform === 'win32') await this.#ended
  }

  async #end(): Promise<void> {
    // who is done takes more
    while (this.#running.size > 0) await Promise.all(this.#running)
    if (this.#opened !== undefined) closeSync(this.#opened)
    this.#opened = undefined
  }

  /** Whether it is of this split, as it was stored. */
  fits(dataset: SummaryShape, { count }: Split): boolean {
    const { height, width, channels, dtype } = this.#shape
    return (
      Atomics.load(this.#stop, 0) === 0 &&
      this.#taken <= count &&
      dataset.height === height &&
      dataset.width === width &&
      dataset.channels === channels &&
      dataset.dtype === dtype
    )
  }

  /** A summary of the images that were counted, with room for `count`; undefined where that failed. */
  async summary(count: number): Promise<Summary | undefined> {
    await this.#ended
    if (Atomics.load(this.#stop, 0) !== 0) return undefined
    const summary = createSummary(this.#shape)
    reserveImages(summary.images, count)
    for (const range of this.#ranges.sort((a, b) => a.start - b.start)) {
      appendImageSums(summary.images, summary.count, range.images)
      summary.count += range.count
    }
    const [first, ...others] = this.#tables
    // which takes less time than to add it to none
    if (first !== undefined) summary.featureCounts?.set(first)
    for (const table of others) addCounts(summary.featureCounts, table)
    return summary
  }

  /** Gives what waits to threads that have nothing to do; in the end with a share for those that are busy still. */
  #next(): void {
    if (Atomics.load(this.#stop, 0) !== 0) return
    const waiting = this.#images - this.#taken
    const most = Math.floor((waiting * this.#features) / this.#least)
    const parts = Math.min(idleThreads(), most)
    if (parts === 0) return
    const shares = this.#least === AT_ONCE ? Math.min(coresHere(), most) : parts
    const size = Math.ceil(waiting / shares)
    for (let part = 0; part < parts && this.#taken < this.#images; part++) {
      this.#take(Math.min(size, this.#images - this.#taken))
    }
  }

  #take(count: number): void {
    const start = this.#taken
    this.#taken += count
    const images = createImageSums()
    reserveImages(images, count)
    const table = this.#freeTables.pop() ?? this.#newTable()
    const path = this.#file
    const file = (this.#opened ??= openSync(path, 'r'))
    const asked = { path, file, shape: this.#shape, start, count, table, images }
    const job = inThread('decoded', { ...asked, stop: this.#stop }).then(
      () => {
        this.#ranges.push({ start, count, images: roomOf(images, 0, count) })
        this.#freeTables.push(table)
        this.#running.delete(job)
        this.#next()
      },
      () => {
        // a table may hold half of it; all is counted once more, and what is wrong said then
        this.#running.delete(job)
        Atomics.store(this.#stop, 0, 1)
      }
    )
    this.#running.add(job)
  }

  #newTable(): Uint32Array {
    const table = new Uint32Array(new SharedArrayBuffer(this.#features * 256 * 4))
    this.#tables.push(table)
    return table
  }
}
