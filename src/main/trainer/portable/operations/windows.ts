import type { Padding } from '../../../../core/network/layers/builder'

/** Places outside the image before its first row or column, as TensorFlow pads: the odd one comes behind. */
export function paddedBefore(
  size: number,
  stride: number,
  padding: Padding,
  length: number,
  places: number
): number {
  if (padding === 'valid') return 0
  return Math.floor(Math.max((places - 1) * stride + size - length, 0) / 2)
}
