import { NormscopeError } from '../../error'
import { maskedCrc32c } from '../crc32c'
import type { ImageRecord, RecordedPixels } from '../records'
import { MAX_PIXELS } from '../pictures'
import { flatShape } from '../shape'
import { sniff } from '../sniff'
import { baseName, ByteReader, truncated } from '../source'
import type { Warn } from '../source'
import { featuresOf } from './example'
import type { Feature } from './example'

/** bytes of a record: the largest image, in floats of three channels */
const MAX_RECORD_BYTES = 12 * MAX_PIXELS
const RECORDS_AT_ONCE = 128
/** bytes of records that are held at once, where one is not larger */
const MAX_HELD = 16 << 20

/** Names that features go by, the most specific first. */
const NAMES = {
  image: ['image/encoded', 'image_raw', 'image', 'img', 'x', 'pixels', 'image/raw', 'data'],
  label: ['image/class/label', 'label', 'labels', 'class', 'target', 'y', 'image/class/text'],
  height: ['image/height', 'height', 'rows'],
  width: ['image/width', 'width', 'cols'],
  channels: ['image/channels', 'depth', 'channels']
} as const

type Features = ReadonlyMap<string, Feature>

/** Throws NormscopeError 'truncated-file', 'corrupt-tfrecord', 'not-images' or 'not-square'. */
export async function* imageRecords(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  warn: Warn
): AsyncGenerator<readonly ImageRecord[]> {
  let batch: ImageRecord[] = []
  let held = 0
  let number = 0
  for await (const record of records(path, chunks)) {
    const name = `record ${number++} of ${baseName(path)}`
    const features = featuresOf(record)
    if (features === undefined) throw corrupt(path, `${name} is no tf.train.Example`)
    batch.push({ name, image: imageOf(path, name, features, warn), label: labelOf(features) })
    held += record.length
    if (batch.length === RECORDS_AT_ONCE || held > MAX_HELD) {
      yield batch
      batch = []
      held = 0
    }
  }
  if (batch.length > 0) yield batch
}

/** Each record is a length, its checksum, bytes and theirs (tensorflow/core/lib/io/record_writer.h). */
async function* records(
  path: string,
  chunks: AsyncIterable<Uint8Array>
): AsyncGenerator<Uint8Array> {
  const reader = new ByteReader(chunks)
  try {
    for (let number = 0; ; number++) {
      const start = await reader.take(12)
      if (start.length === 0) return
      if (start.length < 12) throw cut(path, number, 12, start.length)
      const view = new DataView(start.buffer, start.byteOffset, 12)
      const length = Number(view.getBigUint64(0, true))
      if (maskedCrc32c(start.subarray(0, 8)) !== view.getUint32(8, true)) {
        throw corrupt(path, `the checksum of the length of record ${number} does not match`)
      }
      if (length > MAX_RECORD_BYTES) {
        throw corrupt(path, `record ${number} has ${length} bytes, more than ${MAX_RECORD_BYTES}`)
      }
      const body = await reader.take(length + 4)
      if (body.length < length + 4) throw cut(path, number, length + 4, body.length)
      const record = body.subarray(0, length)
      const sum = new DataView(body.buffer, body.byteOffset + length, 4).getUint32(0, true)
      if (maskedCrc32c(record) !== sum) {
        throw corrupt(path, `the checksum of record ${number} does not match`)
      }
      yield record
    }
  } finally {
    await reader.close()
  }
}

function named(features: Features, names: readonly string[]): Feature | undefined {
  const name = names.find((one) => features.has(one))
  return name === undefined ? undefined : features.get(name)
}

/** One number, or a name. */
function labelOf(features: Features): number | string | undefined {
  const feature = named(features, NAMES.label)
  const [first] = feature?.values ?? []
  return first instanceof Uint8Array ? new TextDecoder().decode(first) : first
}

/** A picture file, bytes of pixels, or numbers of them. */
function imageOf(
  path: string,
  name: string,
  features: Features,
  warn: Warn
): Uint8Array | RecordedPixels {
  const feature = named(features, NAMES.image)
  const [first] = feature?.values ?? []
  if (feature === undefined || first === undefined) {
    throw new NormscopeError({
      code: 'not-images',
      message: `${name} has the features ${[...features.keys()].slice(0, 12).join(', ')}; an image is in one called ${NAMES.image.join(', ')}.`,
      path,
      expected: NAMES.image.join(', '),
      actual: [...features.keys()].join(', ')
    })
  }
  if (first instanceof Uint8Array && sniff(first.subarray(0, 4096)) === 'image') return first
  const values = feature.kind === 'numbers' ? feature.values : new Uint8Array(first as Uint8Array)
  const side = (names: readonly string[]): number | undefined => {
    const said = named(features, names)
    return said?.kind === 'numbers' ? said.values[0] : undefined
  }
  const [height, width] = [side(NAMES.height), side(NAMES.width)]
  if (height === undefined || width === undefined) {
    return { ...flatShape(path, values.length, warn), values }
  }
  const channels = side(NAMES.channels) ?? values.length / (height * width)
  if ((channels !== 1 && channels !== 3) || height * width * channels !== values.length) {
    throw corrupt(
      path,
      `${name} has ${values.length} values for ${height} × ${width} × ${channels} pixels`
    )
  }
  return { height, width, channels, values }
}

function cut(path: string, number: number, expected: number, actual: number): NormscopeError {
  return truncated(path, `${expected} bytes of record ${number}`, `${actual} bytes`)
}

function corrupt(path: string, actual: string): NormscopeError {
  return new NormscopeError({
    code: 'corrupt-tfrecord',
    message: `${baseName(path)} is damaged: ${actual}. Copy or download it again.`,
    path,
    expected: 'records of tf.train.Example with matching checksums',
    actual,
    hint: 'Copy or download the file again.'
  })
}
