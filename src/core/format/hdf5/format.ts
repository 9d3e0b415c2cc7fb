import { NormscopeError } from '../../error'
import { arrayLabels, checkLabelDims, notLabels } from '../array-labels'
import type { ArrayFile, FiledArray } from '../array-file'
import { checkSize, sizeOf } from '../array'
import { bundlePlan } from '../bundle'
import type { BundleSplit } from '../bundle'
import { ambiguous } from '../errors'
import { labelsFrom, nameOf, RANK } from '../format'
import type { Format } from '../format'
import { labelsBeside } from '../labels-beside'
import type { LabelValues } from '../opened'
import { arrayImages } from '../ordered-array'
import type { OrderedArray } from '../ordered-array'
import { baseName, ByteReader } from '../source'
import type { Warn } from '../source'

interface Hdf5Found {
  readonly paths: readonly string[]
  /** where they lie, if a folder was opened */
  readonly folder?: string
}

const ENDINGS = ['h5', 'hdf5']
/** Names of the array that a file of labels alone has. */
const LABELS = /(^|[_/])(y|labels?|targets?)([_/]|$)/i
/** Names of an array that names the labels 0, 1, 2, … */
const CLASS_NAMES = /^(list_classes|class_names|label_names|category_names|classes)$/i
const MAX_CLASSES = 10_000

/** Arrays by their names and groups, as h5py saves them. */
export const HDF5: Format<Hdf5Found, BundleSplit> = {
  id: 'hdf5',
  name: 'HDF5',
  endings: ENDINGS,
  labelling:
    'save images and labels together, for example as x_train and y_train, or give a labels file',
  labels: {
    name: 'HDF5',
    recognise: ({ inner }) => inner === 'hdf5',
    async isAlone({ path, inner }, files) {
      if (inner !== 'hdf5') return false
      const { arrays } = await files.hdf5(path)
      return arrays.length === 1 && LABELS.test(arrays[0]!.name)
    },
    async read({ path }, images, { files, warn }) {
      const file = await files.hdf5(path)
      const named = file.arrays.filter(({ name }) => LABELS.test(name))
      const [only, ...others] = named.length > 0 ? named : file.arrays
      if (only === undefined || others.length > 0) throw noLabels(path, file)
      return labelsIn(path, file, only.name, images, warn)
    }
  },
  async recognise(place) {
    if (place.kind === 'folder') {
      const paths = place.files
        .filter(({ name }) => /\.(h5|hdf5)$/i.test(name))
        .map(({ path }) => path)
      return paths.length === 0
        ? undefined
        : { rank: RANK.single, found: { paths, folder: place.path } }
    }
    if (place.kind === 'word' || place.inner !== 'hdf5') return undefined
    if (isMatlab(place.head)) throw ofMatlab(place.path)
    return { rank: RANK.sure, found: { paths: [place.path] } }
  },
  async plan({ paths, folder }, files, labelsPath) {
    const path = paths[0]!
    if (paths.length > 1) throw ambiguous(folder ?? '', paths.map(baseName))
    const file = await files.hdf5(path)
    const own = file.arrays.find(({ name }) => CLASS_NAMES.test(baseName(name)))
    const names = file.arrays.filter((one) => one !== own).map(({ name }) => name)
    const rows = async (name: string): Promise<number | undefined> => {
      const array = file.arrays.find((one) => one.name === name)
      return array && 'dims' in array ? array.dims[0] : undefined
    }
    const plain = nameOf(path, ENDINGS)
    const bundle = { path, names, rows }
    const found = await bundlePlan(bundle, labelsPath, { recipe: 'hdf5', name: plain })
    for (const { arrays } of [found.train, ...(found.test ? [found.test] : [])]) {
      for (const name of [arrays.images, arrays.labels]) {
        if (name !== undefined) readable(path, file, name)
      }
    }
    const alone = labelsPath === undefined && found.train.arrays.labels === undefined
    const beside = alone ? await labelsBeside(path, files) : undefined
    const plan = beside ? await bundlePlan(bundle, beside, { recipe: 'hdf5', name: plain }) : found
    return { ...plan, classNames: await classNames(file, own) }
  },
  async read({ path, arrays, labels }, reading) {
    const { files, warn } = reading
    const file = await files.hdf5(path)
    const named = arrays.labels
    const inside = (images: number): Promise<LabelValues> =>
      labelsIn(path, file, named!, images, warn)
    const own = named === undefined ? undefined : inside
    const images = numbersIn(path, file, readable(path, file, arrays.images), warn)
    return arrayImages(images, labelsFrom(labels, reading) ?? own, undefined, warn)
  }
}

