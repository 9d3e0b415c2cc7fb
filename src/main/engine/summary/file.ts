import { readFile, stat } from 'node:fs/promises'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'
import { decode, encode } from '../../../contract/codec'
import { featuresOf, SPLIT_NAMES } from '../../../core/dataset/dataset'
import { NormscopeError } from '../../../core/error'
import { baseName } from '../../../core/format/source'
import { unitImages } from '../../../core/statistics/pieces'
import { createImageSums } from '../../../core/statistics/image-sums'
import { createSummary } from '../../../core/statistics/summary'
import type { Summary } from '../../../core/statistics/summary'
import { fileError, onFile } from '../../disk/files'
import type { SummaryPart } from './part'

const KIND = 'normscope summary'
const VERSION = 1
/** Of a file, and of what it unpacks to. */
const MOST_BYTES = 2 ** 30

const whole = z.number().int().nonnegative()
const size = z
  .number()
  .int()
  .positive()
  .max(2 ** 31)

const SUMS = ['sum', 'sumError', 'sumOfSquares', 'sumOfSquaresError', 'min', 'max'] as const

const floats = z.instanceof(Float64Array)
const counts = floats.refine((each) =>
  each.every((count) => Number.isSafeInteger(count) && count >= 0)
)
const schema = z.object({
  kind: z.literal(KIND),
  version: z.literal(VERSION),
  set: z.object({
    id: z.string().regex(/^[0-9a-f]{64}$/),
    name: z.string(),
    split: z.enum(SPLIT_NAMES),
    images: whole,
    height: size,
    width: size,
    channels: size,
    dtype: z.enum(['uint8', 'uint16', 'float32']),
    classNames: z.array(z.string())
  }),
  classCounts: z.array(whole).optional(),
  pieces: z.array(
    z.object({
      from: whole,
      to: whole,
      count: whole,
      featureCounts: z.union([z.instanceof(Uint32Array), counts]).optional(),
      channelCounts: counts.optional(),
      leadingCounts: counts.optional(),
      featureSums: z.object(Object.fromEntries(SUMS.map((name) => [name, floats]))).optional(),
      values: z.array(z.object({ keys: z.instanceof(Uint32Array), counts, size: whole })).optional()
    })
  )
})

/** A part as the bytes of a file: gzip of CBOR. */
export async function summaryBytes({ set, pieces, classCounts }: SummaryPart): Promise<Uint8Array> {
  const plain = {
    kind: KIND,
    version: VERSION,
    set,
    classCounts,
    pieces: pieces.map(({ from, to, summary }) => {
      const { count, featureCounts, channelCounts, leadingCounts, featureSums, values } = summary
      return { from, to, count, featureCounts, channelCounts, leadingCounts, featureSums, values }
    })
  }
  return promisify(gzip)(encode(plain), { level: 6 })
}

/** Throws NormscopeError 'not-a-summary' where the bytes are none, or are damaged; `path` is what it names. */
export async function summaryOf(bytes: Uint8Array, path: string): Promise<SummaryPart> {
  let found: z.infer<typeof schema>
  try {
    found = schema.parse(decode(await promisify(gunzip)(bytes, { maxOutputLength: MOST_BYTES })))
  } catch {
    throw notASummary(path)
  }
  const { set, classCounts } = found
  const unit = unitImages(set.dtype, set.images, featuresOf(set))
  const pieces = found.pieces.map(({ from, to, ...sums }) => {
    const expected = Math.min(set.images, to * unit) - from * unit
    const summary = { ...sums, shape: shapeOf(set), images: createImageSums() } as Summary
    if (from >= to || expected !== sums.count || !isLike(summary)) throw notASummary(path)
    return { from, to, summary }
  })
  if (classCounts && classCounts.length !== set.classNames.length) throw notASummary(path)
  return { set, pieces, ...(classCounts && { classCounts }) }
}

function shapeOf({ height, width, channels, dtype }: SummaryPart['set']): Summary['shape'] {
  return { height, width, channels, dtype }
}

/** Tables are those that a summary of this shape has, and as long. */
function isLike(summary: Summary): boolean {
  const tables = ({ featureCounts, channelCounts, leadingCounts, featureSums }: Summary): string =>
    [featureCounts, channelCounts, leadingCounts, ...SUMS.map((name) => featureSums?.[name])]
      .map((table) => table?.length)
      .join()
  const { height, width, channels } = summary.shape
  // a table of bytes or sums is allocated for the comparison, so it must be in the file already
  const longest = Math.max(summary.featureCounts?.length ?? 0, summary.featureSums?.sum.length ?? 0)
  if (height * width * channels > longest) return false
  const { values } = summary
  const tablesFit =
    values === undefined ||
    (values.length === channels &&
      values.every(
        ({ keys, counts, size }) =>
          keys.length === counts.length &&
          Number.isInteger(Math.log2(keys.length)) &&
          2 * size <= keys.length
      ))
  return tablesFit && tables(summary) === tables(createSummary(summary.shape))
}

/** Writes the whole file or none. */
export async function writeSummary(path: string, part: SummaryPart): Promise<void> {
  const bytes = await summaryBytes(part)
  try {
    await writeFileAtomic(path, Buffer.from(bytes))
  } catch (thrown) {
    throw fileError(thrown, path)
  }
}

/** Throws NormscopeError where the file cannot be read or is no summary. */
export async function readSummary(path: string): Promise<SummaryPart> {
  const bytes = await onFile(path, async () => {
    const facts = await stat(path)
    if (!facts.isFile() || facts.size > MOST_BYTES) throw notASummary(path)
    return readFile(path)
  })
  return summaryOf(bytes, path)
}

function notASummary(path: string): NormscopeError {
  return new NormscopeError({
    code: 'not-a-summary',
    message: `${baseName(path)} is not a summary of this version, or is damaged.`,
    path,
    expected: 'a file that normscope summarise --out wrote',
    hint: 'Summarise the shard again.'
  })
}
