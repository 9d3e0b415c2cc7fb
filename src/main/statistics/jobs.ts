import { BYTES_PER_PIXEL, featuresOf, pixelView } from '../../core/dataset/dataset'
import type { Dataset, PixelArray, SplitName } from '../../core/dataset/dataset'
import type { Distribution } from '../../core/preprocessing/distribution'
import { appliedTo } from '../../core/preprocessing/applied'
import {
  distributionFromImages,
  extentOf,
  tallyOf
} from '../../core/preprocessing/image-distribution'
import { fit } from '../../core/preprocessing/fit'
import { scaleImages } from '../../core/preprocessing/image-constants'
import type { LevelRange } from '../../core/preprocessing/image-constants'
import { countLevels, levelRange } from '../../core/preprocessing/image-levels'
import type { LevelCounts, PartFrame } from '../../core/preprocessing/image-levels'
import { formRecord } from '../../core/preprocessing/forms/forms'
import { imageMomentsOf, joinMoments } from '../../core/preprocessing/image-moments'
import type { ChoiceSpec, FittedPreprocessing } from '../../core/preprocessing/preprocessing'
import { addProducts, emptyCovariance } from '../../core/statistics/covariance'
import type { Band } from '../../core/statistics/covariance'
import type { Extent, Tally } from '../../core/statistics/counting/tally'
import type { ImageSums } from '../../core/statistics/image-sums'
import type { Kernels, ScaledImages } from '../../core/statistics/kernels/kernels'
import type { MomentRows } from '../../core/statistics/moments'
import { ordered } from '../../core/statistics/ordered'
import { addImages, createSummary } from '../../core/statistics/summary'
import type { Summary } from '../../core/statistics/summary'
import type { Covariance, SummaryShape } from '../../core/statistics/summary-types'
import { readRows, readRowsAt, readRowsSync, shorter } from '../data/rows'
import { readAtSync } from '../disk/files'
import type { TeamKernels } from './wasm-kernels'
import { pickRows } from './picked-rows'
import { pixelChunks } from './pixel-chunks'
import { eachSlice } from './slices'
import type { RowsOf } from './slices'

/** What a job works with. */
export interface JobTools {
  readonly kernels: Kernels
  /** where threads can run them together */
  readonly team?: TeamKernels | undefined
  /** memory that pixels are read into by a thread that does one job at a time, and waits for the file */
  readonly room?: Kernels['room'] | undefined
  /** memory that such a thread counts in */
  readonly counts?: Kernels['counts'] | undefined
  /** told the share that is done; throws where the job is cancelled */
  readonly onStep?: ((share: number) => void) | undefined
}

/** Some images of a split, by their places in it. */
export interface SomeRows {
  readonly dataset: Dataset
  readonly split: SplitName
  readonly rows: Int32Array
}

/** As SomeRows, or images one after the other. */
interface PartRows extends Omit<SomeRows, 'rows'> {
  readonly rows: RowsOf
}

/** Images one after the other. */
export interface SomeRange {
  readonly dataset: Dataset
  readonly split: SplitName
  readonly start: number
  readonly count: number
}

/** Images of bytes in a file that more are written to. */
interface SomeDecoded {
  readonly path: string
  /** descriptor */
  readonly file: number
  readonly shape: SummaryShape
  readonly start: number
  readonly count: number
  /** counts of each pixel's bytes, added to in shared memory: nobody else adds to them meanwhile */
  readonly table: Uint32Array
  /** where to put what is said of each image, shared memory */
  readonly images: ImageSums
  /** one number in shared memory: not 0 once nobody wants them any more */
  readonly stop: Int32Array
}

/** Values that are counted at once and lie in memory meanwhile: counters near the processor are emptied as seldom. */
const SUMMARY_SLICE = 1_500_000
/** Images that are at hand at once after a choice. */
const APPLIED_AT_ONCE = 250
/** Images whose products are added between two looks at whether the job is still wanted. */
const COVARIANCE_SLICE = 2048

