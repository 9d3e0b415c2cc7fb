import { NormscopeError } from '../../error'
import { grouped } from '../../numbers'
import { arranged } from '../array'
import type { ImageChunk, OpenedSplit } from '../opened'
import type { ImageShape } from '../shape'
import { baseName, ByteReader, contentOf, truncated } from '../source'
import type { ByteSource, DataTools, Warn } from '../source'

/** The two layouts of cs.toronto.edu/~kriz/cifar.html: labels, then 1024 red, green, blue values. */
export interface CifarKind {
  readonly name: string
  /** how many labels there are of each kind; the last kind is used */
  readonly labels: readonly number[]
}

const PIXELS = 3072
const RECORDS_AT_ONCE = 256
const SHAPE: ImageShape = {
  count: RECORDS_AT_ONCE,
  height: 32,
  width: 32,
  channels: 3,
  stored: 3,
  channelsFirst: true
}

export const CIFAR_KINDS: readonly CifarKind[] = [
  { name: 'CIFAR-10', labels: [10] },
  { name: 'CIFAR-100', labels: [20, 100] }
]

export const recordSize = ({ labels }: CifarKind): number => labels.length + PIXELS

const isLabelled = ({ labels }: CifarKind, record: Uint8Array): boolean =>
  labels.every((count, at) => (record[at] ?? 255) < count)

/** Records that are looked at before a file is taken for one of CIFAR. */
const MAX_LOOKED_AT = 64

/** There is no magic number: whole records, and in those looked at a label that there is. */
export async function cifarKind(
  source: ByteSource,
  head: Uint8Array,
  gzipped: boolean
): Promise<CifarKind | undefined> {
  for (const kind of CIFAR_KINDS) {
    const size = recordSize(kind)
    if (!isLabelled(kind, head)) continue
    if (gzipped) {
      if (isLabelled(kind, head.subarray(size))) return kind
      continue
    }
    const count = source.size / size
    if (!Number.isInteger(count)) continue
    const step = Math.max(1, Math.floor(count / MAX_LOOKED_AT))
    let fits = true
    for (let record = 0; record < count && fits; record += step) {
      fits = isLabelled(kind, await source.read(record * size, kind.labels.length))
    }
    if (fits) return kind
  }
  return undefined
}

/** Throws NormscopeError 'truncated-file' or 'bad-label'. */
export async function openCifar(
  source: ByteSource,
  kind: CifarKind,
  tools: DataTools,
  warn: Warn
): Promise<OpenedSplit> {
  const content = await contentOf(source, tools, warn)
  const labels: number[] = []
  const bytes = content.gzipped ? undefined : source.size
  return {
    height: SHAPE.height,
    width: SHAPE.width,
    minType: 'uint8',
    chunks: () => records(source.name, content.chunks(), bytes, kind, labels),
    labels: () => Promise.resolve(labels)
  }
}

async function* records(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  bytes: number | undefined,
  kind: CifarKind,
  labels: number[]
): AsyncGenerator<ImageChunk> {
  const reader = new ByteReader(chunks)
  const size = recordSize(kind)
  try {
    for (;;) {
      const taken = await reader.take(RECORDS_AT_ONCE * size)
      if (taken.length === 0) return
      if (taken.length % size !== 0) {
        const whole = `${grouped(Math.floor(reader.position / size))} records and ${taken.length % size} bytes`
        throw truncated(path, `whole records of ${size} bytes`, whole)
      }
      const count = taken.length / size
      const pixels = new Uint8Array(count * PIXELS)
      for (let record = 0; record < count; record++) {
        const own = taken.subarray(record * size, (record + 1) * size)
        if (!isLabelled(kind, own)) throw badLabel(path, kind, labels.length, own)
        labels.push(own[kind.labels.length - 1]!)
        pixels.set(own.subarray(kind.labels.length), record * PIXELS)
      }
      const fraction = bytes === undefined ? undefined : reader.position / bytes
      yield { values: arranged(pixels, SHAPE), channels: 3, fraction }
    }
  } finally {
    await reader.close()
  }
}

function badLabel(
  path: string,
  { name, labels }: CifarKind,
  record: number,
  bytes: Uint8Array
): NormscopeError {
  const found = [...bytes.subarray(0, labels.length)].join(' and ')
  const expected = labels.map((count) => `0 to ${count - 1}`).join(' and ')
  return new NormscopeError({
    code: 'bad-label',
    message: `${baseName(path)}: the label of image ${record} is ${found}; ${name} has ${expected}. The file is damaged, or holds something else.`,
    path,
    expected,
    actual: found
  })
}
