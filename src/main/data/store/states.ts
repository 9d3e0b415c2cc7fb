import { stat } from 'node:fs/promises'
import type { Dataset, Split, StoredArray } from '../../../core/dataset/dataset'
import { onFile, stateOf } from '../../disk/files'

/**
 * The data set with the states of its files, by which reads tell that one has changed since.
 * Those that are `known` were taken before a file was read.
 */
export async function withStates(
  dataset: Dataset,
  known: ReadonlyMap<string, string> = new Map()
): Promise<Dataset> {
  const of = async (array: StoredArray): Promise<StoredArray> => ({
    ...array,
    state: known.get(array.path) ?? stateOf(await onFile(array.path, () => stat(array.path)))
  })
  const split = async (part: Split): Promise<Split> => ({
    ...part,
    pixels: await of(part.pixels),
    ...(part.labels && { labels: await of(part.labels) })
  })
  const { train, test } = dataset.splits
  const splits = { train: await split(train), ...(test && { test: await split(test) }) }
  return { ...dataset, splits }
}
