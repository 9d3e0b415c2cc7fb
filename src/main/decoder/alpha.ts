import type { PictureOptions, Remark } from '../../core/format/pictures'

type Values = Uint8Array | Uint16Array | Float32Array

/** The value of full opacity, and of white. */
const fullOf = (values: Values): number =>
  values instanceof Uint8Array ? 255 : values instanceof Uint16Array ? 65535 : 1

/**
 * The colours of pixels whose last channel is alpha, in the same memory: a copy of a large picture
 * costs as much memory as the picture. Before a background they are composited on it, each value
 * rounded to the nearest; else they stay as stored.
 */
export function withoutAlpha<T extends Values>(
  values: T,
  channels: number,
  background: PictureOptions['background']
): T {
  const pixels = values.length / (channels + 1)
  const full = fullOf(values)
  const behind = background === 'white' ? full : 0
  const half = values instanceof Float32Array ? 0 : 0.5
  for (let pixel = 0; pixel < pixels; pixel++) {
    const from = pixel * (channels + 1)
    const alpha = background === undefined ? full : values[from + channels]!
    for (let channel = 0; channel < channels; channel++) {
      const value = values[from + channel]!
      values[pixel * channels + channel] =
        alpha === full ? value : (value * alpha + behind * (full - alpha)) / full + half
    }
  }
  return values.subarray(0, pixels * channels) as T
}

export function alphaRemark(background: PictureOptions['background']): Remark {
  return { kind: `alpha-${background ?? 'dropped'}` }
}
