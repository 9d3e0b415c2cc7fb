import { inflateSync } from 'node:zlib'
import { crc32 } from '../disk/crc32'
import { Damage } from './damage'
import type { ImageSize } from './damage'
import { orientationIn } from './exif'
import type { Header as PictureHeader } from './raster'

/** By colour type: values in a pixel (PNG specification, 11.2.1). */
const VALUES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }

/** First column, first row, and the steps between, of the seven passes (PNG specification, 8.2). */
const PASSES: readonly (readonly [x: number, y: number, dx: number, dy: number])[] = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2]
]

/** Room for what encoders add after the last row; beyond it the data are not those of the header. */
const SPARE = 1 << 16

interface Header extends ImageSize {
  readonly bitsPerPixel: number
  readonly interlaced: boolean
}

interface Chunk {
  readonly type: string
  readonly data: Buffer
}

export function pngHeader(file: Uint8Array): PictureHeader {
  const bytes = bufferOf(file)
  const { height, width } = headerOf(chunkAt(bytes, 8))
  return { height, width, orientation: orientationOf(bytes) }
}

/** Of the part eXIf, before the end of the file or what is damaged. */
function orientationOf(bytes: Buffer): number {
  for (let at = 8; at + 12 <= bytes.length;) {
    const length = bytes.readUInt32BE(at)
    if (bytes.toString('latin1', at + 4, at + 8) === 'eXIf') {
      return orientationIn(bytes.subarray(at + 8, at + 8 + length))
    }
    at += 12 + length
  }
  return 1
}

/**
 * Checks what decoders let pass: every chunk that matters is whole and has its checksum, the palette
 * has whole colours, and the pixel data unpack to all rows with theirs. Throws Damage.
 */
export function checkPng(file: Uint8Array): void {
  const bytes = bufferOf(file)
  const data: Buffer[] = []
  const header = headerOf(chunkAt(bytes, 8))
  for (let at = 8; ;) {
    const { type, data: content } = chunkAt(bytes, at)
    const end = at + 12 + content.length
    if (
      isCritical(type) &&
      crc32(bytes.subarray(at + 4, end - 4)) !== bytes.readUInt32BE(end - 4)
    ) {
      throw new Damage(`the checksum of its part ${type} does not match`)
    }
    if (
      type === 'PLTE' &&
      (content.length % 3 !== 0 || content.length > 768 || content.length === 0)
    ) {
      throw new Damage(`its palette has ${content.length} bytes, which are no whole colours`)
    }
    if (type === 'IDAT') data.push(content)
    if (type === 'IEND') break
    at = end
  }
  checkPixels(Buffer.concat(data), header)
}

const bufferOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength)

const isCritical = (type: string): boolean => /^[A-Z]/.test(type)

function chunkAt(bytes: Buffer, at: number): Chunk {
  if (at + 12 > bytes.length) throw new Damage('it is cut short')
  const length = bytes.readUInt32BE(at)
  const type = bytes.toString('latin1', at + 4, at + 8)
  if (at + 12 + length > bytes.length) throw new Damage(`it is cut short within its part ${type}`)
  return { type, data: bytes.subarray(at + 8, at + 8 + length) }
}

function headerOf({ type, data }: Chunk): Header {
  if (type !== 'IHDR' || data.length !== 13) throw new Damage('its header is not that of a PNG')
  const values = VALUES[data[9]!]
  if (values === undefined) throw new Damage(`its colour type is ${data[9]}`)
  return {
    width: data.readUInt32BE(0),
    height: data.readUInt32BE(4),
    bitsPerPixel: values * data[8]!,
    interlaced: data[12] === 1
  }
}

function checkPixels(packed: Buffer, header: Header): void {
  const wanted = unpackedBytes(header)
  let found: number
  try {
    found = inflateSync(packed, { maxOutputLength: wanted + SPARE }).length
  } catch (thrown) {
    throw new Damage(WHY[(thrown as NodeJS.ErrnoException).code ?? ''] ?? (thrown as Error).message)
  }
  if (found < wanted) throw new Damage(`its pixel data are cut short: ${found} of ${wanted} bytes`)
}

const WHY: Readonly<Record<string, string>> = {
  Z_BUF_ERROR: 'its pixel data are cut short',
  Z_DATA_ERROR: 'its pixel data do not unpack, or their checksum does not match',
  ERR_BUFFER_TOO_LARGE: 'it has more pixel data than its header says'
}

/** Each row has a byte in front that names its filter. */
function unpackedBytes({ width, height, bitsPerPixel, interlaced }: Header): number {
  const bytes = (columns: number, rows: number): number =>
    columns === 0 ? 0 : rows * (1 + Math.ceil((columns * bitsPerPixel) / 8))
  if (!interlaced) return bytes(width, height)
  return PASSES.reduce(
    (sum, [x, y, dx, dy]) =>
      sum +
      bytes(Math.max(0, Math.ceil((width - x) / dx)), Math.max(0, Math.ceil((height - y) / dy))),
    0
  )
}
