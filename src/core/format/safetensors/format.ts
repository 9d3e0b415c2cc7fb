import { arrayLabels, checkLabelDims } from '../array-labels'
import { bundlePlan } from '../bundle'
import type { BundleSplit } from '../bundle'
import { labelsFrom, nameOf, RANK } from '../format'
import type { Format } from '../format'
import { arrayImages } from '../ordered-array'
import type { OrderedArray } from '../ordered-array'
import { ByteReader, partOf } from '../source'
import { readTensors } from './header'

const ENDINGS = ['safetensors']

/** Tensors by their names, as Hugging Face saves them. */
export const SAFETENSORS: Format<string, BundleSplit> = {
  id: 'safetensors',
  name: 'safetensors',
  endings: ENDINGS,
  labelling:
    'save images and labels together, for example as x_train and y_train, or give a labels file',
  recognise: async (place) =>
    place.kind === 'file' && place.inner === 'safetensors'
      ? { rank: RANK.sure, found: place.path }
      : undefined,
  async plan(path, files, labels) {
    const tensors = await readTensors(await files.open(path), files)
    const rows = (name: string): Promise<number | undefined> =>
      Promise.resolve(tensors.get(name)?.dims[0])
    const bundle = { path, names: [...tensors.keys()], rows }
    return bundlePlan(bundle, labels, { recipe: 'safetensors', name: nameOf(path, ENDINGS) })
  },
  async read({ path, arrays, labels }, reading) {
    const { files, warn } = reading
    const source = await files.open(path)
    const tensors = await readTensors(source, files)
    const arrayOf = (name: string): OrderedArray => {
      const { type, dims, offset, bytes } = tensors.get(name)!
      const reader = new ByteReader(partOf(source, files, offset, bytes))
      return { path, reader, type, dims, offset, littleEndian: true, fortran: false, warn }
    }
    const named = arrays.labels
    const inside = async (images: number) => {
      const array = arrayOf(named!)
      checkLabelDims(array, images)
      return arrayLabels(array)
    }
    const apart = labelsFrom(labels, reading)
    const own = named === undefined ? undefined : inside
    return arrayImages(arrayOf(arrays.images), apart ?? own, undefined, warn)
  }
}
