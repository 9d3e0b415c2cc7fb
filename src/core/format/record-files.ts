import { concatenated } from './concat'
import { labelsFrom, nameOf, sourcesOf } from './format'
import type { Format, Plan, PlannedSplit, Reading } from './format'
import type { OpenedSplit } from './opened'
import type { PictureOptions } from './pictures'
import { PictureNotes, recordsSplit } from './records'
import type { ImageRecord } from './records'
import type { Shards } from './shards'

/** A split in files of records, read one after the other. */
export interface RecordSplit extends PlannedSplit {
  readonly paths: readonly string[]
  readonly pictures: PictureOptions
  /** a file of labels alone */
  readonly labels?: string
}

/** What is to be read of files of records. */
export function planRecords(
  { id, endings }: Pick<Format, 'id' | 'endings'>,
  { path, train, test }: Shards,
  labels: string | undefined,
  pictures: PictureOptions = {}
): Plan<RecordSplit> {
  return {
    name: nameOf(path, endings),
    sources: sourcesOf([...train, ...test, labels]),
    recipe: JSON.stringify([id, train.length, labels !== undefined, pictures]),
    train: { path: train[0]!, paths: train, pictures, labels },
    test: test.length === 0 ? undefined : { path: test[0]!, paths: test, pictures },
    warnings: []
  }
}

/** `recordsOf`: the images of one file, as they come. */
export async function readRecords(
  { paths, pictures, labels }: RecordSplit,
  reading: Reading,
  recordsOf: (path: string) => Promise<AsyncIterable<readonly ImageRecord[]>>
): Promise<OpenedSplit> {
  const { files, warn } = reading
  const notes = new PictureNotes()
  const opened = await concatenated(
    paths.map((path) => ({
      path,
      open: async () => recordsSplit(path, await recordsOf(path), files, pictures, warn, notes)
    }))
  )
  return {
    ...opened,
    async *chunks() {
      yield* opened.chunks()
      notes.say(pictures, warn)
    },
    labels: labelsFrom(labels, reading) ?? opened.labels
  }
}
