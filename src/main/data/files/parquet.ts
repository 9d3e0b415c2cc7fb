import { parquetMetadataAsync, parquetReadObjects, parquetSchema } from 'hyparquet'
import type { AsyncBuffer, Compressors, FileMetaData, RowGroup } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { NormscopeError } from '../../../core/error'
import { baseName } from '../../../core/format/source'
import type { ByteSource, ColumnTable } from '../../../core/format/source'

/** bytes of a page, a group of rows, or the description at the file's end, unpacked */
const MAX_BYTES = 2 ** 30
const NUMBERS = ['BOOLEAN', 'INT32', 'INT64', 'FLOAT', 'DOUBLE']

/** Never more room for a page than a group of rows may take. */
const bounded: Compressors = Object.fromEntries(
  Object.entries(compressors).map(([name, unpack]) => [
    name,
    (input: Uint8Array, length: number) => {
      if (!(length <= MAX_BYTES)) throw new Error(`a page of ${length} bytes`)
      return unpack(input, length)
    }
  ])
)

/** The rows of a Parquet file. Throws NormscopeError 'corrupt-parquet'. */
export async function parquet(source: ByteSource): Promise<ColumnTable> {
  const { name: path, size } = source
  const read = async (start: number, end: number): Promise<ArrayBuffer> => {
    if (!(start >= 0 && start <= end && end <= size && end - start <= MAX_BYTES)) {
      throw new Error(`bytes ${start} to ${end} of ${size}`)
    }
    // a copy of its own, from its beginning
    return new Uint8Array(await source.read(start, end - start)).buffer
  }
  const file: AsyncBuffer = {
    byteLength: size,
    slice(start, end = size) {
      const bytes = read(start, end)
      // several are asked for at once, and the library waits for no other once one has failed
      bytes.catch(() => undefined)
      return bytes
    }
  }
  const metadata = await orCorrupt(path, () => parquetMetadataAsync(file))
  const columns = await orCorrupt(path, () =>
    Promise.resolve(
      parquetSchema(metadata).children.map(({ element: { name, type }, children }) => {
        if (typeof name !== 'string') throw new Error('a column has no name')
        return { name, isNumber: children.length === 0 && NUMBERS.includes(type ?? '') }
      })
    )
  )
  const notes = notesIn(metadata)
  return {
    columns,
    rows: Number(metadata.num_rows),
    notes,
    groups: (wanted) => groups(path, file, metadata, wanted)
  }
}

/** A damaged footer may lack what the library's types promise. */
function notesIn({ key_value_metadata: pairs }: FileMetaData): Map<string, string> {
  const found: readonly unknown[] = Array.isArray(pairs) ? pairs : []
  return new Map(
    found.flatMap((pair): [string, string][] => {
      const { key, value } = (pair ?? {}) as Readonly<Record<string, unknown>>
      return typeof key === 'string' && typeof value === 'string' ? [[key, value]] : []
    })
  )
}

async function* groups(
  path: string,
  file: AsyncBuffer,
  metadata: FileMetaData,
  columns: readonly string[]
): AsyncGenerator<readonly Readonly<Record<string, unknown>>[]> {
  let rowStart = 0
  const found: unknown = metadata.row_groups
  if (!Array.isArray(found)) throw corrupt(path, 'it lists no groups of rows')
  for (const group of found as readonly (Partial<RowGroup> | undefined)[]) {
    const [rows, bytes] = [Number(group?.num_rows), Number(group?.total_byte_size)]
    if (!(rows >= 0 && rows <= MAX_BYTES && bytes <= MAX_BYTES)) {
      throw corrupt(path, `a group of ${rows} rows and ${bytes} bytes, more than ${MAX_BYTES}`)
    }
    const rowEnd = rowStart + rows
    const start = rowStart
    yield await orCorrupt(path, () =>
      parquetReadObjects({
        file,
        metadata,
        columns: [...columns],
        rowStart: start,
        rowEnd,
        compressors: bounded,
        utf8: false
      })
    )
    rowStart = rowEnd
  }
}

/** The library throws errors of its own where a file is damaged. */
async function orCorrupt<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (thrown) {
    if (thrown instanceof NormscopeError) throw thrown
    throw corrupt(path, thrown instanceof Error ? thrown.message : 'unknown')
  }
}

function corrupt(path: string, actual: string): NormscopeError {
  const said = actual.replace(/\.$/, '')
  return new NormscopeError({
    code: 'corrupt-parquet',
    message: `${baseName(path)} cannot be read as Parquet: ${said}. Copy or download it again.`,
    path,
    expected: 'a whole Parquet file',
    actual: said,
    hint: 'Copy or download the file again.'
  })
}
