import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { findDataset } from '../src/core/format/find'
import type { ReadableSplit } from '../src/core/format/find'
import type { Files } from '../src/core/format/files'
import { FORMATS } from '../src/core/format/formats'
import { contentOf } from '../src/core/format/source'
import { checkCounts, mapLabels } from '../src/core/format/labels'
import { MAX_PIXELS } from '../src/core/format/pictures'
import type { DecoderPool } from '../src/main/data/files/decoder-pool'
import type { Hdf5Process } from '../src/main/data/files/hdf5'
import { createFiles } from '../src/main/data/files/node-files'
import { openDataset } from '../src/main/data/open'
import { readLabels } from '../src/main/data/labels'
import { readRows } from '../src/main/data/rows'
import type { Plain } from './plain'

/** Of a data set: two pictures of the most pixels, which a few bytes can ask for, in colour. */
const MOST_VALUES = 6 * MAX_PIXELS

/** What was read of the training images. */
export interface Pixels {
  readonly format: string
  readonly count: number
  readonly height: number
  readonly width: number
  readonly channels: number
  /** image, row, column, channel */
  readonly values: Float64Array
  /** as the files name them */
  readonly labels?: readonly (number | string)[]
  /** to the floats that the store holds */
  readonly rounded?: boolean
}

export interface HowToRead {
  /** whether values are wanted; else all is read and nothing kept */
  readonly keep: boolean
  readonly signal: AbortSignal
}

/** What many openings share, so that none has to start them. */
export interface Processes {
  readonly decoders: DecoderPool
  readonly hdf5: Hdf5Process
}

/** By the readers alone, over files on disk. */
export async function readAll(
  place: string,
  { decoders, hdf5 }: Processes,
  { keep, signal }: HowToRead
): Promise<Pixels> {
  const own = createFiles({ onProgress: () => undefined, check: () => signal.throwIfAborted() })
  const files: Files = {
    ...own,
    decode: (...asked) => decoders.decode(...asked),
    // what is gzipped is unpacked as in an opening
    hdf5: async (path) => {
      const { gzipped } = await contentOf(await own.open(path), own, () => undefined)
      return gzipped ? own.hdf5(path) : hdf5.open(path, path)
    }
  }
  try {
    const plan = await findDataset(place, undefined, files, FORMATS)
    const train = await splitOf(plan.train, { keep, signal })
    if (plan.test !== undefined) await splitOf(plan.test, { keep: false, signal })
    return { format: plan.format.id, ...train }
  } finally {
    await own.close()
  }
}

/** As the app opens it: through a store, twice. */
export async function openWhole(
  place: string,
  storeFolder: string,
  { keep, signal }: HowToRead
): Promise<Pixels> {
  const store = { folder: join(storeFolder, 'store') }
  try {
    await openDataset(place, { store, signal })
    const opened = await openDataset(place, { store, signal })
    const { height, width, channels, splits, format, classNames } = opened
    const { count } = splits.train
    const rows = await readRows(opened, 'train', 0, keep ? count : Math.min(count, 1))
    const values = Float64Array.from(keep ? rows : [])
    const places = splits.train.labels && (await readLabels(opened, 'train'))
    const labels = places && Array.from(places, (label) => classNames[label]!)
    return { format, height, width, channels, count, values, labels, rounded: true }
  } finally {
    rmSync(store.folder, { recursive: true, force: true })
  }
}

/** Reads all of a split; its values are kept only where they are to be compared. */
async function splitOf(
  split: ReadableSplit,
  { keep, signal }: HowToRead
): Promise<Omit<Pixels, 'format'>> {
  const { height, width, chunks, labels: labelsFor } = await split.open(() => undefined)
  const pieces: Float64Array[] = []
  let channels = 1
  let count = 0
  let total = 0
  for await (const chunk of chunks()) {
    signal.throwIfAborted()
    channels = chunk.channels
    count += chunk.values.length / (height * width * channels)
    total += chunk.values.length
    if (total > MOST_VALUES) throw new Error(`${total} values of a file of a few bytes`)
    if (keep) pieces.push(Float64Array.from(chunk.values))
  }
  if (!Number.isInteger(count)) throw new Error(`${total} values are no whole images`)
  const given = await labelsFor?.(count)
  if (given !== undefined) {
    checkCounts(split.path, count, given.length)
    mapLabels(split.path, [given], () => undefined)
  }
  const values = new Float64Array(keep ? total : 0)
  let at = 0
  for (const piece of pieces) {
    values.set(piece, at)
    at += piece.length
  }
  const labels = given && Array.from(given as ArrayLike<number | string>)
  return { count, height, width, channels, values, labels }
}

const shapeOf = ({ height, width, channels }: Pick<Plain, 'height' | 'width' | 'channels'>) =>
  `${height} × ${width} × ${channels}`

/** What differs from what is expected by more than `tolerance`, in words. */
export function difference(found: Pixels, wanted: Plain, tolerance = 0): string | undefined {
  if (shapeOf(found) !== shapeOf(wanted)) return `${shapeOf(found)} for ${shapeOf(wanted)}`
  if (found.values.length !== wanted.values.length) {
    return `${found.values.length} values for ${wanted.values.length}`
  }
  const isSame = (a: number, b: number): boolean =>
    Object.is(a, b) || a === b || Math.abs(a - b) <= tolerance
  const at = found.values.findIndex((value, place) => {
    const exact = wanted.values[place]!
    return !isSame(value, exact) && !(found.rounded === true && isSame(value, Math.fround(exact)))
  })
  return at < 0 ? undefined : `value ${at} is ${found.values[at]} for ${wanted.values[at]}`
}
