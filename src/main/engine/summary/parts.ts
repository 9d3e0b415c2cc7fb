import { featuresOf } from '../../../core/dataset/dataset'
import type { Dataset, SplitName } from '../../../core/dataset/dataset'
import { joined, shardUnits, unitImages, withoutImages } from '../../../core/statistics/pieces'
import type { Piece } from '../../../core/statistics/pieces'
import { throwIfCancelled } from '../../data/hooks'
import { labelsIfAny } from '../../data/labels'
import { splitOf } from '../../data/rows'
import { coresHere } from '../../processes/cores'
import { work } from '../dataset/parts'
import type { SummaryPart } from './part'

/** Values of whole numbers that are counted in one go. */
const PIECE_VALUES = 6_000_000

interface Hooks {
  readonly signal?: AbortSignal
  /** fraction in [0, 1] */
  readonly onProgress?: (fraction: number) => void
}

/** Shard `index` of `shards` of a split, from 1. */
export interface Shard {
  readonly index: number
  readonly shards: number
}

/** What one pass over a shard of a split finds. Throws NormscopeError 'no-such-split'. */
export async function summarisePart(
  dataset: Dataset,
  split: SplitName,
  { index, shards }: Shard = { index: 1, shards: 1 },
  { signal, onProgress }: Hooks = {}
): Promise<SummaryPart> {
  const { id, name, height, width, channels, dtype, classNames } = dataset
  const { count: images } = splitOf(dataset, split)
  const features = featuresOf(dataset)
  const unit = unitImages(dtype, images, features)
  const [first, end] = shardUnits(Math.ceil(images / unit), index, shards)
  const step = dtype === 'float32' ? 1 : Math.max(1, Math.ceil(PIECE_VALUES / features))
  let pieces: Piece[] = []
  const waiting: Promise<Piece>[] = []
  const most = 2 * coresHere()
  const takeFirst = async (): Promise<void> => {
    pieces = joined([...pieces, await waiting.shift()!], dtype)
    onProgress?.((pieces.at(-1)!.to - first) / (end - first))
  }
  try {
    for (let from = first; from < end; from += step) {
      throwIfCancelled(signal)
      waiting.push(pieceOf(from, Math.min(end, from + step)))
      if (waiting.length >= most) await takeFirst()
    }
    while (waiting.length > 0) {
      throwIfCancelled(signal)
      await takeFirst()
    }
  } finally {
    // those under way are not wanted any more, and their failure is nobody's news
    for (const each of waiting) each.catch(() => undefined)
  }
  const labels = await labelsIfAny(dataset, split)
  const classCounts = labels && classNames.map(() => 0)
  labels?.subarray(first * unit, end * unit).forEach((place) => classCounts![place]!++)
  return {
    set: { id, name, split, images, height, width, channels, dtype, classNames: [...classNames] },
    pieces,
    ...(classCounts && { classCounts })
  }

  async function pieceOf(from: number, to: number): Promise<Piece> {
    const start = from * unit
    const count = Math.min(images, to * unit) - start
    const asked = { dataset, split, rows: { start, count } }
    return { from, to, summary: withoutImages(await work('summary', asked, count * features)) }
  }
}