/** Throws what the array is refused for. */
function readable(path: string, { arrays }: ArrayFile, name: string): FiledArray {
  const array = arrays.find((one) => one.name === name)!
  if ('refused' in array) throw new NormscopeError(array.refused)
  checkSize({ path, dims: array.dims, offset: 0 }, { name, bytes: array.rowBytes }, undefined)
  return array
}

function numbersIn(path: string, file: ArrayFile, array: FiledArray, warn: Warn): OrderedArray {
  const { name, dims, content } = array
  const facts = { path: `${path}/${name}`, dims, offset: 0, littleEndian: true, fortran: false }
  if (content === 'texts') throw textImages(path, name)
  if (content === 'f2') warn('16-bit floats were read as IEEE half precision.')
  return { ...facts, type: content, warn, reader: new ByteReader(file.numbers(array)) }
}

async function labelsIn(
  path: string,
  file: ArrayFile,
  name: string,
  images: number,
  warn: Warn
): Promise<LabelValues> {
  const array = readable(path, file, name)
  const shaped = { path: `${path}/${name}`, dims: array.dims }
  checkLabelDims(shaped, images)
  if (array.content !== 'texts') return arrayLabels(numbersIn(path, file, array, warn))
  if (sizeOf(array.dims) !== array.dims[0]) throw notLabels(shaped)
  return file.texts(array)
}

/** Names that the file has for its labels; undefined where it has none. */
async function classNames(
  file: ArrayFile,
  array: ArrayFile['arrays'][number] | undefined
): Promise<readonly string[] | undefined> {
  if (array === undefined || 'refused' in array || array.content !== 'texts') return undefined
  if (array.dims.length !== 1 || array.dims[0]! > MAX_CLASSES) return undefined
  return file.texts(array)
}

const MATLAB = 'MATLAB 7.3 MAT-file'

const isMatlab = (head: Uint8Array): boolean =>
  new TextDecoder('latin1').decode(head.subarray(0, MATLAB.length)) === MATLAB

function ofMatlab(path: string): NormscopeError {
  return new NormscopeError({
    code: 'unknown-format',
    message: `${baseName(path)} is a MAT-file of MATLAB 7.3, whose arrays have their axes in the other order, so that rows and columns cannot be told apart. Save them from Python: numpy.savez("images.npz", x=file["X"][:].T, y=file["y"][:].T).`,
    path,
    expected: 'HDF5 as h5py writes it',
    actual: 'a MAT-file of MATLAB 7.3'
  })
}

function textImages(path: string, name: string): NormscopeError {
  return new NormscopeError({
    code: 'not-images',
    message: `${name} in ${baseName(path)} holds texts; images are arrays of numbers.`,
    path,
    expected: 'numbers',
    actual: 'texts'
  })
}

function noLabels(path: string, { arrays }: ArrayFile): NormscopeError {
  const names = arrays.map(({ name }) => name)
  return new NormscopeError({
    code: 'unknown-arrays',
    message: `${baseName(path)} holds ${names.length === 0 ? 'no arrays' : `the arrays ${names.slice(0, 12).join(', ')}`}; a labels file has one, or one named y or labels.`,
    path,
    expected: 'one array of labels',
    actual: names.join(', ')
  })
}
