import { concatenated } from '../concat'
import { labelsFrom, nameOf, RANK, sourcesOf } from '../format'
import type { Format, PlannedSplit } from '../format'
import type { PictureOptions } from '../pictures'
import { recordsSplit } from '../records'
import { shardsOf } from '../shards'
import type { Shards } from '../shards'
import { contentOf } from '../source'
import { imageRecords } from './images'

interface TfRecordSplit extends PlannedSplit {
  readonly paths: readonly string[]
  readonly pictures: PictureOptions
  /** a file of labels alone */
  readonly labels?: string
}

const ENDINGS = ['tfrecord', 'tfrecords']
const NAMED = /\.tfrecords?(-\d+-of-\d+)?(\.gz)?$/i

/** Records of tf.train.Example, in one file or in shards. */
export const TFRECORD: Format<Shards, TfRecordSplit> = {
  id: 'tfrecord',
  name: 'TFRecord',
  pictures: true,
  endings: ENDINGS,
  labelling: 'write a label with each image, or give a labels file',
  async recognise(place) {
    if (place.kind === 'file' && place.inner === 'tfrecord') {
      return { rank: RANK.sure, found: { path: place.path, train: [place.path], test: [] } }
    }
    if (place.kind !== 'folder') return undefined
    const found = shardsOf(place, NAMED)
    return found && { rank: RANK.single, found }
  },
  plan: ({ path, train, test }, _files, labels, pictures = {}) =>
    Promise.resolve({
      name: nameOf(path, ENDINGS),
      sources: sourcesOf([...train, ...test, labels]),
      recipe: JSON.stringify(['tfrecord', train.length, labels !== undefined, pictures]),
      train: { path: train[0]!, paths: train, pictures, labels },
      test: test.length === 0 ? undefined : { path: test[0]!, paths: test, pictures },
      warnings: []
    }),
  async read({ paths, pictures, labels }, reading) {
    const { files, warn } = reading
    const opened = await concatenated(
      paths.map((path) => ({
        path,
        async open() {
          const content = await contentOf(await files.open(path), files, warn)
          const records = imageRecords(path, content.chunks(), warn)
          return recordsSplit(path, records, files, pictures, warn)
        }
      }))
    )
    return { ...opened, labels: labelsFrom(labels, reading) ?? opened.labels }
  }
}
