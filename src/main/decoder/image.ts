import { Transformer } from '@napi-rs/image'
import { imageSize } from 'image-size'
import { NormscopeError } from '../../core/error'
import { MAX_PIXELS } from '../../core/format/shape'
import { baseName } from '../../core/format/source'
import type { DecodedImage } from '../../core/format/source'
import { grouped } from '../../core/numbers'
import { corrupt, Damage } from './damage'
import type { ImageSize } from './damage'
import { checkJpeg, jpegSize } from './jpeg'
import { checkPng, pngSize } from './png'

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

interface Kind {
  readonly at: number
  readonly begins: string
  readonly sizeOf: (bytes: Uint8Array) => ImageSize
  /** finds what the decoder lets pass; throws Damage */
  readonly check: (bytes: Uint8Array) => void
}

const ANY: Kind = { at: 0, begins: '', sizeOf: sizeByHeader, check: () => undefined }

const KINDS: readonly Kind[] = [
  { at: 0, begins: '\x89PNG\r\n\x1a\n', sizeOf: pngSize, check: checkPng },
  { at: 0, begins: '\xff\xd8\xff', sizeOf: jpegSize, check: checkJpeg },
  { at: 8, begins: 'WEBP', sizeOf: sizeByHeader, check: checkRiff },
  ANY
]

/**
 * Decodes one image file: PNG, JPEG, WebP, TIFF, BMP, AVIF. 16 bits are kept; fewer
 * than 8 are spread over 0..255, palettes looked up, as the PNG specification has it (13.12).
 * Alpha is dropped, not composited: colours stay as stored, also where they were transparent.
 * The EXIF orientation is reported and not applied, as in TensorFlow's decode_image.
 * A file of another size than `like` is not decoded, since it is refused by its size.
 * Throws NormscopeError 'corrupt-image' or 'image-too-large'.
 */
export function decodeImage(name: string, bytes: Uint8Array, like?: ImageSize): DecodedImage {
  try {
    const kind = KINDS.find(({ at, begins }) => text(bytes, at, begins.length) === begins) ?? ANY
    const size = kind.sizeOf(bytes)
    if (size.height * size.width > MAX_PIXELS) throw tooLarge(name, size)
    if (like !== undefined && (size.height !== like.height || size.width !== like.width)) {
      return { ...size, channels: 1, values: new Uint8Array(0), hadAlpha: false }
    }
    kind.check(bytes)
    return decoded(bytes)
  } catch (thrown) {
    if (thrown instanceof NormscopeError) throw thrown
    throw corrupt(name, thrown instanceof Error ? thrown.message : 'unknown')
  }
}

function decoded(bytes: Uint8Array): DecodedImage {
  const transformer = new Transformer(bytes)
  const { height, width, colorType, orientation } = transformer.metadataSync(true)
  const layout = LAYOUTS[colorType]
  if (layout === undefined) throw new Error(`colour type ${String(colorType)}`)
  const values = withoutAlpha(numbers(transformer.rawPixelsSync(), layout), layout)
  if (values.length !== height * width * layout.channels) {
    throw new Error(`${values.length} values for ${height} × ${width} × ${layout.channels}`)
  }
  return {
    height,
    width,
    channels: layout.channels,
    values,
    hadAlpha: layout.alpha,
    orientation: orientation === undefined || orientation === 1 ? undefined : orientation
  }
}

const text = (bytes: Uint8Array, at: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(at, at + length))

function sizeByHeader(bytes: Uint8Array): ImageSize {
  const { height, width } = imageSize(bytes)
  return { height, width }
}

/** A WebP file says at its beginning how long it is, but for a byte that fills it up to even. */
function checkRiff(bytes: Uint8Array): void {
  const length = 8 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true)
  if (bytes.length < length - 1)
    throw new Damage(`it is cut short: ${bytes.length} of ${length} bytes`)
}

function numbers(raw: Buffer, { bytes }: Layout): Uint8Array | Uint16Array | Float32Array {
  if (bytes === 1) return raw
  const { buffer, byteOffset, byteLength } = byteOffsetFits(raw, bytes) ? raw : Uint8Array.from(raw)
  return bytes === 2
    ? new Uint16Array(buffer, byteOffset, byteLength / 2)
    : new Float32Array(buffer, byteOffset, byteLength / 4)
}

const byteOffsetFits = ({ byteOffset }: Uint8Array, size: number): boolean =>
  byteOffset % size === 0

/** In place: a copy of a large picture costs as much memory as the picture. */
function withoutAlpha<T extends Uint8Array | Uint16Array | Float32Array>(
  values: T,
  { channels, alpha }: Layout
): T {
  if (!alpha) return values
  const pixels = values.length / (channels + 1)
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let channel = 0; channel < channels; channel++) {
      values[pixel * channels + channel] = values[pixel * (channels + 1) + channel]!
    }
  }
  return values.subarray(0, pixels * channels) as T
}

function tooLarge(name: string, { height, width }: ImageSize): NormscopeError {
  const most = grouped(MAX_PIXELS)
  return new NormscopeError({
    code: 'image-too-large',
    message: `${baseName(name)} is ${height} × ${width} pixels, ${grouped(height * width)} in all; a picture may have up to ${most}. Make the pictures smaller.`,
    path: name,
    expected: `at most ${most} pixels`,
    actual: `${height} × ${width}`
  })
}
