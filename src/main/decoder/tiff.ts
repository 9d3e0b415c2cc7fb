import type { TypedArrayWithDimensions } from 'geotiff'
import type { Remark } from '../../core/format/pictures'
import { converted, firstRounded } from '../../core/format/pixel-type'
import { Damage } from './damage'
import { orientationIn } from './exif'
import { readOther } from './other'
import type { Header, Raster } from './raster'
import { unpacker } from './tiff-predictor'
import { TAG, tiffTags } from './tiff-tags'
import type { TiffTags } from './tiff-tags'

const PHOTOMETRIC = { whiteIsZero: 0, blackIsZero: 1, rgb: 2, palette: 3 } as const
const FORMAT = { unsigned: 1, signed: 2, float: 3 } as const
/** None, LZW, Deflate (both its numbers), PackBits. */
const COMPRESSIONS = [1, 5, 8, 32946, 32773]
/** Compressions that neither decoder reads, or reads of grey pictures alone, by name. */
const NOT_READ: Readonly<Record<number, string>> = {
  2: 'CCITT Huffman',
  3: 'CCITT Group 3',
  6: 'JPEG (old kind)',
  34712: 'JPEG 2000',
  34887: 'LERC',
  34925: 'LZMA',
  34933: 'PNG',
  50000: 'Zstandard',
  50001: 'WebP',
  50002: 'JPEG XL'
}
const JPEG = 7
const BITS: Readonly<Record<number, readonly number[]>> = {
  [FORMAT.unsigned]: [1, 2, 4, 8, 16, 32],
  [FORMAT.signed]: [8, 16, 32],
  [FORMAT.float]: [16, 32, 64]
}
/** The planes of colours one after the other. */
const APART = 2
/** What extra samples of a pixel may mean: alpha, premultiplied or not. */
const ALPHA = [1, 2]
/** Pixels of a strip or tile: more than the largest picture has. */
const MAX_BLOCK = 1 << 26

export function tiffHeader(file: Uint8Array): Header {
  const tags = tiffTags(file)
  const height = tags.first.get(TAG.height) ?? 0
  const width = tags.first.get(TAG.width) ?? 0
  if (height * width === 0) throw new Damage('it lacks the height or width of its picture')
  const remarks: Remark[] = tags.first.get(TAG.format) === FORMAT.signed ? [{ kind: 'signed' }] : []
  return { height, width, orientation: orientationIn(file), remarks }
}

/**
 * By geotiff, which is loaded when it is needed, what Rust's image crate does not read (palettes, grey
 * with alpha, signed numbers, floats, 32 bits, BigTIFF), and what it ends the process at or refuses
 * though it is whole: tiles, and colours apart. The rest by Rust's.
 */
export function readTiff(file: Uint8Array): Raster | Promise<Raster> {
  const tags = tiffTags(file)
  const { first, big } = tags
  const compression = first.get(TAG.compression) ?? 1
  const notRead = NOT_READ[compression]
  if (notRead !== undefined)
    throw new Damage(`TIFF with the compression ${notRead} is not supported`)
  if (compression === JPEG && (first.get(TAG.samples) ?? 1) > 1) {
    throw new Damage('TIFF with colours compressed as JPEG is not supported')
  }
  const isPlain =
    !big &&
    (first.get(TAG.format) ?? FORMAT.unsigned) === FORMAT.unsigned &&
    first.get(TAG.photometric) !== PHOTOMETRIC.palette &&
    first.get(TAG.samples) !== 2 &&
    (first.get(TAG.bits) ?? 1) < 32
  const isApart = first.get(TAG.planes) === APART
  const isTiled = first.has(TAG.tileWidth)
  if (isPlain && !isApart && !isTiled) return readOther(file)
  const layout = layoutOf(tags)
  if (typeof layout !== 'string') return readRare(file, layout, tags.little)
  if (isPlain && !(isApart && isTiled)) return readOther(file)
  throw new Damage(`TIFF with ${layout} is not supported`)
}

interface Layout {
  readonly photometric: number
  readonly format: number
  readonly bits: number
  /** 1 grey or palette, 3 RGB */
  readonly colours: 1 | 3
  readonly alpha: boolean
}

