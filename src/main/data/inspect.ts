import { createHash } from 'node:crypto'
import { BYTES_PER_PIXEL, featuresOf } from '../../core/dataset/dataset'
import type {
  Dataset,
  FormatId,
  PixelArray,
  PixelType,
  SplitName
} from '../../core/dataset/dataset'
import { channelMoments } from '../../core/statistics/moments'
import type { ChannelMoments } from '../../core/statistics/moments'
import { addImages, createSummary } from '../../core/statistics/summary'
import { readLabels, readRows, splitOf } from './rows'

/** Bytes read at once. */
const CHUNK_BYTES = 4 << 20
const FIRST_LABELS = 12

/** What a data set is, in numbers: exact sums of the pixels as stored. */
export interface Inspection {
  readonly name: string
  readonly format: FormatId
  /** images of the split inspected */
  readonly count: number
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly dtype: PixelType
  readonly split: SplitName | 'all'
  /** images per class of the split inspected, in the order of classNames */
  readonly classCounts: readonly number[]
  readonly classNames: readonly string[]
  /** images per split of the whole data set */
  readonly splits: { readonly train: number; readonly test: number }
  /** per channel; std is the population's */
  readonly pixels: ChannelMoments
  /** of the pixel values: image, row, column, channel; bytes as stored, wider types little-endian */
  readonly sha256: string
  /** class indices of the first images */
  readonly firstLabels: readonly number[]
  readonly warnings: readonly string[]
}

export interface InspectOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: (fraction: number) => void
}

/** Reads every pixel of the split once. Throws 'no-such-split'. */
export async function inspectDataset(
  dataset: Dataset,
  split: SplitName | 'all',
  { signal, onProgress }: InspectOptions = {}
): Promise<Inspection> {
  const parts: SplitName[] =
    split !== 'all' ? [split] : dataset.splits.test ? ['train', 'test'] : ['train']
  const total = parts.reduce((sum, part) => sum + splitOf(dataset, part).count, 0)
  const summary = createSummary(dataset)
  const hash = createHash('sha256')
  const firstLabels: number[] = []
  const classCounts = dataset.classNames.map(() => 0)
  const chunk = Math.max(
    1,
    Math.floor(CHUNK_BYTES / (featuresOf(dataset) * BYTES_PER_PIXEL[dataset.dtype]))
  )
  let seen = 0
  for (const part of parts) {
    const { count } = splitOf(dataset, part)
    const labels = await readLabels(dataset, part)
    firstLabels.push(...labels.subarray(0, FIRST_LABELS - firstLabels.length))
    for (const label of labels) classCounts[label]!++
    for (let at = 0; at < count; at += chunk) {
      signal?.throwIfAborted()
      const images = Math.min(chunk, count - at)
      const pixels = await readRows(dataset, part, at, images)
      addImages(summary, pixels, images)
      hash.update(littleEndian(pixels))
      seen += images
      onProgress?.(seen / total)
    }
  }
  const { name, format, height, width, channels, dtype, classNames, warnings } = dataset
  return {
    ...{ name, format, count: total, height, width, channels, dtype, split },
    classCounts,
    classNames,
    splits: { train: dataset.splits.train.count, test: dataset.splits.test?.count ?? 0 },
    pixels: channelMoments(summary),
    sha256: hash.digest('hex'),
    firstLabels,
    warnings
  }
}

/** The store is little-endian, and so is every machine that libtensorflow is built for. */
function littleEndian(pixels: PixelArray): Uint8Array {
  return new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength)
}
