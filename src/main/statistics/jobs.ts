import { featuresOf } from '../../core/dataset/dataset'
import type { Dataset, PixelArray, SplitName } from '../../core/dataset/dataset'
import { distributionFromImages } from '../../core/preprocessing/distribution'
import type { Distribution } from '../../core/preprocessing/distribution'
import { fit } from '../../core/preprocessing/fit'
import { countLevels, levelRange } from '../../core/preprocessing/image-levels'
import type { LevelCounts, LevelRange, PartFrame } from '../../core/preprocessing/image-levels'
import { imageMomentsOf } from '../../core/preprocessing/image-moments'
import type { ChoiceSpec, FittedPreprocessing } from '../../core/preprocessing/preprocessing'
import { addProducts, emptyCovariance } from '../../core/statistics/covariance'
import type { Band } from '../../core/statistics/covariance'
import type { ImageSums } from '../../core/statistics/image-sums'
import type { Kernels } from '../../core/statistics/kernels/kernels'
import type { MomentRows } from '../../core/statistics/moments'
import { ordered } from '../../core/statistics/ordered'
import { addImages, createSummary } from '../../core/statistics/summary'
import type { Summary } from '../../core/statistics/summary'
import type { Covariance } from '../../core/statistics/summary-types'
import { readRows } from '../data/rows'
import { hashTold } from '../disk/hash'
import type { HashedFile } from '../disk/hash'
import { pixelChunks } from './pixel-chunks'
import { eachSlice } from './slices'
import type { RowsOf } from './slices'

/** What a job works with. */
export interface JobTools {
  readonly kernels: Kernels
  /** memory that pixels are read into, of jobs that are done one at a time */
  readonly room?: Kernels['room'] | undefined
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

/** A file from an offset on. */
interface HashAsked {
  readonly path: string
  readonly offset: number
  /** shared memory, as `hashTold` has it */
  readonly told: Int32Array
}

/** Values that are counted at once and lie in memory meanwhile: tables are handed to the kernels and back as seldom. */
const SUMMARY_SLICE = 2_000_000
/** Images whose products are added at once, whatever else there is: so sums of floats do not differ. */
const COVARIANCE_SLICE = 1024

/**
 * Work that takes more than a moment, each a function of plain data to plain data, with the inner
 * loops it is to use: done where it is asked for, or in a thread of the statistics.
 */
export const JOBS = {
  sha256({ path, offset, told }: HashAsked): Promise<HashedFile> {
    return hashTold(path, offset, told)
  },

  /** `images`: where to put what is said of each image, shared memory; default memory of its own */
  async summary(
    asked: PartRows & { readonly images?: ImageSums },
    { kernels, room }: JobTools
  ): Promise<Summary> {
    const { dataset, split, rows } = asked
    const summary = createSummary(dataset)
    Object.assign(summary.images, asked.images)
    const slice = SUMMARY_SLICE / featuresOf(dataset)
    const take = (pixels: PixelArray, count: number): void =>
      addImages(summary, pixels, count, kernels)
    await eachSlice(dataset, split, rows, slice, take, room)
    return summary
  },

  async covariance(
    asked: SomeRows & { readonly band: Band },
    { kernels }: JobTools
  ): Promise<Covariance> {
    const { dataset, split, rows, band } = asked
    const covariance = emptyCovariance(featuresOf(dataset), band)
    await eachSlice(dataset, split, rows, COVARIANCE_SLICE, (pixels, count) => {
      if (pixels instanceof Uint8Array) kernels.addByteProducts(covariance, pixels, count, band)
      else addProducts(covariance, pixels, count, 1, band)
    })
    return covariance
  },

  fit(
    asked: { readonly choice: ChoiceSpec; readonly summary: Summary },
    { kernels }: JobTools
  ): Promise<FittedPreprocessing> {
    return Promise.resolve(fit(asked.choice, asked.summary, { kernels }))
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
      readonly bins?: number
    },
    { kernels }: JobTools
  ): Promise<Distribution> {
    const { dataset, splits, fitted, count, ...options } = asked
    const images = (): AsyncIterable<PixelArray> => pixelChunks(dataset, splits)
    return distributionFromImages(fitted, images, count, { ...options, kernels })
  },

  async imageMoments(
    asked: SomeRange & { readonly fitted: FittedPreprocessing },
    { kernels, room }: JobTools
  ): Promise<MomentRows> {
    const { dataset, split, start, count, fitted } = asked
    const pixels = await readRows(dataset, split, start, count, room)
    return imageMomentsOf(fitted, pixels, kernels)
  }
}

async function bytesOf(
  { dataset, split, start, count }: SomeRange,
  room: JobTools['room']
): Promise<Uint8Array> {
  const pixels = await readRows(dataset, split, start, count, room)
  if (pixels instanceof Uint8Array) return pixels
  throw new TypeError(`The images have ${dataset.dtype} values, not bytes.`)
}
