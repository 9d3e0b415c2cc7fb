import { drawn } from './canvas'
import { Damage } from './damage'
import type { ImageSize } from './damage'
import type { Header, Raster } from './raster'

/** Parts of a GIF file (GIF89a, 1990). */
const EXTENSION = 0x21
const FRAME = 0x2c
const END = 0x3b
const CONTROL = 0xf9

interface Frame {
  readonly top: number
  readonly left: number
  readonly height: number
  readonly width: number
  /** where the palette begins, and how many colours it has */
  readonly palette: number
  readonly colours: number
  /** where the flags of its control extension are, if it has one */
  readonly flags: number | undefined
}

interface Gif extends ImageSize {
  readonly first: Frame
  readonly frames: number
}

export function gifHeader(file: Uint8Array): Header {
  const { height, width, frames } = gifOf(file)
  return { height, width, remarks: frames > 1 ? [{ kind: 'frames' }] : [] }
}

/** The first frame on the whole picture; where it does not reach, and where it is transparent, alpha is 0. */
export async function readGif(file: Uint8Array): Promise<Raster> {
  const gif = gifOf(file)
  const { first, height, width } = gif
  const opaque = await drawn(withoutTransparency(file, first), gif)
  checkWhole(opaque, gif)
  const full = first.height === height && first.width === width
  const transparent = first.flags !== undefined && (file[first.flags]! & 1) === 1
  const alpha = transparent ? await drawn(file, gif) : opaque
  const channels = isGrey(file, first) ? 1 : 3
  const hasAlpha = transparent || !full
  const stride = channels + (hasAlpha ? 1 : 0)
  const values = new Uint8Array(height * width * stride)
  for (let pixel = 0; pixel < height * width; pixel++) {
    for (let channel = 0; channel < channels; channel++) {
      values[pixel * stride + channel] = opaque[pixel * 4 + channel]!
    }
    if (hasAlpha) values[pixel * stride + channels] = alpha[pixel * 4 + 3]!
  }
  return { height, width, channels, alpha: hasAlpha, values }
}

function gifOf(file: Uint8Array): Gif {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const byte = (at: number): number => {
    const value = file[at]
    if (value === undefined) throw new Damage('it is cut short')
    return value
  }
  const pair = (at: number): number => byte(at) | (byte(at + 1) << 8)
  const coloursOf = (flags: number): number => (flags & 0x80 ? 2 << (flags & 7) : 0)
  byte(12)
  const size = { height: view.getUint16(8, true), width: view.getUint16(6, true) }
  const shared = coloursOf(file[10]!)
  let flags: number | undefined
  let first: Frame | undefined
  let frames = 0
  for (let at = 13 + 3 * shared; byte(at) !== END;) {
    if (file[at] === EXTENSION) {
      if (first === undefined && byte(at + 1) === CONTROL) flags = at + 3
      at = afterBlocks(at + 2)
    } else if (file[at] === FRAME) {
      const own = coloursOf(byte(at + 9))
      first ??= {
        ...{ left: pair(at + 1), top: pair(at + 3), width: pair(at + 5), height: pair(at + 7) },
        palette: own > 0 ? at + 10 : 13,
        colours: own > 0 ? own : shared,
        flags
      }
      frames++
      at = afterBlocks(at + 11 + 3 * own)
    } else throw new Damage('one of its parts is of no known kind')
  }
  if (first === undefined) throw new Damage('it holds no picture')
  // decoders make the whole picture larger where its first frame is
  const height = Math.max(size.height, first.top + first.height)
  const width = Math.max(size.width, first.left + first.width)
  return { height, width, first, frames }

  function afterBlocks(from: number): number {
    let at = from
    while (byte(at) !== 0) at += 1 + byte(at)
    return at + 1
  }
}

/** The colours of transparent pixels are in the palette like others. */
function withoutTransparency(file: Uint8Array, { flags }: Frame): Uint8Array {
  if (flags === undefined) return file
  const copy = Uint8Array.from(file)
  copy[flags]! &= 0xfe
  return copy
}

/** Pixels that were not decoded are left transparent. */
function checkWhole(pixels: Uint8ClampedArray, { first, width }: Gif): void {
  for (let row = first.top; row < first.top + first.height; row++) {
    for (let column = first.left; column < first.left + first.width; column++) {
      if (pixels[4 * (row * width + column) + 3] !== 255) {
        throw new Damage('its picture data are cut short or damaged')
      }
    }
  }
}

function isGrey(file: Uint8Array, { palette, colours }: Frame): boolean {
  for (let at = palette; at < palette + 3 * colours; at += 3) {
    if (file[at] !== file[at + 1] || file[at] !== file[at + 2]) return false
  }
  return true
}
