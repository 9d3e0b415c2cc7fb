import { RANK } from '../format'
import type { Format } from '../format'
import { planRecords, readRecords } from '../record-files'
import type { RecordSplit } from '../record-files'
import { shardsOf } from '../shards'
import type { Shards } from '../shards'
import { contentOf } from '../source'
import { imageRecords } from './images'

const NAMED = /\.tfrecords?(-\d+-of-\d+)?(\.gz)?$/i

/** Records of tf.train.Example, in one file or in shards. */
export const TFRECORD: Format<Shards, RecordSplit> = {
  id: 'tfrecord',
  name: 'TFRecord',
  pictures: true,
  endings: ['tfrecord', 'tfrecords'],
  labelling: 'write a label with each image, or give a labels file',
  async recognise(place) {
    if (place.kind === 'file' && place.inner === 'tfrecord') {
      return { rank: RANK.sure, found: { path: place.path, train: [place.path], test: [] } }
    }
    if (place.kind !== 'folder') return undefined
    const found = shardsOf(place, NAMED)
    return found && { rank: RANK.single, found }
  },
  plan: (found, _files, labels, pictures) =>
    Promise.resolve(planRecords(TFRECORD, found, labels, pictures)),
  read: (split, reading) =>
    readRecords(split, reading, async (path) => {
      const { files, warn } = reading
      const content = await contentOf(await files.open(path), files, warn)
      return imageRecords(path, content.chunks(), warn)
    })
}
