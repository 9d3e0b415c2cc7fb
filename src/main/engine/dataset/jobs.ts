import { featuresOf } from '../../../core/dataset/dataset'
import type { Dataset, PixelArray, SplitName } from '../../../core/dataset/dataset'
import { distributionFromImages } from '../../../core/preprocessing/distribution'
import type { Distribution } from '../../../core/preprocessing/distribution'
import { fit } from '../../../core/preprocessing/fit'
import { countLevels, levelRange } from '../../../core/preprocessing/image-levels'
import type { LevelCounts, LevelFrame, LevelRange } from '../../../core/preprocessing/image-levels'
import { imageMomentsOf } from '../../../core/preprocessing/image-moments'
import type { ChoiceSpec, FittedPreprocessing } from '../../../core/preprocessing/preprocessing'
import { addProducts, emptyCovariance } from '../../../core/statistics/covariance'
import type { Band } from '../../../core/statistics/covariance'
import type { MomentRows } from '../../../core/statistics/moments'
import { addImages, createSummary } from '../../../core/statistics/summary'
import type { Summary } from '../../../core/statistics/summary'
import type { Covariance } from '../../../core/statistics/summary-types'
import { readRows } from '../../data/rows'
import { hashTold } from '../../disk/hash'
import type { HashedFile } from '../../disk/hash'
import { pixelChunks } from './pixel-chunks'
import { eachSlice, SLICE_VALUES } from './slices'

/** Some images of a split, by their places in it. */
export interface SomeRows {
  readonly dataset: Dataset
  readonly split: SplitName
  readonly rows: Int32Array
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

/** Images whose products are added at once, whatever else there is: so sums of floats do not differ. */
const COVARIANCE_SLICE = 1024

/**
 * Work that takes more than a moment, each a function of plain data to plain data: done where it is
 * asked for, or in a thread of the statistics.
 */
export const JOBS = {
  sha256({ path, offset, told }: HashAsked): Promise<HashedFile> {
    return hashTold(path, offset, told)
  },

  async summary({ dataset, split, rows }: SomeRows): Promise<Summary> {
    const summary = createSummary(dataset)
    const slice = SLICE_VALUES / featuresOf(dataset)
    await eachSlice(dataset, split, rows, slice, (pixels, count) =>
      addImages(summary, pixels, count)
    )
    return summary
  },

  async covariance(asked: SomeRows & { readonly band: Band }): Promise<Covariance> {
    const { dataset, split, rows, band } = asked
    const covariance = emptyCovariance(featuresOf(dataset), band)
    await eachSlice(dataset, split, rows, COVARIANCE_SLICE, (pixels, count) =>
      addProducts(covariance, pixels, count, 1, band)
    )
    return covariance
  },

  fit(asked: {
    readonly choice: ChoiceSpec
    readonly summary: Summary
  }): Promise<FittedPreprocessing> {
    return Promise.resolve(fit(asked.choice, asked.summary))
  },

  async levelRange(
    asked: SomeRange & { readonly fitted: FittedPreprocessing }
  ): Promise<LevelRange> {
    return levelRange(asked.fitted, await bytesOf(asked))
  },

  async levelCounts(
    asked: SomeRange & { readonly frames: readonly LevelFrame[] }
  ): Promise<readonly LevelCounts[]> {
    return countLevels(await bytesOf(asked), asked.frames)
  },

  distribution(asked: {
    readonly dataset: Dataset
    readonly splits: readonly SplitName[]
    readonly fitted: FittedPreprocessing
    readonly count: number
    readonly bins?: number
  }): Promise<Distribution> {
    const { dataset, splits, fitted, count, ...options } = asked
    return distributionFromImages(fitted, () => pixelChunks(dataset, splits), count, options)
  },

  async imageMoments(
    asked: SomeRange & { readonly fitted: FittedPreprocessing }
  ): Promise<MomentRows> {
    const { dataset, split, start, count, fitted } = asked
    return imageMomentsOf(fitted, await readRows(dataset, split, start, count))
  }
}

async function bytesOf({ dataset, split, start, count }: SomeRange): Promise<Uint8Array> {
  const pixels: PixelArray = await readRows(dataset, split, start, count)
  if (pixels instanceof Uint8Array) return pixels
  throw new TypeError(`The images have ${dataset.dtype} values, not bytes.`)
}
