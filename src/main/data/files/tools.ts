import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { Gunzip } from 'node:zlib'
import { NormscopeError } from '../../../core/error'
import { baseName, truncated } from '../../../core/format/source'
import type { ByteSource, DataTools } from '../../../core/format/source'
import { unzip } from './zip'

/** The readers' tools as Node has them. Libraries of single formats are loaded when one is opened. */
export const nodeTools: DataTools = {
  gunzip,
  unzip,
  csvRecords,
  parquet: async (source) => (await import('./parquet')).parquet(source)
}

/** Bytes that are read and unpacked at once: they stay in the processor's caches. */
const PIECE = 1 << 20
const HEAD_PIECE = 1 << 14
/** The most that deflate can make of a byte. */
const MAX_DEFLATE_RATIO = 1032

async function* gunzip(
  source: ByteSource,
  { head = false }: { readonly head?: boolean } = {}
): AsyncGenerator<Uint8Array> {
  const piece = head ? HEAD_PIECE : PIECE
  const most = Math.max(HEAD_PIECE, Math.min(piece, source.size * MAX_DEFLATE_RATIO))
  // up to four pieces ahead of whoever takes them, each handed on as it is and not joined to the next
  const ahead = { readableObjectMode: true, readableHighWaterMark: head ? 1 : 4 }
  const unpacked = createGunzip({ chunkSize: most, ...ahead })
  let failure: unknown
  void feed(source, unpacked, Math.min(piece, source.size)).catch((thrown: unknown) => {
    failure = thrown
    unpacked.destroy(thrown as Error)
  })
  try {
    yield* unpacked as AsyncIterable<Uint8Array>
  } catch (thrown) {
    throw failure ?? gzipError(source, thrown)
  } finally {
    unpacked.destroy()
  }
}

/** One piece is read while another is unpacked, in the same memory all along. */
async function feed(source: ByteSource, unpacked: Gunzip, size: number): Promise<void> {
  const rooms = [new Uint8Array(size), new Uint8Array(size)] as const
  let taken = Promise.resolve()
  let turn: 0 | 1 = 0
  for (let offset = 0; offset < source.size;) {
    const bytes = await source.read(offset, Math.min(size, source.size - offset), rooms[turn])
    await taken
    if (bytes.length === 0 || unpacked.destroyed) break
    // an error is told to whoever reads
    taken = new Promise((resolve) => unpacked.write(bytes, () => resolve()))
    offset += bytes.length
    turn = turn === 0 ? 1 : 0
  }
  await taken
  unpacked.end()
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
  const { CsvError, parse } = await import('csv-parse')
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
    throw failure ?? (thrown instanceof CsvError ? csvError(name, thrown) : thrown)
  } finally {
    bytes.destroy()
    parser.destroy()
  }
}

function csvError(name: string, thrown: Error): NormscopeError {
  return new NormscopeError({
    code: 'corrupt-csv',
    message: `${baseName(name)} cannot be read as CSV: ${thrown.message.replace(/\.$/, '')}.`,
    path: name,
    actual: thrown.message
  })
}
