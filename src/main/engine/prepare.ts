import { featuresOf } from '../../core/dataset/dataset'
import type { Dataset } from '../../core/dataset/dataset'
import type { RunConfig } from '../../core/network/config'
import { fit } from '../../core/preprocessing/fit'
import type { ChoiceSpec, FittedPreprocessing } from '../../core/preprocessing/preprocessing'
import { addImages, createSummary } from '../../core/statistics/summary'
import type { Summary } from '../../core/statistics/summary'
import { readLabels, readRows, readRowsAt } from '../data/rows'
import { breathe } from './breathe'

/** Values of one slice of counting, some 10 ms; between two slices other work gets its turn. */
const SLICE_VALUES = 800_000
/** Products of one slice of the covariance, some 20 ms. */
const SLICE_PRODUCTS = 16_000_000
/** Whitening needs the covariance of all pairs of pixels: so many images are enough and take seconds. */
export const COVARIANCE_IMAGES = 10_000

/** The images a preprocessing is fitted on: those that a run trains on. */
export type FitImages = Pick<RunConfig, 'limit' | 'classes'>

export interface SummariseOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: (fraction: number) => void
  /** also the covariance, over the first COVARIANCE_IMAGES images */
  readonly covariance?: boolean
}

/** One pass over a split. */
export async function summarise(
  dataset: Dataset,
  split: 'train' | 'test',
  images: FitImages = {},
  { signal, onProgress, covariance = false }: SummariseOptions = {}
): Promise<Summary> {
  const summary = createSummary(dataset, { covariance })
  const rows = await rowsOf(dataset, split, images)
  const labels = await readLabels(dataset, split)
  const total = covariance ? Math.min(rows.length, COVARIANCE_IMAGES) : rows.length
  const features = featuresOf(dataset)
  const slice = covariance ? SLICE_PRODUCTS / features ** 2 : SLICE_VALUES / features
  const chunk = Math.max(1, Math.floor(slice))
  for (let at = 0; at < total; at += chunk) {
    signal?.throwIfAborted()
    const part = rows.subarray(at, Math.min(total, at + chunk))
    const pixels = isRange(part)
      ? await readRows(dataset, split, part[0]!, part.length)
      : await readRowsAt(dataset, split, part)
    addImages(
      summary,
      pixels,
      part.length,
      Int32Array.from(part, (row) => labels[row]!)
    )
    onProgress?.((at + part.length) / total)
    await breathe()
  }
  return summary
}

/** A choice fitted on the training images; whitening makes its own pass for the covariance. */
export async function fitChoice(
  dataset: Dataset,
  choice: ChoiceSpec,
  summary: Summary,
  images: FitImages = {}
): Promise<FittedPreprocessing> {
  if (choice.id !== 'whitened') return fit(choice, summary)
  return fit(choice, await summarise(dataset, 'train', images, { covariance: true }))
}

async function rowsOf(
  dataset: Dataset,
  split: 'train' | 'test',
  { limit, classes }: FitImages
): Promise<Int32Array> {
  const count = dataset.splits[split]?.count ?? 0
  const most = Math.min(count, limit ?? count)
  if (!classes) return Int32Array.from({ length: most }, (_, row) => row)
  const labels = await readLabels(dataset, split)
  const kept: number[] = []
  labels.forEach((label, row) => {
    if (kept.length < most && classes.includes(label)) kept.push(row)
  })
  return Int32Array.from(kept)
}

function isRange(rows: Int32Array): boolean {
  return rows.length > 0 && rows[rows.length - 1]! - rows[0]! === rows.length - 1
}
