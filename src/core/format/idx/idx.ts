import { NormscopeError } from '../../error'
import { allNumbers, checkSize, imagesOf, wholeSize } from '../array'
import type { OpenedArray } from '../array'
import { checksumAfter } from '../gzip-trailer'
import { NUMBER_TYPES } from '../number-type'
import type { NumberTypeId } from '../number-type'
import { checkCounts } from '../labels'
import type { LabelValues, OpenedSplit } from '../opened'
import { imageShape } from '../shape'
import { SNIFF_LENGTH } from '../sniff'
import { baseName, ByteReader, contentOf, truncated } from '../source'
import type { ByteSource, DataTools, Warn } from '../source'
import { refuseStandIn } from '../stand-in'

/** Type codes of the format (yann.lecun.com/exdb/mnist, "the IDX file format"); all big-endian. */
const TYPES: Readonly<Record<number, NumberTypeId>> = {
  0x08: 'u1',
  0x09: 'i1',
  0x0b: 'i2',
  0x0c: 'i4',
  0x0d: 'f4',
  0x0e: 'f8'
}

interface Header extends Omit<OpenedArray, 'reader' | 'warn'> {
  /** all of it, `offset` bytes */
  readonly bytes: Uint8Array
}

interface OpenedIdx extends OpenedArray, Header {
  readonly gzipped: boolean
}

/**
 * Reads the header of an IDX file, gzipped or not. Throws NormscopeError 'wrong-magic',
 * 'truncated-file' or 'implausible-shape'.
 */
async function openIdx(
  source: ByteSource,
  tools: DataTools,
  warn: Warn,
  check: (header: Header) => void = () => undefined
): Promise<OpenedIdx> {
  const content = await contentOf(source, tools, warn)
  const reader = new ByteReader(content.chunks())
  try {
    const header = await readHeader(source.name, reader)
    check(header)
    checkSize(header, NUMBER_TYPES[header.type], content.gzipped ? undefined : source.size)
    return { ...header, reader, warn, gzipped: content.gzipped }
  } catch (thrown) {
    await reader.close()
    throw thrown
  }
}

async function readHeader(path: string, reader: ByteReader): Promise<Header> {
  refuseStandIn(path, await reader.peek(SNIFF_LENGTH))
  const magic = await reader.take(4)
  if (magic.length < 4) throw truncated(path, 'a magic number of 4 bytes', `${magic.length} bytes`)
  const type = TYPES[magic[2]!]
  if (magic[0] !== 0 || magic[1] !== 0 || type === undefined || magic[3] === 0) {
    throw wrongMagic(path, magic)
  }
  const wanted = 4 * magic[3]!
  const sizes = await reader.take(wanted)
  if (sizes.length < wanted) {
    throw truncated(path, `a header of ${4 + wanted} bytes`, `${4 + sizes.length} bytes`)
  }
  const view = new DataView(sizes.buffer, sizes.byteOffset, sizes.byteLength)
  const dims = Array.from({ length: magic[3]! }, (_, index) => view.getUint32(4 * index))
  const bytes = Uint8Array.of(...magic, ...sizes)
  return { path, type, littleEndian: false, dims, bytes, offset: bytes.length }
}

/**
 * The images of an IDX file with the labels of another, if it has some. Three or four dimensions.
 * Throws NormscopeError as `openIdx`.
 */
export async function openIdxSplit(
  images: ByteSource,
  labels: OpenedSplit['labels'],
  tools: DataTools,
  warn: Warn
): Promise<OpenedSplit> {
  const array = await openIdx(images, tools, warn, (header) => {
    if (header.dims.length < 3 || header.dims.length > 4) throw notImages(header)
  })
  const shape = await shapeOrClose(array, warn)
  const { count, channels } = shape
  const plain = array.type === 'u1' && shape.channels === shape.stored && !shape.channelsFirst
  const alone = !array.gzipped && images.size === wholeSize(array)
  const length = wholeSize(array) - array.offset
  return {
    height: shape.height,
    width: shape.width,
    minType: NUMBER_TYPES[array.type].minType,
    count,
    inPlace:
      plain && alone ? { path: images.name, offset: array.offset, count, channels } : undefined,
    crc32: plain && array.gzipped ? await checksumAfter(array.bytes, length, images) : undefined,
    areLabelsApart: true,
    chunks: () => imagesOf(array, shape),
    labels
  }
}

async function shapeOrClose(array: OpenedArray, warn: Warn) {
  try {
    return imageShape(array.path, array.dims, warn)
  } catch (thrown) {
    await array.reader.close()
    throw thrown
  }
}

/**
 * The numbers of a one-dimensional IDX file, for so many `images`.
 * Throws NormscopeError 'not-labels' or 'count-mismatch'.
 */
export async function readIdxLabels(
  source: ByteSource,
  tools: DataTools,
  warn: Warn,
  images?: number
): Promise<LabelValues> {
  const array = await openIdx(source, tools, warn, ({ path, dims }) => {
    if (dims.length !== 1) throw notLabels(path, dims)
    checkCounts(path, images ?? dims[0]!, dims[0]!)
  })
  return allNumbers(array)
}

function notLabels(path: string, dims: readonly number[]): NormscopeError {
  return new NormscopeError({
    code: 'not-labels',
    message: `${baseName(path)} has ${dims.length} dimensions (${dims.join(' × ')}); labels have one. Name the file that holds the labels.`,
    path,
    expected: '1 dimension (magic number 0x00000801)',
    actual: `${dims.length} dimensions`
  })
}

function notImages(array: Header): NormscopeError {
  const { path, dims } = array
  const magic = hex([0, 0, 0x08, dims.length])
  const isLabels = dims.length === 1
  return new NormscopeError({
    code: isLabels ? 'not-images' : 'wrong-magic',
    message: isLabels
      ? `${baseName(path)} holds ${dims[0]} labels and no images. Open the images file; its labels are found by name.`
      : `${baseName(path)} says it has ${dims.length} dimensions; images have 3 (0x00000803) or 4 (0x00000804).`,
    path,
    expected: '3 or 4 dimensions (0x00000803 or 0x00000804)',
    actual: `${dims.length} dimension${isLabels ? '' : 's'} (${magic})`
  })
}

function wrongMagic(path: string, magic: Uint8Array): NormscopeError {
  const reversed = magic[2] === 0 && magic[3] === 0 && TYPES[magic[1]!] !== undefined
  const hint = reversed ? ' The bytes are in the reverse order: save it big-endian.' : ''
  return new NormscopeError({
    code: 'wrong-magic',
    message: `${baseName(path)} does not begin as an IDX file: magic number ${hex([...magic])} found, 0x00000803 (images) or 0x00000801 (labels) expected. It is damaged, or something else under the name of an IDX file.${hint}`,
    path,
    expected: '0x00000803 (images) or 0x00000801 (labels)',
    actual: hex([...magic])
  })
}

function hex(bytes: readonly number[]): string {
  return `0x${bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
}
