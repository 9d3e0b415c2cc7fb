import { featuresOf } from '../dataset/dataset'
import { applier } from './apply'
import { formRecord } from './forms/forms'
import type { FittedPreprocessing } from './preprocessing'
import { wholeImages } from './distribution'
import type { ImageChunks } from './distribution'
import { momentsOf } from '../statistics/moments'
import type { MomentRows, Moments } from '../statistics/moments'

/**
 * Mean and std of each image after a choice, from those of the stored values; undefined where one
 * shift and one scale do not say it all, then use `imageMomentsFromImages`.
 */
export function transformedImageMoments(
  { form }: FittedPreprocessing,
  { mean, std, min, max }: MomentRows
): MomentRows | undefined {
  const constants = formRecord(form).affine?.(form)
  if (!constants || constants.centre.length > 1 || constants.divisor.length > 1) return undefined
  const centre = constants.centre[0]!
  const divisor = constants.divisor[0]!
  const map = (value: number): number => (value - centre) / divisor
  return {
    mean: mean.map(map),
    std: std.map((value) => value / Math.abs(divisor)),
    min: (divisor > 0 ? min : max).map(map),
    max: (divisor > 0 ? max : min).map(map)
  }
}

/** The same by one pass over the images; every n-th image only where `every` is given. */
export async function imageMomentsFromImages(
  fitted: FittedPreprocessing,
  images: ImageChunks,
  { every = 1, signal }: { readonly every?: number; readonly signal?: AbortSignal } = {}
): Promise<MomentRows> {
  const features = featuresOf(fitted)
  const apply = applier(fitted)
  const values = new Float64Array(features)
  const moments: Moments[] = []
  let index = 0
  for await (const chunk of images()) {
    signal?.throwIfAborted()
    for (const image of wholeImages(chunk, features)) {
      if (index++ % every !== 0) continue
      apply(image, values)
      moments.push(momentsOf(values))
    }
  }
  const row = (key: keyof Moments) => Float64Array.from(moments, (one) => one[key])
  return { mean: row('mean'), std: row('std'), min: row('min'), max: row('max') }
}
