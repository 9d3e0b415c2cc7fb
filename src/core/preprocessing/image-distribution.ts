import { featuresOf } from '../dataset/dataset'
import type { PixelArray } from '../dataset/dataset'
import { grouped } from '../numbers'
import { createExtent, createTally, extendByImage, tallyImage } from '../statistics/counting/tally'
import type { Extent, Tally } from '../statistics/counting/tally'
import type { Kernels } from '../statistics/kernels/kernels'
import { PLAIN_KERNELS } from '../statistics/kernels/plain'
import type { Summary } from '../statistics/summary'
import { applier } from './apply'
import { appliedTo } from './applied'
import { DEFAULT_BINS, distribution, finish } from './distribution'
import type { Distribution, DistributionOptions } from './distribution'
import { formRecord } from './forms/forms'
import type { FittedPreprocessing } from './preprocessing'

/** Images that a distribution is taken from where each costs D x D multiplications. */
const SAMPLED_IMAGES = 2000

/** The images of a split, from the start each time it is called, in chunks of whole images. */
type ImageChunks = () => AsyncIterable<PixelArray> | Iterable<PixelArray>

/** Where every n-th image is looked at, n; undefined where all are. */
export function sampleStride({ form }: FittedPreprocessing, count: number): number | undefined {
  if (formRecord(form).cost !== 'products') return undefined
  return Math.max(1, Math.ceil(count / SAMPLED_IMAGES))
}

/**
 * The distribution by two passes over the images: the first finds the extent, the second counts.
 * Exact but for whitening, which looks at every n-th image so as to end in seconds, and says so.
 * `count`: images in all. Throws `no-images`, `non-finite-value`.
 */
export async function distributionFromImages(
  fitted: FittedPreprocessing,
  images: ImageChunks,
  count: number,
  options: DistributionOptions & {
    readonly signal?: AbortSignal
    readonly kernels?: Pick<Kernels, 'symmetricTimes' | 'extendByImages' | 'tallyValues'>
  } = {}
): Promise<Distribution> {
  const { bins = DEFAULT_BINS, signal, kernels = PLAIN_KERNELS } = options
  const features = featuresOf(fitted)
  const { channels } = fitted
  const every = sampleStride(fitted, count)

  async function through(use: (image: PixelArray) => void): Promise<void> {
    let index = 0
    for await (const chunk of images()) {
      signal?.throwIfAborted()
      for (const image of wholeImages(chunk, features)) if (index++ % (every ?? 1) === 0) use(image)
    }
  }

  if (every !== undefined) {
    const stored = new Float64Array(Math.ceil(count / every) * features)
    let seen = 0
    await through((image) => stored.set(image, seen++ * features))
    const values = appliedTo(fitted, stored.subarray(0, seen * features), kernels)
    const extent = extentOf(fitted, values, kernels)
    const tally = tallyOf(fitted, values, extent, kernels, { bins })
    return sampledDistribution(fitted, extent, tally, count)
  }
  const apply = applier(fitted)
  const values = new Float64Array(features)
  const extent = createExtent(features, channels)
  await through((image) => {
    apply(image, values)
    extendByImage(extent, values, channels)
  })
  const tally = createTally(extent, bins)
  await through((image) => {
    apply(image, values)
    tallyImage(tally, values, channels)
  })
  return finish(fitted, extent, tally)
}

/** A first look at images after a choice. */
export function extentOf(
  fitted: FittedPreprocessing,
  values: Float64Array,
  kernels: Pick<Kernels, 'extendByImages'>
): Extent {
  const extent = createExtent(featuresOf(fitted), fitted.channels)
  kernels.extendByImages(extent, values, fitted.channels)
  return extent
}

/** A second look at them, or at some of them, in bins over the extent of all. */
export function tallyOf(
  fitted: FittedPreprocessing,
  values: Float64Array,
  extent: Extent,
  kernels: Pick<Kernels, 'tallyValues'>,
  { bins = DEFAULT_BINS }: DistributionOptions = {}
): Tally {
  const tally = createTally(extent, bins)
  kernels.tallyValues(tally, values, values.length / featuresOf(fitted))
  return tally
}

/** What both looks at a sample found; `count`: images that it was taken from. */
export function sampledDistribution(
  fitted: FittedPreprocessing,
  extent: Extent,
  tally: Tally,
  count: number
): Distribution {
  const seen = (extent.counts[0]! * fitted.channels) / featuresOf(fitted)
  const every = sampleStride(fitted, count) ?? 1
  const sampled =
    every > 1
      ? `From ${grouped(seen)} of ${grouped(count)} images, every ${ordinal(every)}.`
      : undefined
  return finish(fitted, extent, tally, { sampled })
}

/** From counts where that can be, else from the images. */
export async function measureDistribution(
  fitted: FittedPreprocessing,
  summary: Summary,
  images: ImageChunks,
  options: DistributionOptions & { readonly signal?: AbortSignal } = {}
): Promise<Distribution> {
  return (
    distribution(fitted, summary, options) ??
    distributionFromImages(fitted, images, summary.count, options)
  )
}

function* wholeImages<Values extends PixelArray | Float64Array>(
  chunk: Values,
  features: number
): Generator<Values> {
  for (let start = 0; start + features <= chunk.length; start += features) {
    yield chunk.subarray(start, start + features) as Values
  }
}

function ordinal(n: number): string {
  const last = n % 100 >= 11 && n % 100 <= 13 ? 0 : n % 10
  return `${n}${['th', 'st', 'nd', 'rd'][last] ?? 'th'}`
}
