import { Readable } from 'node:stream'
import { NormscopeError } from '../../../core/error'
import { baseName } from '../../../core/format/source'
import type { DataTools } from '../../../core/format/source'
import { gunzip } from './gunzip'
import { unzip } from './zip'

/** The readers' tools as Node has them. Libraries of single formats are loaded when one is opened. */
export const nodeTools: DataTools = {
  gunzip,
  unzip,
  csvRecords,
  parquet: async (source) => (await import('./parquet')).parquet(source)
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
