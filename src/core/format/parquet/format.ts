import { concatenated } from '../concat'
import { labelsFrom, nameOf, RANK, sourcesOf } from '../format'
import type { Format, PlannedSplit } from '../format'
import type { PictureOptions } from '../pictures'
import { recordsSplit } from '../records'
import { shardsOf } from '../shards'
import type { Shards } from '../shards'
import { classNamesIn, columnsOf, rowImages } from './rows'

interface ParquetSplit extends PlannedSplit {
  readonly paths: readonly string[]
  readonly pictures: PictureOptions
  /** a file of labels alone */
  readonly labels?: string
}

const ENDINGS = ['parquet']

/** Tables of images in columns, as Hugging Face and pandas write them. */
export const PARQUET: Format<Shards, ParquetSplit> = {
  id: 'parquet',
  name: 'Parquet',
  pictures: true,
  endings: ENDINGS,
  labelling: 'add a column named label, or give a labels file',
  async recognise(place) {
    if (place.kind === 'file' && place.outer === 'parquet') {
      return { rank: RANK.sure, found: { path: place.path, train: [place.path], test: [] } }
    }
    if (place.kind !== 'folder') return undefined
    const found = shardsOf(place, /\.parquet$/i)
    return found && { rank: RANK.single, found }
  },
  async plan({ path, train, test }, files, labels, pictures = {}) {
    const table = await files.parquet(await files.open(train[0]!))
    const { label } = columnsOf(train[0]!, table)
    return {
      name: nameOf(path, ENDINGS),
      sources: sourcesOf([...train, ...test, labels]),
      recipe: JSON.stringify(['parquet', train.length, labels !== undefined, pictures]),
      train: { path: train[0]!, paths: train, pictures, labels },
      test: test.length === 0 ? undefined : { path: test[0]!, paths: test, pictures },
      classNames: label === undefined ? undefined : classNamesIn(table, label),
      warnings: []
    }
  },
  async read({ paths, pictures, labels }, reading) {
    const { files, warn } = reading
    const opened = await concatenated(
      paths.map((path) => ({
        path,
        async open() {
          const table = await files.parquet(await files.open(path))
          return recordsSplit(path, rowImages(path, table, warn), files, pictures, warn)
        }
      }))
    )
    return { ...opened, labels: labelsFrom(labels, reading) ?? opened.labels }
  }
}