/**
 * Work that takes more than a moment, each a function of plain data to plain data, with the inner
 * loops it is to use: done where it is asked for, or in a thread of the statistics.
 */
export const JOBS = {
  /** `into`: where the stored values of the images go */
  async read(
    asked: SomeRows & { readonly into: Uint8Array },
    { room }: Pick<JobTools, 'room'>
  ): Promise<void> {
    const { dataset, split, rows, into } = asked
    if (room) pickRows(dataset, split, rows, into, room)
    else await readRowsAt(dataset, split, rows, () => into)
  },

  /** `images`: where to put what is said of each image, shared memory; default memory of its own */
  async summary(
    asked: PartRows & { readonly images?: ImageSums },
    { kernels, room, counts }: JobTools
  ): Promise<Summary> {
    const { dataset, split, rows } = asked
    const summary = createSummary(dataset)
    Object.assign(summary.images, asked.images)
    const { featureCounts } = summary
    const counted = featureCounts && counts?.(featureCounts.length)
    if (counted) summary.featureCounts = counted
    const slice = SUMMARY_SLICE / featuresOf(dataset)
    const take = (pixels: PixelArray, count: number): void =>
      addImages(summary, pixels, count, kernels)
    await eachSlice(dataset, split, rows, slice, take, room)
    if (counted) {
      featureCounts.set(counted)
      summary.featureCounts = featureCounts
    }
    return summary
  },

  /** As `summary`, into memory that is there. */
  decoded(asked: SomeDecoded, { kernels }: JobTools): void {
    const { path, file, shape, start, count, table, images, stop } = asked
    const counts = kernels.counts(table.length)
    counts.set(table)
    const summary: Summary = { shape, count: 0, images, featureCounts: counts }
    const features = featuresOf(shape)
    const slice = Math.max(1, Math.floor(SUMMARY_SLICE / features))
    for (let at = start; at < start + count && Atomics.load(stop, 0) === 0; at += slice) {
      const some = Math.min(slice, start + count - at)
      const pixels = kernels.room(some * features)
      const read = readAtSync(file, at * features, pixels)
      if (read < pixels.length) throw shorter(path, at * features, pixels.length, read)
      addImages(summary, pixels, some, kernels)
    }
    table.set(counts)
  },

  /** `products`: zeros in shared memory, where those of the band go */
  covariance(
    asked: {
      readonly features: number
      readonly pixels: PixelArray
      readonly band: Band
      readonly products: Float64Array
    },
    { kernels, onStep }: JobTools
  ): Covariance {
    const { features, pixels, band, products } = asked
    const covariance = emptyCovariance(features, band, products)
    const images = pixels.length / features
    if (pixels instanceof Uint8Array) {
      kernels.addByteProducts(covariance, pixels, images, band, onStep)
      return covariance
    }
    for (let at = 0; at < images; at += COVARIANCE_SLICE) {
      const to = Math.min(images, at + COVARIANCE_SLICE)
      addProducts(covariance, pixels.subarray(at * features, to * features), to - at, 1, band)
      onStep?.(to / images)
    }
    return covariance
  },

  /** `memory`: where others assist */
  fit(
    asked: {
      readonly choice: ChoiceSpec
      readonly summary: Summary
      readonly mean: Float64Array
      readonly memory?: WebAssembly.Memory
    },
    { kernels, team, onStep }: JobTools
  ): FittedPreprocessing {
    const { choice, summary, mean, memory } = asked
    const together = memory && team?.fittingIn(memory)
    return fit(choice, summary, { kernels: together ?? kernels, mean, onStep })
  },

  /** Does parts of what another job does in a memory, so many at most, until it is over. */
  assist(
    { memory, most }: { readonly memory: WebAssembly.Memory; readonly most: number },
    { team }: JobTools
  ): void {
    team?.assistIn(memory, most)
  },

  /** `into`: where the images go after the choice, in double precision; what a first look at them finds */
  async applied(
    asked: SomeRows & { readonly fitted: FittedPreprocessing; readonly into: Float64Array },
    { kernels, room }: JobTools
  ): Promise<Extent> {
    const { dataset, split, rows, fitted, into } = asked
    const stored = new Uint8Array(into.length * BYTES_PER_PIXEL[dataset.dtype])
    await JOBS.read({ dataset, split, rows, into: stored }, { room })
    appliedTo(fitted, pixelView(stored, dataset.dtype), kernels, into)
    return extentOf(fitted, into, kernels)
  },

  /** of some images after the choice, in bins over the extent of all */
  tallied(
    asked: {
      readonly fitted: FittedPreprocessing
      readonly values: Float64Array
      readonly extent: Extent
      readonly bins?: number | undefined
    },
    { kernels }: JobTools
  ): Tally {
    const { fitted, values, extent, ...options } = asked
    return tallyOf(fitted, values, extent, kernels, options)
  },

  /** See its namesake; `into`: shared memory. */
  scaleImages(
    asked: {
      readonly fitted: FittedPreprocessing
      readonly images: ImageSums
      readonly into: ScaledImages
    },
    { kernels }: JobTools
  ): LevelRange {
    return scaleImages(asked.fitted, asked.images, asked.into, kernels)
  },

  async levelRange(
    asked: SomeRange & { readonly fitted: FittedPreprocessing },
    { room }: JobTools
  ): Promise<LevelRange> {
    return levelRange(asked.fitted, await bytesOf(asked, room))
  },

  async levelCounts(
    asked: SomeRange & { readonly frames: readonly PartFrame[] },
    { kernels, room }: JobTools
  ): Promise<readonly LevelCounts[]> {
    return countLevels(await bytesOf(asked, room), asked.frames, kernels)
  },

  ordered(asked: {
    readonly indices: Uint32Array
    readonly keys: Float64Array | Int32Array
    readonly descending: boolean
  }): Promise<Uint32Array> {
    return Promise.resolve(ordered(asked.indices, asked.keys, asked.descending))
  },

  distribution(
    asked: {
      readonly dataset: Dataset
      readonly splits: readonly SplitName[]
      readonly fitted: FittedPreprocessing
      readonly count: number
      readonly bins?: number | undefined
    },
    { kernels, onStep }: JobTools
  ): Promise<Distribution> {
    const { dataset, splits, fitted, count, ...options } = asked
    const values = count * featuresOf(dataset)
    let pass = 0
    const images = async function* (): AsyncGenerator<PixelArray> {
      let seen = 0
      for await (const chunk of pixelChunks(dataset, splits)) {
        yield chunk
        seen += chunk.length
        onStep?.((pass + seen / values) / 2)
      }
      pass = 1
    }
    return distributionFromImages(fitted, images, count, { ...options, kernels })
  },

  async imageMoments(
    asked: SomeRange & { readonly fitted: FittedPreprocessing },
    { kernels, room, onStep }: JobTools
  ): Promise<MomentRows> {
    const { dataset, count, fitted } = asked
    const pixels = await pixelsOf(asked, room)
    if (formRecord(fitted.form).affine) return imageMomentsOf(fitted, pixels, kernels)
    const features = featuresOf(dataset)
    const found: MomentRows[] = []
    for (let at = 0; at < count; at += APPLIED_AT_ONCE) {
      const to = Math.min(count, at + APPLIED_AT_ONCE)
      const some = pixels.subarray(at * features, to * features)
      found.push(imageMomentsOf(fitted, some, kernels))
      onStep?.(to / count)
    }
    return joinMoments(found)
  }
}

function pixelsOf(
  { dataset, split, start, count }: SomeRange,
  room: JobTools['room']
): PixelArray | Promise<PixelArray> {
  return room
    ? readRowsSync(dataset, split, start, count, room)
    : readRows(dataset, split, start, count)
}

async function bytesOf(range: SomeRange, room: JobTools['room']): Promise<Uint8Array> {
  const pixels = await pixelsOf(range, room)
  if (pixels instanceof Uint8Array) return pixels
  throw new TypeError(`The images have ${range.dataset.dtype} values, not bytes.`)
}
