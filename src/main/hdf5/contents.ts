import { errorFacts } from '../../core/error'
import type { ErrorFacts } from '../../core/error'
import type { FiledArray, RefusedArray } from '../../core/format/array-file'
import { contentOf } from './array-type'
import type { Metadata } from './array-type'
import * as errors from './errors'
import type { Mount } from './library'

/** An open file. */
export interface OpenFile {
  readonly mount: Mount
  readonly id: bigint
  /** what errors call it */
  readonly called: string
  readonly size: number
}

/** Groups in groups; deeper ones, and those that hold themselves, are not looked into. */
const MAX_DEPTH = 8
const MAX_OBJECTS = 2000
/** Bytes of a chunk, which is held packed and unpacked. */
const MAX_CHUNK = 256 * 2 ** 20
/** Claimed bytes that may be without any in the file: unwritten numbers are zeros, packed ones much smaller. */
const FREE_BYTES = 2 ** 30
const MAX_RATIO = 1032

/** Filters that the library has, by the numbers of The HDF Group. */
const FILTERS = [1, 2, 3, 4, 6]

/** All arrays of a file, and what stands under a name but cannot be read. Throws NormscopeError 'corrupt-hdf5' or 'too-many-arrays'. */
export function arraysIn(file: OpenFile): (FiledArray | RefusedArray)[] {
  const found: (FiledArray | RefusedArray)[] = []
  let objects = 0
  const look = (group: string, depth: number): void => {
    for (const own of namesIn(file, group)) {
      if (++objects > MAX_OBJECTS) throw errors.tooMany(file.called, MAX_OBJECTS)
      const path = `${group === '/' ? '' : group}/${own}`
      const one = objectAt(file, path)
      if (one === 'group') {
        if (depth < MAX_DEPTH) look(path, depth + 1)
      } else if (one !== undefined) found.push(one)
    }
  }
  look('/', 0)
  return found
}

/** The library gives the names before an error, and no error, unless it is told to throw. */
function namesIn({ mount, id, called }: OpenFile, group: string): readonly string[] {
  const { library } = mount
  library.activate_throwing_error_handler()
  try {
    return library.get_names(id, group, false)
  } catch (thrown) {
    throw errors.damaged(called, (thrown as Error).message)
  } finally {
    library.deactivate_throwing_error_handler()
  }
}

function objectAt(file: OpenFile, path: string): FiledArray | RefusedArray | 'group' | undefined {
  const { mount, id, called } = file
  const { library } = mount
  const name = path.slice(1)
  const refuse = (error: Error): RefusedArray => ({ name, refused: errorFacts(error) })
  try {
    const { filename } = library.get_external_link(id, path)
    if (filename !== undefined) return refuse(errors.elsewhere(called, name, filename))
    const target = library.get_symbolic_link(id, path) as string | null
    if (target !== null) {
      const one = behindLink(file, path)
      return one === 'nothing' ? refuse(errors.leadsNowhere(called, name, target)) : one
    }
    const type = library.get_type(id, path)
    if (type === library.H5G_GROUP) return 'group'
    if (type === library.H5G_DATASET) return arrayAt(file, path)
    if (type === library.H5G_TYPE) return undefined
    return refuse(errors.leadsNowhere(called, name, 'something of its own kind'))
  } catch (thrown) {
    return refuse(errorIn(file, thrown))
  } finally {
    mount.takePrinted()
    mount.takeAsked()
  }
}

/**
 * What a soft link leads to: a group is met in its own place. The library's type of one that leads
 * in a circle is a number that nobody has set, so it is tried.
 */
function behindLink(
  file: OpenFile,
  path: string
): FiledArray | RefusedArray | 'nothing' | undefined {
  try {
    return arrayAt(file, path)
  } catch (thrown) {
    errorIn(file, thrown)
  }
  try {
    namesIn(file, path)
    return undefined
  } catch (thrown) {
    errorIn(file, thrown)
    return 'nothing'
  }
}

/** A trap leaves the library as it was in the middle of its work: that ends the process. */
function errorIn({ mount, called }: OpenFile, thrown: unknown): Error {
  if (thrown instanceof WebAssembly.RuntimeError) throw thrown
  return errors.damaged(called, mount.takePrinted())
}

function arrayAt(file: OpenFile, path: string): FiledArray | RefusedArray {
  const { mount, id, called } = file
  const name = path.slice(1)
  const metadata = mount.library.get_dataset_metadata(id, path)
  const filters = mount.library.get_dataset_filters(id, path)
  const dims = metadata.shape ?? []
  const content = contentOf(metadata)
  const refused =
    sizesRefused(file, name, metadata) ??
    ('unknown' in content ? errors.notNumbers(called, name, content.unknown) : undefined) ??
    (metadata.virtual_sources &&
      errors.virtual(
        called,
        name,
        metadata.virtual_sources.map((source) => source.file_name)
      ))
  const strange = filters.find((filter) => !FILTERS.includes(filter.id))
  const error =
    refused ??
    (strange && errors.packedBy(called, name, strange.name || `the filter ${strange.id}`)) ??
    (filters.length > 0 ? chunkRefused(file, name, metadata) : undefined)
  if (error !== undefined || 'unknown' in content) {
    return { name, refused: errorFacts(error) as ErrorFacts }
  }
  const rowBytes = metadata.size * productOf(dims.slice(1))
  const [together = 1, ...sides] = metadata.chunks ?? []
  const chunks = metadata.chunks
    ? productOf(sides.map((side, at) => Math.ceil(dims[at + 1]! / Math.max(1, side))))
    : 0
  return { name, dims, ...content, rowBytes, together, chunks }
}

const productOf = (sizes: readonly number[]): number =>
  sizes.reduce((product, size) => product * size, 1)

function sizesRefused(
  { called, size }: OpenFile,
  name: string,
  metadata: Metadata
): Error | undefined {
  const dims = metadata.shape ?? []
  const bytes = metadata.size * productOf(dims)
  const sound = dims.every((one) => Number.isSafeInteger(one) && one >= 0) && metadata.size > 0
  return sound && bytes <= FREE_BYTES + MAX_RATIO * size
    ? undefined
    : errors.implausible(called, name, dims, size)
}

function chunkRefused({ called }: OpenFile, name: string, metadata: Metadata): Error | undefined {
  const bytes = metadata.size * productOf(metadata.chunks ?? [])
  return bytes > MAX_CHUNK ? errors.chunkTooLarge(called, name, bytes) : undefined
}