/** What is not supported, in words, where something is not. */
function layoutOf({ first }: TiffTags): Layout | string {
  const format = first.get(TAG.format) ?? FORMAT.unsigned
  const photometric = first.get(TAG.photometric) ?? -1
  const bits = first.get(TAG.bits) ?? 1
  const compression = first.get(TAG.compression) ?? 1
  const samples = first.get(TAG.samples) ?? 1
  const colours = photometric === PHOTOMETRIC.rgb ? 3 : 1
  const alpha = samples === colours + 1 && ALPHA.includes(first.get(TAG.extra) ?? 0)
  if (!COMPRESSIONS.includes(compression))
    return `the compression ${compression === JPEG ? 'JPEG' : compression}`
  if (!Object.values(PHOTOMETRIC).some((known) => known === photometric)) {
    return `colours of the kind ${photometric}`
  }
  if (BITS[format]?.includes(bits) !== true) {
    return `${bits} bits a value in the sample format ${format}`
  }
  if (samples !== colours && !alpha) return `${samples} values a pixel`
  const isInteger = format === FORMAT.unsigned && bits <= 16
  if (photometric === PHOTOMETRIC.palette && !(isInteger && bits <= 8)) {
    return `a palette of ${bits} bits`
  }
  if (photometric === PHOTOMETRIC.whiteIsZero && !isInteger) {
    return '0 as white and values other than unsigned ones of 16 bits or fewer'
  }
  return { photometric, format, bits, colours, alpha }
}

async function readRare(file: Uint8Array, layout: Layout, little: boolean): Promise<Raster> {
  const { fromArrayBuffer, getDecoder } = await import('geotiff')
  const image = await (await fromArrayBuffer(Uint8Array.from(file).buffer)).getImage(0)
  const [height, width] = [image.getHeight(), image.getWidth()]
  const [down, across] = [image.getTileHeight(), image.getTileWidth()]
  const directory = image.getFileDirectory()
  const places = await directory.loadValue(image.isTiled ? 'TileOffsets' : 'StripOffsets')
  const planes = image.planarConfiguration === 2 ? image.getSamplesPerPixel() : 1
  const blocks = Math.ceil(height / down) * Math.ceil(width / across) * planes
  // each is allocated and waited for, whatever the file holds
  if (!(blocks <= (places?.length ?? 0)) || !(down * across <= MAX_BLOCK)) {
    throw new Damage(`its strips or tiles do not make ${height} × ${width} pixels`)
  }
  const values = await image.readRasters({ interleave: true, pool: unpacker(getDecoder, little) })
  const { colours, alpha, photometric } = layout
  if (values.length !== height * width * (colours + (alpha ? 1 : 0))) {
    throw new Damage(`it has ${values.length} values for ${height} × ${width} pixels`)
  }
  const size = { height, width, alpha }
  if (photometric === PHOTOMETRIC.palette) {
    const palette = await directory.loadValue('ColorMap')
    return { ...size, ...lookedUp(values, palette ?? [], layout) }
  }
  return { ...size, channels: colours, ...numbers(values, layout) }
}

/** As pixels are kept: unsigned ones of up to 16 bits, white at the top; others as floats. */
function numbers(
  values: TypedArrayWithDimensions,
  { photometric, format, bits }: Layout
): Pick<Raster, 'values' | 'remarks'> {
  if (format !== FORMAT.unsigned || bits > 16) {
    const rounded = firstRounded(values)
    return {
      values: converted(values, 'float32') as Float32Array,
      remarks: rounded === undefined ? [] : [{ kind: 'rounded', detail: String(rounded) }]
    }
  }
  const most = 2 ** bits - 1
  const scale = bits < 8 ? 255 / most : 1
  const inverted = photometric === PHOTOMETRIC.whiteIsZero
  const own = bits === 16 ? new Uint16Array(values.length) : new Uint8Array(values.length)
  for (let at = 0; at < own.length; at++) {
    own[at] = scale * (inverted ? most - values[at]! : values[at]!)
  }
  return { values: own }
}

/** Colours of 16 bits, all red ones first; the upper 8 are kept, and one channel where all are grey. */
function lookedUp(
  values: TypedArrayWithDimensions,
  palette: ArrayLike<number>,
  { bits, alpha }: Layout
): Pick<Raster, 'channels' | 'values'> {
  const colours = 2 ** bits
  if (palette.length !== 3 * colours) {
    throw new Damage(`its palette has ${palette.length} values for ${colours} colours`)
  }
  const of = (index: number, channel: number): number => palette[channel * colours + index]! >> 8
  const all = [...Array(colours).keys()]
  const grey = all.every((index) => of(index, 0) === of(index, 1) && of(index, 0) === of(index, 2))
  const channels = grey ? 1 : 3
  const [from, to] = alpha ? [2, channels + 1] : [1, channels]
  const own = new Uint8Array((values.length / from) * to)
  for (let pixel = 0; pixel < values.length / from; pixel++) {
    for (let channel = 0; channel < channels; channel++) {
      own[pixel * to + channel] = of(values[pixel * from]!, channel)
    }
    if (alpha) own[pixel * to + channels] = values[pixel * from + 1]!
  }
  return { channels, values: own }
}
