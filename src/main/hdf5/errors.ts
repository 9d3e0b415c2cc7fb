import { NormscopeError } from '../../core/error'
import { baseName, truncated } from '../../core/format/source'

const COPY = 'Copy or download the file again.'

/** A text of the file, which may be of any length. */
const short = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}…` : text)

/** What the library prints of its stack of errors: the innermost says what is wrong. */
function innermost(printed: string): string {
  const said = [...printed.matchAll(/^ *#\d+: .* in \w+\(\): (.*)$/gm)]
  return said.at(-1)?.[1] ?? 'it cannot be understood'
}

/** A file that the library cannot read. */
export function damaged(called: string, printed: string): NormscopeError {
  const short = /truncated file: eof = (\d+), .*stored_eof = (\d+)/.exec(printed)
  if (short) return truncated(called, `${short[2]} bytes`, `${short[1]} bytes`)
  if (/already open for write|consistency flags/.test(printed)) return unfinished(called)
  return corruptHdf5(called, innermost(printed))
}

export function corruptHdf5(called: string, actual: string): NormscopeError {
  return new NormscopeError({
    code: 'corrupt-hdf5',
    message: `${baseName(called)} cannot be read as HDF5: ${actual}. Copy or download it again.`,
    path: called,
    expected: 'a whole HDF5 file',
    actual,
    hint: COPY
  })
}

function unfinished(called: string): NormscopeError {
  return new NormscopeError({
    code: 'unfinished-file',
    message: `${baseName(called)} is still being written, or the program that wrote it did not close it.`,
    path: called,
    expected: 'a file that was closed',
    actual: 'a file marked as open for writing',
    hint: 'Wait until it is closed. If nothing writes it any more: h5clear -s file.'
  })
}

/** What brings numbers from elsewhere into the file. */
const copyIt = (name: string): string =>
  `Copy it into a file with h5py: new["${name}"] = old["${name}"][:].`

/** Numbers or an object that lie in another file, which is not opened. */
export function elsewhere(called: string, name: string, other: string): NormscopeError {
  const file = short(other)
  return new NormscopeError({
    code: 'other-file',
    message: `${name} in ${baseName(called)} lies in another file, ${file}. No file is opened but the one that was named.`,
    path: called,
    expected: 'arrays in the file itself',
    actual: `a link to ${file}`,
    hint: copyIt(name)
  })
}

/** Several arrays shown as one. */
export function virtual(called: string, name: string, sources: readonly string[]): NormscopeError {
  const files = short([...new Set(sources)].slice(0, 3).join(', '))
  return new NormscopeError({
    code: 'other-file',
    message: `${name} in ${baseName(called)} is a virtual data set: its numbers lie in other arrays (${files || 'none'}), which are not opened.`,
    path: called,
    expected: 'arrays in the file itself',
    actual: `a virtual data set of ${files || 'nothing'}`,
    hint: copyIt(name)
  })
}

export function leadsNowhere(called: string, name: string, target: string): NormscopeError {
  return new NormscopeError({
    code: 'broken-link',
    message: `${name} in ${baseName(called)} is a link to ${short(target)}, where there is nothing, or it leads in a circle.`,
    path: called,
    expected: 'an array',
    actual: `a link to ${short(target)}`
  })
}

export function packedBy(called: string, name: string, filter: string): NormscopeError {
  return new NormscopeError({
    code: 'unknown-compression',
    message: `${name} in ${baseName(called)} is compressed with ${filter}, which cannot be read; gzip, szip, shuffle, fletcher32 and scale-offset can.`,
    path: called,
    expected: 'gzip, szip, shuffle, fletcher32, scale-offset or none',
    actual: filter,
    hint: `Save it anew with h5py: new.create_dataset("${name}", data=old["${name}"][:], compression="gzip").`
  })
}

export function notNumbers(called: string, name: string, actual: string): NormscopeError {
  const message =
    actual === 'lists of different lengths'
      ? 'picture files in HDF5 are not read. Save the pixels as one array, or the pictures in folders.'
      : 'integers, floats of 16 to 64 bits, booleans and texts can be read. Convert it with array.astype("float32").'
  return new NormscopeError({
    code: 'unsupported-dtype',
    message: `${name} in ${baseName(called)} holds ${actual}; ${message}`,
    path: called,
    expected: 'u1, u2, u4, u8, i1, i2, i4, i8, f2, f4, f8, bool or text',
    actual
  })
}

export function implausible(
  called: string,
  name: string,
  dims: readonly number[],
  size: number
): NormscopeError {
  return new NormscopeError({
    code: 'implausible-shape',
    message: `${name} in ${baseName(called)} claims the shape ${dims.join(' × ')}, far more than a file of ${size} bytes holds: it is damaged, or was made large and never filled.`,
    path: called,
    expected: `numbers in ${size} bytes`,
    actual: dims.join(' × ')
  })
}

export function chunkTooLarge(called: string, name: string, bytes: number): NormscopeError {
  return new NormscopeError({
    code: 'chunk-too-large',
    message: `${name} in ${baseName(called)} is packed in chunks of ${bytes} bytes, each of which has to be held whole.`,
    path: called,
    expected: 'chunks of at most 256 MiB',
    actual: `${bytes} bytes a chunk`,
    hint: 'Save it anew with smaller chunks, for example chunks=True.'
  })
}

export function tooMany(called: string, most: number): NormscopeError {
  return new NormscopeError({
    code: 'too-many-arrays',
    message: `${baseName(called)} holds more than ${most} groups and arrays. Images are read from one array of all of them: numpy.stack joins them.`,
    path: called,
    expected: 'one array of images',
    actual: `more than ${most} groups and arrays`
  })
}
