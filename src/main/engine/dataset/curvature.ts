import { featuresOf } from '../../../core/dataset/dataset'
import type { Dataset } from '../../../core/dataset/dataset'
import { applier } from '../../../core/preprocessing/apply'
import type { FittedPreprocessing } from '../../../core/preprocessing/preprocessing'
import {
  addProducts,
  emptyCovariance,
  IMAGES_FOR_COVARIANCE
} from '../../../core/statistics/covariance'
import { curvatureOf, largestEigenvalue, secondMoments } from '../../../core/statistics/curvature'
import type { Curvature } from '../../../core/statistics/curvature'
import { eigenvaluesInSteps } from '../../../core/statistics/eigen'
import { yieldToEventLoop } from '../../processes/event-loop'
import { rowsOf } from './fit-rows'
import { eachSlice, SLICE_PRODUCTS } from '../../statistics/slices'
import type { FitImages } from '../../statistics/slices'

/** Values an image may have for all eigenvalues to be found between calls. */
const MAX_FEATURES_FOR_ALL = 1200
/** Values of images that are kept at once: as float32, 64 MB. */
const KEPT_VALUES = 16_000_000
/** Time that others wait for one slice. */
const SLICE_MS = 20

/**
 * Curvature of the first layer's input under a fitted choice, from every n-th of the training images:
 * all eigenvalues where an image has few values, else the largest.
 */
export async function measureCurvature(
  dataset: Dataset,
  fitted: FittedPreprocessing,
  images: FitImages = {}
): Promise<Curvature> {
  const features = featuresOf(dataset)
  const small = features <= MAX_FEATURES_FOR_ALL
  const most = small ? IMAGES_FOR_COVARIANCE : Math.floor(KEPT_VALUES / features)
  const rows = await rowsOf(dataset, 'train', images)
  const every = Math.max(1, Math.ceil(rows.length / Math.max(1, most)))
  const taken = rows.filter((_, at) => at % every === 0)
  return small ? allOf(dataset, fitted, taken) : largestOf(dataset, fitted, taken)
}

async function allOf(
  dataset: Dataset,
  fitted: FittedPreprocessing,
  rows: Int32Array
): Promise<Curvature> {
  const features = featuresOf(dataset)
  const sums = emptyCovariance(features)
  await eachImage(dataset, fitted, rows, SLICE_PRODUCTS / features ** 2, (values, count) =>
    addProducts(sums, values, count)
  )
  const eigenvalues = eigenvaluesInSteps(secondMoments(sums), features + 1)
  for (let began = performance.now(); ;) {
    const { done, value } = eigenvalues.next()
    if (done) return curvatureOf(value, rows.length)
    if (performance.now() - began < SLICE_MS) continue
    await yieldToEventLoop()
    began = performance.now()
  }
}

async function largestOf(
  dataset: Dataset,
  fitted: FittedPreprocessing,
  rows: Int32Array
): Promise<Curvature> {
  const features = featuresOf(dataset)
  const kept = new Float32Array(rows.length * features)
  const slice = Math.max(1, Math.floor(SLICE_PRODUCTS / 2 / features))
  let seen = 0
  await eachImage(dataset, fitted, rows, slice, (values, count) => {
    kept.set(values, seen * features)
    seen += count
  })
  // E[x x^T] v, image by image
  const times = async (vector: Float64Array): Promise<Float64Array> => {
    const sum = new Float64Array(features + 1)
    for (let image = 0; image < rows.length; image++) {
      if (image % slice === 0) await yieldToEventLoop()
      const at = image * features
      let dot = vector[features]!
      for (let f = 0; f < features; f++) dot += kept[at + f]! * vector[f]!
      dot /= rows.length
      for (let f = 0; f < features; f++) sum[f] = sum[f]! + dot * kept[at + f]!
      sum[features] = sum[features]! + dot
    }
    return sum
  }
  const largest = await largestEigenvalue(features + 1, times)
  return { largest, inputs: features + 1, images: rows.length }
}

/** The rows as the network gets them, some at a time. */
async function eachImage(
  dataset: Dataset,
  fitted: FittedPreprocessing,
  rows: Int32Array,
  slice: number,
  take: (values: Float64Array, count: number) => void
): Promise<void> {
  const features = featuresOf(dataset)
  const apply = applier(fitted)
  await eachSlice(dataset, 'train', rows, slice, (pixels, count) => {
    const values = new Float64Array(count * features)
    for (let image = 0; image < count; image++) {
      const at = image * features
      apply(pixels.subarray(at, at + features), values, at)
    }
    take(values, count)
  })
}
