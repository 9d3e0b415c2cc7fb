import { NormscopeError } from '../error'
import type { Format } from './format'
import { listOfFormats, listOfLabelFormats } from './lists'
import type { FilePlace, FolderPlace, Place } from './place'
import type { Kind } from './sniff'
import { baseName } from './source'

const KIND_NAMES: Readonly<Record<Kind, string>> = {
  gzip: 'gzip',
  zip: 'a zip archive',
  tar: 'a tar archive',
  npy: 'a NumPy array',
  idx: 'IDX',
  image: 'a single image',
  pickle: 'a pickle',
  safetensors: 'safetensors',
  tfrecord: 'TFRecord',
  parquet: 'Parquet',
  hdf5: 'HDF5',
  text: 'text',
  'web-page': 'a web page',
  'lfs-pointer': 'a Git LFS pointer',
  empty: 'empty',
  unknown: 'a file of an unknown kind'
}

const contentOf = ({ outer, inner }: FilePlace): string =>
  outer === 'gzip' ? `gzip, and inside it is ${KIND_NAMES[inner]}` : KIND_NAMES[outer]

/** What to do with what is known, but not opened. */
const ADVICE: Partial<Readonly<Record<Kind, string>>> = {
  image: ' Put the images into one folder per class and open the folder above.',
  parquet: ' Parquet is packed inside already: unpack the file with gunzip.'
}

export function unknownFormat(
  place: Exclude<Place, FolderPlace>,
  formats: readonly Format[]
): NormscopeError {
  const list = listOfFormats(formats)
  const what = place.kind === 'word' ? 'a word' : contentOf(place)
  const single = place.kind === 'file' ? (ADVICE[place.inner] ?? '') : ''
  return unknown(place, what, `Normscope opens ${list}; files may be gzipped.${single}`, list)
}

export function noLabels(place: FilePlace, formats: readonly Format[]): NormscopeError {
  const list = listOfLabelFormats(formats)
  const what = contentOf(place)
  return unknown(place, what, `a labels file is ${list}, gzipped or not.`, list)
}

function unknown(place: Place, what: string, can: string, expected: string): NormscopeError {
  const empty = place.kind === 'file' && place.inner === 'empty'
  return new NormscopeError({
    code: empty ? 'empty-file' : 'unknown-format',
    message: empty
      ? `${baseName(place.path)} is empty: there is not a byte in it. Copy or download it again.`
      : `${baseName(place.path)} is ${what}; ${can}`,
    path: place.path,
    expected,
    actual: what
  })
}

export function emptyFolder(folder: string): NormscopeError {
  return new NormscopeError({
    code: 'empty-folder',
    message: `The folder ${baseName(folder)} is empty. Open a folder with the usual four IDX files, or with one sub-folder of images per class.`,
    path: folder,
    expected: 'IDX files or a folder per class',
    actual: 'nothing'
  })
}

export function noImages(
  { path, files, folders }: FolderPlace,
  formats: readonly Format[]
): NormscopeError {
  const list = listOfFormats(formats)
  return new NormscopeError({
    code: 'no-images',
    message: `Nothing in ${baseName(path)} can be opened. Normscope opens ${list}.`,
    path,
    expected: list,
    actual: `${files.length} other files, ${folders.length} folders`
  })
}

export function ambiguous(folder: string, found: readonly string[]): NormscopeError {
  return new NormscopeError({
    code: 'ambiguous-folder',
    message: `${baseName(folder)} holds more than one data set: ${found.slice(0, 8).join(', ')}. Open one of them.`,
    path: folder,
    expected: 'one data set',
    actual: found.join(', ')
  })
}

/** A file, or all of them, without a single image. */
export function withoutImages(path: string): NormscopeError {
  return new NormscopeError({
    code: 'empty-dataset',
    message: `${baseName(path)} holds no image.`,
    path,
    expected: 'at least one image',
    actual: 'none'
  })
}
