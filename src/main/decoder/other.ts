import { Transformer } from '@napi-rs/image'
import { imageSize } from 'image-size'
import { withoutAlpha } from './alpha'
import { Damage } from './damage'
import { orientationIn } from './exif'
import type { Header, Raster } from './raster'

/** By the decoder's colour type: channels in its output, bytes of each value, alpha among them. */
interface Layout {
  readonly channels: 1 | 3
  readonly alpha: boolean
  readonly bytes: 1 | 2 | 4
}

/** JsColorType of @napi-rs/image. */
const LAYOUTS: readonly Layout[] = [
  { channels: 1, alpha: false, bytes: 1 },
  { channels: 1, alpha: true, bytes: 1 },
  { channels: 3, alpha: false, bytes: 1 },
  { channels: 3, alpha: true, bytes: 1 },
  { channels: 1, alpha: false, bytes: 2 },
  { channels: 1, alpha: true, bytes: 2 },
  { channels: 3, alpha: false, bytes: 2 },
  { channels: 3, alpha: true, bytes: 2 },
  { channels: 3, alpha: false, bytes: 4 },
  { channels: 3, alpha: true, bytes: 4 }
]

export function headerOfOther(bytes: Uint8Array): Header {
  const { height, width } = imageSize(bytes)
  return { height, width }
}

/** By Rust's image crate. Throws where it cannot decode the picture. */
export function readOther(bytes: Uint8Array): Raster {
  const transformer = new Transformer(bytes)
  const { height, width, colorType } = transformer.metadataSync(false)
  const layout = LAYOUTS[colorType]
  if (layout === undefined) throw new Error(`colour type ${String(colorType)}`)
  const values = numbers(transformer.rawPixelsSync(), layout)
  const { channels, alpha } = layout
  const expected = height * width * (channels + (alpha ? 1 : 0))
  if (values.length !== expected) {
    throw new Error(`${values.length} values for ${height} × ${width} × ${channels}`)
  }
  return { height, width, channels, alpha, values }
}

/** As every AVIF with alpha names the picture that holds it. */
const ALPHA_OF_AVIF = 'urn:mpeg:mpegB:cicp:systems:auxiliary:alpha'

/** The decoder gives alpha to every AVIF. */
export function readAvif(bytes: Uint8Array): Raster {
  const raster = readOther(bytes)
  if (
    !raster.alpha ||
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(ALPHA_OF_AVIF)
  )
    return raster
  return {
    ...raster,
    alpha: false,
    values: withoutAlpha(raster.values, raster.channels, undefined)
  }
}

function numbers(raw: Buffer, { bytes }: Layout): Uint8Array | Uint16Array | Float32Array {
  // a Buffer's slice is no copy
  if (bytes === 1) return new Uint8Array(raw.buffer, raw.byteOffset, raw.byteLength)
  const aligned = raw.byteOffset % bytes === 0 ? raw : Uint8Array.from(raw)
  const { buffer, byteOffset, byteLength } = aligned
  return bytes === 2
    ? new Uint16Array(buffer, byteOffset, byteLength / 2)
    : new Float32Array(buffer, byteOffset, byteLength / 4)
}

/** A WebP file says at its beginning how long it is, but for a byte that fills it up to even. */
export function checkRiff(bytes: Uint8Array): void {
  const length = 8 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true)
  if (bytes.length < length - 1)
    throw new Damage(`it is cut short: ${bytes.length} of ${length} bytes`)
}

export function headerOfWebp(bytes: Uint8Array): Header {
  return { ...headerOfOther(bytes), orientation: orientationOfWebp(bytes) }
}

function orientationOfWebp(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 12; at + 8 <= bytes.length;) {
    const length = view.getUint32(at + 4, true)
    const content = bytes.subarray(at + 8, at + 8 + length)
    if (String.fromCharCode(...bytes.subarray(at, at + 4)) === 'EXIF') {
      const headed = String.fromCharCode(...content.subarray(0, 4)) === 'Exif'
      return orientationIn(headed ? content.subarray(6) : content)
    }
    at += 8 + length + (length % 2)
  }
  return 1
}

/** By Rust's image crate; grey where its palette is, as in Pillow. */
export function readBmp(bytes: Uint8Array): Raster {
  const raster = readOther(bytes)
  if (raster.channels !== 3 || raster.alpha || !hasGreyPalette(bytes)) return raster
  const values = raster.values.filter((_, at) => at % 3 === 0)
  return { ...raster, channels: 1, values }
}

/** A palette follows the second header; an entry is blue, green, red and, but in the oldest, one byte more. */
function hasGreyPalette(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const header = view.getUint32(14, true)
  const oldest = header === 12
  const bits = view.getUint16(oldest ? 24 : 28, true)
  if (bits > 8) return false
  const used = oldest ? 0 : view.getUint32(46, true)
  const entry = oldest ? 3 : 4
  const colours = used === 0 || used > 1 << bits ? 1 << bits : used
  for (let at = 14 + header, left = colours; left > 0; at += entry, left--) {
    if (bytes[at] !== bytes[at + 1] || bytes[at] !== bytes[at + 2]) return false
  }
  return true
}
