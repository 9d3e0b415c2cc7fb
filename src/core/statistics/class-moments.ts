import type { MomentRows } from './moments'

/** Of each class, in the order of the classes; NaN for a class without images. */
export interface ClassMoments {
  readonly mean: Float64Array
  /** population */
  readonly std: Float64Array
}

/** Moments of all values of the images of each class, from those of each image. */
export function classMoments(
  images: Pick<MomentRows, 'mean' | 'std'>,
  labels: ArrayLike<number>,
  classes: number
): ClassMoments {
  const { mean: means, std: stds } = images
  const count = new Float64Array(classes)
  const mean = new Float64Array(classes)
  const variance = new Float64Array(classes)
  for (let image = 0; image < labels.length; image++) {
    const label = labels[image]!
    count[label] = count[label]! + 1
    mean[label] = mean[label]! + means[image]!
  }
  for (let label = 0; label < classes; label++) mean[label] = mean[label]! / count[label]!
  for (let image = 0; image < labels.length; image++) {
    const label = labels[image]!
    const apart = means[image]! - mean[label]!
    // within the images and between them
    variance[label] = variance[label]! + stds[image]! ** 2 + apart * apart
  }
  return { mean, std: variance.map((sum, label) => Math.sqrt(sum / count[label]!)) }
}
