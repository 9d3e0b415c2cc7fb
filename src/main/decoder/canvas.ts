import type { Canvas } from '@napi-rs/canvas'
import { Damage } from './damage'
import type { ImageSize } from './damage'

/** Skia's surfaces have no longer sides. */
const MAX_SIDE = 32767

let surface: Canvas | undefined

export const canBeDrawn = ({ height, width }: ImageSize): boolean =>
  height <= MAX_SIDE && width <= MAX_SIDE

/**
 * The pixels of a picture as red, green, blue and alpha, decoded by Skia with libjpeg-turbo, as in
 * Pillow. What could not be decoded is left with alpha 0. Loaded when it is needed, since that takes
 * a while.
 */
export async function drawn(
  bytes: Uint8Array,
  { height, width }: ImageSize
): Promise<Uint8ClampedArray> {
  const { createCanvas, Image } = await import('@napi-rs/canvas')
  const picture = new Image()
  picture.src = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (picture.width !== width || picture.height !== height) {
    throw new Damage('its picture data cannot be decoded')
  }
  if (surface === undefined || surface.width < width || surface.height < height) {
    surface = createCanvas(
      Math.max(width, surface?.width ?? 0),
      Math.max(height, surface?.height ?? 0)
    )
  }
  const context = surface.getContext('2d')
  context.clearRect(0, 0, width, height)
  context.drawImage(picture, 0, 0)
  return context.getImageData(0, 0, width, height).data
}
