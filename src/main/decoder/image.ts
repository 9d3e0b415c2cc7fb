import { NormscopeError } from '../../core/error'
import { MAX_PIXELS } from '../../core/format/pictures'
import type { PictureOptions, Remark } from '../../core/format/pictures'
import { baseName } from '../../core/format/source'
import type { DecodedImage } from '../../core/format/source'
import { grouped } from '../../core/numbers'
import { alphaRemark, withoutAlpha } from './alpha'
import { corrupt } from './damage'
import type { ImageSize } from './damage'
import { dicomHeader, readDicom } from './dicom'
import { upright, uprightSize } from './exif'
import { gifHeader, readGif } from './gif'
import { checkJpeg, jpegHeader, readJpeg } from './jpeg'
import { checkRiff, headerOfOther, headerOfWebp, readAvif, readBmp, readOther } from './other'
import { checkPng, pngHeader } from './png'
import type { Header, Raster } from './raster'
import { resized } from './resample'
import { readTiff, tiffHeader } from './tiff'

interface Kind {
  readonly name: string
  readonly at: number
  readonly begins: string
  /** without decoding anything */
  readonly headerOf: (bytes: Uint8Array) => Header
  /** finds what the decoder lets pass; throws Damage */
  readonly check?: (bytes: Uint8Array) => void
  readonly read: (bytes: Uint8Array) => Raster | Promise<Raster>
}

const ANY: Kind = { name: 'other', at: 0, begins: '', headerOf: headerOfOther, read: readOther }

/** Where a file begins like one of these it is read as that. */
const KINDS: readonly Kind[] = [
  {
    name: 'PNG',
    at: 0,
    begins: '\x89PNG\r\n\x1a\n',
    headerOf: pngHeader,
    check: checkPng,
    read: readOther
  },
  {
    name: 'JPEG',
    at: 0,
    begins: '\xff\xd8\xff',
    headerOf: jpegHeader,
    check: checkJpeg,
    read: readJpeg
  },
  {
    name: 'WebP',
    at: 8,
    begins: 'WEBP',
    headerOf: headerOfWebp,
    check: checkRiff,
    read: readOther
  },
  { name: 'GIF', at: 0, begins: 'GIF8', headerOf: gifHeader, read: readGif },
  ...['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].map((begins) => ({
    ...{ name: 'TIFF', at: 0, begins },
    ...{ headerOf: tiffHeader, read: readTiff }
  })),
  { name: 'DICOM', at: 128, begins: 'DICM', headerOf: dicomHeader, read: readDicom },
  { name: 'BMP', at: 0, begins: 'BM', headerOf: headerOfOther, read: readBmp },
  { name: 'AVIF', at: 4, begins: 'ftypavif', headerOf: headerOfOther, read: readAvif }
]

/** The kinds of picture files that are read. */
export const PICTURE_KINDS: readonly string[] = [...new Set(KINDS.map(({ name }) => name))]

function kindOf(bytes: Uint8Array): Kind {
  return KINDS.find(({ at, begins }) => text(bytes, at, begins.length) === begins) ?? ANY
}

/** What a picture file is by its content; one of `PICTURE_KINDS`, or 'other'. */
export const pictureKind = (bytes: Uint8Array): string => kindOf(bytes).name

/**
 * Decodes one image file: PNG, JPEG, WebP, TIFF, BMP, GIF, DICOM, AVIF. 16 bits are kept; fewer than 8 are
 * spread over 0..255, palettes looked up, as the PNG specification has it (13.12). The EXIF
 * orientation is applied; alpha and size are treated as `options` say. A file of another size than
 * `like` is not decoded, since it is refused by its size.
 * Throws NormscopeError 'corrupt-image', 'unsupported-image' or 'image-too-large'.
 */
export async function decodeImage(
  name: string,
  bytes: Uint8Array,
  { like, options = {} }: { readonly like?: ImageSize; readonly options?: PictureOptions } = {}
): Promise<DecodedImage> {
  try {
    const kind = kindOf(bytes)
    const { orientation = 1, remarks = [], ...stored } = kind.headerOf(bytes)
    const size = uprightSize(stored, orientation)
    if (size.height * size.width > MAX_PIXELS) throw tooLarge(name, size)
    if (like !== undefined && (size.height !== like.height || size.width !== like.width)) {
      return { ...size, channels: 1, values: new Uint8Array(0) }
    }
    kind.check?.(bytes)
    const raster = await kind.read(bytes)
    return finished(raster, orientation, remarks, options)
  } catch (thrown) {
    if (thrown instanceof NormscopeError) throw thrown
    throw corrupt(name, thrown instanceof Error ? thrown.message : 'unknown')
  }
}

/** Without alpha, upright, and in the size asked for. */
function finished(
  { alpha, remarks: own = [], ...raster }: Raster,
  orientation: number,
  said: readonly Remark[],
  { background, size }: PictureOptions
): DecodedImage {
  const remarks = [...said, ...own]
  let image: DecodedImage = raster
  if (alpha) {
    image = { ...image, values: withoutAlpha(image.values, image.channels, background) }
    remarks.push(alphaRemark(background))
  }
  if (orientation > 1) {
    image = upright(image, orientation)
    remarks.push({ kind: 'turned' })
  }
  if (size !== undefined) image = resized(image, size)
  return remarks.length > 0 ? { ...image, remarks } : image
}

const text = (bytes: Uint8Array, at: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(at, at + length))

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
