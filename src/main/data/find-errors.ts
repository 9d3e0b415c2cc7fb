import { NormscopeError } from '../../core/error'
import { baseName } from '../../core/format/source'
import type { Kind } from '../../core/format/sniff'

const KIND_NAMES: Readonly<Record<Kind, string>> = {
  gzip: 'gzip',
  zip: 'a zip archive',
  npy: 'a NumPy array',
  idx: 'IDX',
  image: 'a single image',
  text: 'text',
  'web-page': 'a web page',
  'lfs-pointer': 'a Git LFS pointer',
  empty: 'empty',
  unknown: 'of an unknown kind'
}

export function unknownFormat(path: string, outer: Kind, inner: Kind): NormscopeError {
  const what =
    outer === 'gzip' ? `gzip, and what is inside is ${KIND_NAMES[inner]}` : KIND_NAMES[outer]
  const single =
    inner === 'image' ? ' Put the images into one folder per class and open the folder above.' : ''
  return new NormscopeError({
    code: inner === 'empty' ? 'empty-file' : 'unknown-format',
    message: `${baseName(path)} is ${what}; IDX, NPZ, NPY, CSV (also gzipped) or a folder of images can be opened.${single}`,
    path,
    expected: 'IDX, NPZ, NPY, CSV, or a folder',
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

export function noImages(folder: string, entries: number): NormscopeError {
  return new NormscopeError({
    code: 'no-images',
    message: `Nothing that can be opened was found in ${baseName(folder)}: no IDX, NPZ or CSV files and no images.`,
    path: folder,
    expected: 'images, one sub-folder per class, or IDX, NPZ or CSV files',
    actual: `${entries} other files and folders`
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
