import { RANK } from '../format'
import type { Format } from '../format'
import { planRecords, readRecords } from '../record-files'
import type { RecordSplit } from '../record-files'
import { shardsOf } from '../shards'
import type { Shards } from '../shards'
import { classNamesIn, columnsOf, rowImages } from './rows'

/** Tables of images in columns, as Hugging Face and pandas write them. */
export const PARQUET: Format<Shards, RecordSplit> = {
  id: 'parquet',
  name: 'Parquet',
  pictures: true,
  endings: ['parquet'],
  labelling: 'add a column named label, or give a labels file',
  async recognise(place) {
    if (place.kind === 'file' && place.outer === 'parquet') {
      return { rank: RANK.sure, found: { path: place.path, train: [place.path], test: [] } }
    }
    if (place.kind !== 'folder') return undefined
    const found = shardsOf(place, /\.parquet$/i)
    return found && { rank: RANK.single, found }
  },
  async plan(found, files, labels, pictures) {
    const [first = ''] = found.train
    const table = await files.parquet(await files.open(first))
    const { label } = columnsOf(first, table)
    const plan = planRecords(PARQUET, found, labels, pictures)
    return { ...plan, classNames: label === undefined ? undefined : classNamesIn(table, label) }
  },
  read: (split, reading) =>
    readRecords(split, reading, async (path) => {
      const table = await reading.files.parquet(await reading.files.open(path))
      return rowImages(path, table, reading.warn)
    })
}
