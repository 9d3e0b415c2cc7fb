import { Transformer } from '@napi-rs/image'
import { NormscopeError } from '../../core/error'
import { baseName } from '../../core/dataset/source'
import type { DecodedImage } from '../../core/dataset/source'

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

const MOST_PIXELS = 1 << 28

/**
 * Decodes one image file: PNG, JPEG, WebP, TIFF, BMP. 16 bits are kept; fewer
 * than 8 are spread over 0..255, palettes looked up, as the PNG specification has it (13.12).
 * Alpha is dropped, not composited: colours stay as stored, also where they were transparent.
 * The EXIF orientation is reported and not applied, as in TensorFlow's decode_image.
 * Throws NormscopeError 'corrupt-image' or 'image-too-large'.
 */
export async function decodeImage(name: string, bytes: Uint8Array): Promise<DecodedImage> {
  try {
    const transformer = new Transformer(bytes)
    const metadata = transformer.metadataSync(true)
    const { height, width, colorType, orientation } = metadata
    if (height * width > MOST_PIXELS) throw tooLarge(name, height, width)
    const layout = LAYOUTS[colorType]
    if (layout === undefined) throw new Error(`colour type ${String(colorType)}`)
    const raw = transformer.rawPixelsSync()
    const values = withoutAlpha(numbers(raw, layout), layout)
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
  } catch (thrown) {
    if (thrown instanceof NormscopeError) throw thrown
    throw corrupt(name, thrown)
  }
}

function numbers(raw: Buffer, { bytes }: Layout): Uint8Array | Uint16Array | Float32Array {
  const own = Uint8Array.from(raw)
  if (bytes === 1) return own
  return bytes === 2 ? new Uint16Array(own.buffer) : new Float32Array(own.buffer)
}

function withoutAlpha<T extends Uint8Array | Uint16Array | Float32Array>(
  values: T,
  { channels, alpha }: Layout
): T {
  if (!alpha) return values
  const stored = channels + 1
  const kept = values.slice(0, (values.length / stored) * channels) as T
  for (let index = 0; index < kept.length; index++) {
    const pixel = Math.floor(index / channels)
    kept[index] = values[pixel * stored + (index % channels)]!
  }
  return kept
}

function corrupt(name: string, thrown: unknown): NormscopeError {
  const reason = thrown instanceof Error ? thrown.message.replace(/\s+/g, ' ').trim() : 'unknown'
  return new NormscopeError({
    code: 'corrupt-image',
    message: `${baseName(name)} cannot be decoded: ${reason.replace(/\.$/, '')}. Replace or remove the file.`,
    path: name,
    expected: 'a whole image file',
    actual: reason,
    hint: 'Replace or remove the file.'
  })
}

function tooLarge(name: string, height: number, width: number): NormscopeError {
  return new NormscopeError({
    code: 'image-too-large',
    message: `${baseName(name)} is ${height} × ${width} pixels, more than the app opens. Make the images smaller.`,
    path: name,
    expected: `at most ${MOST_PIXELS} pixels`,
    actual: `${height} × ${width}`
  })
}
