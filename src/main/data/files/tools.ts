import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { CsvError, parse } from 'csv-parse'
import { NormscopeError } from '../../../core/error'
import { baseName, chunksOf, truncated } from '../../../core/format/source'
import type { ByteSource, DataTools } from '../../../core/format/source'
import { unzip } from './zip'

/** The readers' tools as Node has them. */
export const nodeTools: DataTools = { gunzip, unzip, csvRecords }

/** Bytes unpacked at once: each piece is a turn of the event loop and of a thread. */
const MIN_PIECE = 1 << 18
const MAX_PIECE = 1 << 26
/** The most that deflate can make of a byte. */
const MAX_DEFLATE_RATIO = 1032

async function* gunzip(source: ByteSource): AsyncGenerator<Uint8Array> {
  const chunkSize = await pieceOf(source)
  const packed = Readable.from(chunksOf(source), { objectMode: false })
  const unpacked = createGunzip({ chunkSize })
  let failure: unknown
  packed.on('error', (thrown) => {
    failure = thrown
    unpacked.destroy(thrown)
  })
  try {
    yield* packed.pipe(unpacked) as AsyncIterable<Uint8Array>
  } catch (thrown) {
    throw failure ?? gzipError(source, thrown)
  } finally {
    packed.destroy()
    unpacked.destroy()
  }
}

/**
 * The whole content in one piece where it is not large. Its size is the file's last four bytes
 * (RFC 1952), which may be anything in a damaged file or in one of several members.
 */
async function pieceOf(source: ByteSource): Promise<number> {
  const trailer = await source.read(Math.max(0, source.size - 4), 4)
  const told =
    trailer.length === 4 ? new DataView(trailer.buffer, trailer.byteOffset).getUint32(0, true) : 0
  const most = Math.min(MAX_PIECE, source.size * MAX_DEFLATE_RATIO)
  return Math.max(MIN_PIECE, Math.min(told, most))
}

function gzipError(source: ByteSource, thrown: unknown): unknown {
  const code = (thrown as NodeJS.ErrnoException).code
  if (code === 'Z_BUF_ERROR') {
    return truncated(source.name, 'a whole gzip file', `${source.size} bytes of one`)
  }
  if (code === undefined || !code.startsWith('Z_')) return thrown
  return new NormscopeError({
    code: 'corrupt-gzip',
    message: `${baseName(source.name)} is damaged: its gzip content does not unpack (${(thrown as Error).message}). Copy or download it again.`,
    path: source.name,
    expected: 'gzip content with a matching checksum',
    actual: (thrown as Error).message,
    hint: 'Copy or download the file again.'
  })
}

/** bytes; room for 4096 x 4096 pixels */
const MAX_RECORD_BYTES = 1 << 26

/** Records of equal length or not: the reader checks that, for it knows how to say it. */
async function* csvRecords(
  name: string,
  text: AsyncIterable<Uint8Array>,
  separator: string
): AsyncGenerator<readonly string[]> {
  const bytes = Readable.from(text, { objectMode: false })
  const parser = parse({
    bom: true,
    delimiter: separator,
    relax_column_count: true,
    // 7" is seven inches; only a quote at the beginning of a field is one
    relax_quotes: true,
    skip_empty_lines: true,
    trim: true,
    max_record_size: MAX_RECORD_BYTES
  })
  let failure: unknown
  bytes.on('error', (thrown) => {
    failure = thrown
    parser.destroy(thrown)
  })
  try {
    yield* bytes.pipe(parser) as AsyncIterable<readonly string[]>
  } catch (thrown) {
    throw failure ?? csvError(name, thrown)
  } finally {
    bytes.destroy()
    parser.destroy()
  }
}

function csvError(name: string, thrown: unknown): unknown {
  if (!(thrown instanceof CsvError)) return thrown
  return new NormscopeError({
    code: 'corrupt-csv',
    message: `${baseName(name)} cannot be read as CSV: ${thrown.message.replace(/\.$/, '')}.`,
    path: name,
    actual: thrown.message
  })
}
