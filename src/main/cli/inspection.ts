import { createHash } from 'node:crypto'
import { fileClassNames } from '../../core/dataset/class-names'
import { featuresOf, isLabelled } from '../../core/dataset/dataset'
import type { Dataset, SplitName } from '../../core/dataset/dataset'
import { channelMoments } from '../../core/statistics/moments'
import type { ChannelMoments } from '../../core/statistics/moments'
import { mergeSummaries } from '../../core/statistics/summary'
import { throwIfCancelled } from '../data/hooks'
import { labelsIfAny } from '../data/labels'
import { readRows, splitOf } from '../data/rows'
import { summarise } from '../engine/dataset/prepare'

/** The figures of one split, or of both together. */
interface Inspection extends Omit<
  Dataset,
  'id' | 'fileClassNames' | 'splits' | 'sources' | 'heldOut'
> {
  /** images */
  readonly count: number
  /** in the order of classNames; absent without labels */
  readonly classCounts?: readonly number[]
  /** images in each split of the data set */
  readonly splits: Partial<Readonly<Record<SplitName, number>>>
  /** per channel, of the stored values; std is the population's */
  readonly pixels: ChannelMoments
  /** SHA-256 (hex) of the pixel values: image, row, column, channel; 16-bit and float little-endian */
  readonly sha256: string
  /** the first twelve: the file's own numbers, or places in classNames where classes have names; absent without labels */
  readonly firstLabels?: readonly number[]
}

interface InspectOptions {
  readonly split?: SplitName | 'all'
  /** fraction in [0, 1] */
  readonly onProgress?: (fraction: number) => void
  readonly signal?: AbortSignal
}

const CHUNK_BYTES = 1 << 22
const FIRST_LABELS = 12

/**
 * Reads a split through, a few MB at a time: here for the hash, and in threads for the moments meanwhile.
 * Throws NormscopeError 'no-such-split'.
 */
export async function inspect(dataset: Dataset, options: InspectOptions = {}): Promise<Inspection> {
  const which = options.split ?? 'train'
  const names: readonly SplitName[] =
    which !== 'all' ? [which] : dataset.splits.test === undefined ? ['train'] : ['train', 'test']
  const hash = createHash('sha256')
  const classCounts = dataset.classNames.map(() => 0)
  const firstLabels: number[] = []
  const labelled = names.some((name) => isLabelled(dataset.splits[name]))
  const total = names.reduce((sum, name) => sum + splitOf(dataset, name).count, 0)
  const summaries = Promise.all(names.map((name) => summarise(dataset, name)))
  // awaited behind the hash, which may fail first
  summaries.catch(() => undefined)
  const atOnce = Math.max(1, Math.floor(CHUNK_BYTES / (featuresOf(dataset) * 4)))
  let done = 0
  for (const name of names) {
    const split = splitOf(dataset, name)
    split.classCounts?.forEach((count, place) => (classCounts[place]! += count))
    const labels = await labelsIfAny(dataset, name)
    firstLabels.push(...(labels?.subarray(0, FIRST_LABELS - firstLabels.length) ?? []))
    for (let start = 0; start < split.count; start += atOnce) {
      throwIfCancelled(options.signal)
      const count = Math.min(atOnce, split.count - start)
      const pixels = await readRows(dataset, name, start, count)
      hash.update(new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength))
      done += count
      options.onProgress?.(done / total)
    }
  }
  const summary = (await summaries).reduce((all, each) => mergeSummaries(all, each))
  const { name, format, height, width, channels, dtype, classNames, splits, warnings } = dataset
  return {
    name,
    format,
    count: total,
    height,
    width,
    channels,
    dtype,
    classNames,
    ...(labelled && {
      classCounts,
      firstLabels: originalLabels(firstLabels, fileClassNames(dataset))
    }),
    splits: { train: splits.train.count, test: splits.test?.count },
    pixels: channelMoments(summary),
    sha256: hash.digest('hex'),
    warnings
  }
}

function originalLabels(places: readonly number[], classNames: readonly string[]): number[] {
  const numeric = classNames.every((name) => /^-?\d+$/.test(name))
  return places.map((place) => (numeric ? Number(classNames[place]) : place))
}
