import type { FiledArray } from '../../core/format/array-file'
import * as errors from './errors'
import type { OpenFile } from './contents'
import type { Library } from './library'

/** Rows of an array: their bytes, and of texts the length of each. */
export interface Rows {
  readonly bytes: Uint8Array
  readonly lengths?: Uint32Array
}

/** Bytes of a text that are read. */
const MAX_TEXT = 1 << 16

/** Throws NormscopeError 'other-file' or 'corrupt-hdf5'. */
export function rowsOf(file: OpenFile, array: FiledArray, from: number, count: number): Rows {
  const { mount, id, called } = file
  const { library } = mount
  const path = `/${array.name}`
  const bytes = array.rowBytes * count
  const at = library._malloc(Math.max(1, bytes))
  if (at === 0) throw errors.corruptHdf5(called, `${bytes} bytes of ${array.name} do not fit`)
  const counts = [count, ...array.dims.slice(1)].map(BigInt)
  const zeros = counts.map(() => 0n)
  const ones = counts.map(() => 1n)
  const isText = array.content === 'texts'
  const { vlen: pointers } = isText ? library.get_dataset_metadata(id, path) : { vlen: false }
  mount.takePrinted()
  try {
    const offset = [BigInt(from), ...zeros.slice(1)]
    // what a failed reading leaves out is 0, and no pointer
    library.HEAPU8.fill(0, at, at + bytes)
    const status = library.get_dataset_data(id, path, counts, offset, ones, BigInt(at))
    const [other] = mount.takeAsked().filter((asked) => !/\/plugin$/.test(asked))
    if (other !== undefined) throw errors.elsewhere(called, array.name, other)
    if (status < 0) throw errors.damaged(called, mount.takePrinted())
    if (!isText) return { bytes: library.HEAPU8.slice(at, at + bytes) }
    if (!pointers) return joined(fixedTexts(library, at, bytes, array.rowBytes))
    const texts = joined(pointedTexts(library, at, bytes / 4))
    library.reclaim_vlen_memory_count(id, path, '', BigInt(at), counts)
    if (texts.lengths.some((length) => length > MAX_TEXT)) {
      throw errors.corruptHdf5(called, `a text in ${array.name} is longer than ${MAX_TEXT} bytes`)
    }
    return texts
  } finally {
    library._free(at)
  }
}

function* fixedTexts(
  { HEAPU8 }: Library,
  at: number,
  bytes: number,
  size: number
): Generator<Uint8Array> {
  for (let start = at; start < at + bytes; start += size) {
    const end = HEAPU8.subarray(start, start + size).indexOf(0)
    yield HEAPU8.slice(start, end === -1 ? start + size : start + end)
  }
}

function* pointedTexts({ HEAPU8 }: Library, at: number, count: number): Generator<Uint8Array> {
  const pointers = new Uint32Array(HEAPU8.slice(at, at + 4 * count).buffer)
  for (const pointer of pointers) {
    const text = HEAPU8.subarray(pointer, pointer === 0 ? 0 : pointer + MAX_TEXT + 1)
    const end = text.indexOf(0)
    yield text.slice(0, end === -1 ? text.length : end)
  }
}

function joined(texts: Iterable<Uint8Array>): Required<Rows> {
  const all = [...texts]
  return { bytes: Buffer.concat(all), lengths: Uint32Array.from(all, ({ length }) => length) }
}
