import { mkdtempSync, copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readLabels } from '../../../../src/main/data/labels'
import { encodePredictions, encodeWrong } from '../../../../src/core/study/predictions'
import type { RunConfig } from '../../../../src/core/network/config'
import type { RunRecord } from '../../../../src/core/study/run'
import { holdOut } from '../../../../src/core/dataset/holdout'
import { smallRows } from '../small-images'
import { config, engineFolder, value } from '../engine-set-up'
import type { TestEngine } from '../engine-set-up'

const { folder, images, setUp } = engineFolder()

/** A run that ends with these classes of its images, by their order. */
async function ended(
  { engine, given, trainers, runs }: TestEngine,
  guesses: Pick<RunRecord, 'predictions' | 'wrongTraining'>,
  own: Partial<RunConfig> = {}
): Promise<string> {
  const { ids } = await value(engine.enqueue({ configs: [{ ...config, ...own }] }))
  await given(0, ids[0]!)
  const end = { type: 'ended', id: ids[0]!, status: 'finished', notes: [] } as const
  trainers[0]!.tell({ ...end, results: guesses })
  expect((await runs()).at(-1)?.status).toBe('finished')
  return ids[0]!
}

const wrong = async (
  { engine }: TestEngine,
  split: 'train' | 'test',
  wrongIn: string,
  more: object = {}
): Promise<number[]> => [
  ...(await value(
    engine.imageIndices({ split, sortBy: 'index', descending: false, wrongIn, ...more })
  ))
]

describe('the images that a run gets wrong', () => {
  it('are those of either split whose label it does not name', async () => {
    const set = setUp('wrong')
    await value(set.engine.openDataset({ paths: [images] }))
    // image i is of class i % 3
    const labels = Int32Array.from({ length: 12 }, (_, i) => i % 3)
    const guesses = labels.map((label, i) => ([1, 7, 11].includes(i) ? (label + 1) % 3 : label))
    const id = await ended(set, {
      predictions: encodePredictions(Int32Array.of(0, 1, 0, 0, -1, 2)),
      wrongTraining: encodeWrong(labels, guesses)
    })
    expect(await wrong(set, 'train', id)).toEqual([1, 7, 11])
    expect(await wrong(set, 'test', id)).toEqual([2, 4])
    expect(await wrong(set, 'train', id, { classes: [1] })).toEqual([1, 7])
    expect(await wrong(set, 'train', id, { descending: true })).toEqual([11, 7, 1])
  })

  it('are told by their places in the data set where the run used some of them only', async () => {
    const set = setUp('some')
    await value(set.engine.openDataset({ paths: [images] }))
    const own = { classes: [2, 0] as [number, number], limit: 5, output: 'sigmoid' as const }
    const { rows } = smallRows(own)
    const labels = Int32Array.from(rows, (row) => (row % 3 === 2 ? 0 : 1))
    const guesses = labels.map((label, i) => (i === 1 || i === 4 ? 1 - label : label))
    const id = await ended(
      set,
      {
        // test images 0, 2, 3, 5 are of the two classes
        predictions: encodePredictions(Int32Array.of(1, 1, 0, 0)),
        wrongTraining: encodeWrong(labels, guesses)
      },
      own
    )
    expect(await wrong(set, 'train', id)).toEqual([rows[1], rows[4]])
    expect(await wrong(set, 'test', id)).toEqual([2, 3])
  })

  it('are training images where the run tested on images that were held out of them', async () => {
    const set = setUp('held')
    const alone = mkdtempSync(join(folder, 'held-'))
    for (const name of ['train-images-idx3-ubyte', 'train-labels-idx1-ubyte']) {
      copyFileSync(join(images, name), join(alone, name))
    }
    const dataset = await value(set.engine.openDataset({ paths: [alone] }))
    const parts = holdOut(await readLabels(dataset, 'train'), 3, 1 / 6, 0)
    const classOf = (place: number): number => place % 3
    const test = Int32Array.from(
      parts.test,
      (place, at) => (classOf(place) + (at === 1 ? 1 : 0)) % 3
    )
    const own = Int32Array.from(parts.train, classOf)
    const guesses = own.map((label, at) => (at === 2 ? (label + 1) % 3 : label))
    const id = await ended(set, {
      predictions: encodePredictions(test),
      wrongTraining: encodeWrong(own, guesses)
    })
    expect(await wrong(set, 'train', id)).toEqual(
      [parts.test[1]!, parts.train[2]!].sort((a, b) => a - b)
    )
  })

  it('are not known of a run that is not there, or that kept nothing of them', async () => {
    const set = setUp('unknown')
    await value(set.engine.openDataset({ paths: [images] }))
    const id = await ended(set, { predictions: encodePredictions(new Int32Array(6)) })
    const ask = (split: 'train' | 'test', wrongIn: string) =>
      set.engine.imageIndices({ split, sortBy: 'index', descending: false, wrongIn })
    expect(await ask('test', id)).toMatchObject({ ok: true })
    expect(await ask('train', id)).toMatchObject({ ok: false, error: { code: 'no-predictions' } })
    expect(await ask('test', 'gone')).toMatchObject({ ok: false, error: { code: 'no-such-run' } })
  })
})
