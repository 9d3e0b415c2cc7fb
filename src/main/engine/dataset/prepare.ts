import { BYTES_PER_PIXEL, featuresOf, pixelView } from '../../../core/dataset/dataset'
import type { Dataset, PixelArray, SplitName } from '../../../core/dataset/dataset'
import type { RunConfig } from '../../../core/network/config'
import { withInput } from '../../../core/preprocessing/apply'
import { choiceRecord } from '../../../core/preprocessing/choices'
import { fit } from '../../../core/preprocessing/fit'
import { formRecord } from '../../../core/preprocessing/forms/forms'
import { AS_CHOSEN } from '../../../core/preprocessing/input'
import { inputSummary, sampledInputSummary } from '../../../core/preprocessing/input-summary'
import type { ChoiceSpec, FittedPreprocessing } from '../../../core/preprocessing/preprocessing'
import {
  checkFeatures,
  covarianceBands,
  covarianceStride,
  emptyCovariance
} from '../../../core/statistics/covariance'
import { createImageSums, reserveImages, roomOf } from '../../../core/statistics/image-sums'
import { featureMoments } from '../../../core/statistics/moments'
import { absorb, createSummary } from '../../../core/statistics/summary'
import type { Summary } from '../../../core/statistics/summary'
import { readRowsAt } from '../../data/rows'
import { coresHere } from '../../processes/cores'
import type { PreparedRun } from '../runs/record'
import { checkFinite } from './finite'
import { countedAhead } from './counts-ahead'
import { inOrder, rangeParts, rowParts, sharedRoom, workTogether } from './parts'
import { rowsOf } from './fit-rows'
import { imagesIn } from '../../statistics/slices'
import type { SomeRows } from '../../statistics/jobs'
import type { FitImages } from '../../statistics/slices'

/** One pass over a split. */
export async function summarise(
  dataset: Dataset,
  split: 'train' | 'test',
  images: FitImages = {}
): Promise<Summary> {
  const whole = images.limit === undefined && images.classes === undefined
  const summary = (whole && (await countedAhead(dataset, split))) || createSummary(dataset)
  const parts = whole
    ? rangeParts(dataset, [split], summary.count).map(({ start, count }) => ({
        dataset,
        split,
        rows: { start, count }
      }))
    : rowParts(dataset, split, await rowsOf(dataset, split, images))
  const count = parts.reduce((sum, { rows }) => sum + imagesIn(rows), 0)
  if (summary.count === 0) reserveImages(summary.images, count)
  let start = summary.count
  const jobs = parts.map((part) => {
    const room = roomOf(summary.images, start)
    start += imagesIn(part.rows)
    return { ...part, images: room }
  })
  // what is said of each image is in its place already
  await inOrder('summary', jobs, count * featuresOf(dataset), (found) => absorb(summary, found))
  return summary
}

/** A choice fitted on the training images, with a second pass where it needs the covariance. */
export async function fitChoice(
  dataset: Dataset,
  choice: ChoiceSpec,
  summary: Summary,
  images: FitImages = {}
): Promise<FittedPreprocessing> {
  if (choiceRecord(choice.id).needs !== 'covariance') return fit(choice, summary)
  const features = featuresOf(dataset)
  checkFeatures(features)
  const rows = await rowsOf(dataset, 'train', images)
  // every n-th image, so that sets sorted by class are seen whole
  const every = covarianceStride(rows.length)
  const taken = rows.filter((_, at) => at % every === 0)
  const pixels = await readTogether(dataset, 'train', taken)
  // threads put their bands into it
  const products = new Float64Array(sharedRoom(features ** 2 * 8).buffer)
  const covariance = emptyCovariance(features, undefined, products)
  const bands = covarianceBands(features, coresHere())
  const counted = inOrder(
    'covariance',
    bands.map((band) => ({
      ...{ features, pixels, band },
      products: products.subarray(band.from * features, band.to * features)
    })),
    (taken.length * features ** 2) / bands.length,
    ({ count, sum }) => {
      covariance.count = covariance.offered = count
      covariance.sum.set(sum)
    }
  )
  // meanwhile
  const { mean } = featureMoments(summary)
  await counted
  // what is said of each image is of no use to a fit
  const whole = { ...summary, images: createImageSums(), covariance }
  return workTogether('fit', { choice, summary: whole, mean }, features ** 3)
}

/** Images by their places, read by all threads into memory that each of them can see. */
async function readTogether(
  dataset: Dataset,
  split: SplitName,
  rows: Int32Array
): Promise<PixelArray> {
  const bytes = featuresOf(dataset) * BYTES_PER_PIXEL[dataset.dtype]
  const room = sharedRoom(rows.length * bytes)
  const size = Math.ceil(rows.length / coresHere())
  const parts: (SomeRows & { into: Uint8Array })[] = []
  for (let at = 0; at < rows.length; at += size) {
    const some = rows.slice(at, at + size)
    const into = room.subarray(at * bytes, (at + some.length) * bytes)
    parts.push({ dataset, split, rows: some, into })
  }
  await inOrder('read', parts, room.length, () => undefined)
  return pixelView(room, dataset.dtype)
}

/** Images that an input is described by where counts do not say it all. */
const DESCRIBED_IMAGES = 500
/** Products of D x D multiplications for the same. */
const DESCRIBED_PRODUCTS = 100_000_000

/** A run's choice fitted on the images it trains on, and what the network is given by it. */
export async function prepareRun(
  dataset: Dataset,
  config: Pick<RunConfig, 'choice' | 'limit' | 'classes' | 'testChoices'> &
    Partial<Pick<RunConfig, 'input'>>,
  train: Summary,
  test: Summary | undefined
): Promise<PreparedRun> {
  const preprocessing = await fitChoice(dataset, config.choice, train, config)
  const testPreprocessings: FittedPreprocessing[] = []
  for (const choice of config.testChoices ?? []) {
    testPreprocessings.push(await fitChoice(dataset, choice, train, config))
  }
  const { input = AS_CHOSEN, classes } = config
  const given = withInput(preprocessing, input)
  await checkFinite(dataset, 'train', given, train, config)
  if (test) {
    for (const each of [given, ...testPreprocessings.map((one) => withInput(one, input))]) {
      await checkFinite(dataset, 'test', each, test, { classes })
    }
  }
  const prepared = { preprocessing, testPreprocessings }
  const counted = inputSummary(given, train, test)
  if (counted || train.count === 0) return { ...prepared, inputSummary: counted }
  const rows = await rowsOf(dataset, 'train', config)
  const products = formRecord(preprocessing.form).cost === 'products'
  const most = products
    ? Math.max(1, Math.floor(DESCRIBED_PRODUCTS / featuresOf(dataset) ** 2))
    : DESCRIBED_IMAGES
  const every = Math.max(1, Math.ceil(rows.length / most))
  const pixels = await readRowsAt(
    dataset,
    'train',
    rows.filter((_, at) => at % every === 0)
  )
  return {
    ...prepared,
    inputSummary: sampledInputSummary(given, pixels, train, test)
  }
}
