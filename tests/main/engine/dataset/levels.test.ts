import { expect, test } from 'vitest'
import { fit } from '../../../../src/core/preprocessing/fit'
import { openDataset } from '../../../../src/main/data/open'
import { measureLevels } from '../../../../src/main/engine/dataset/levels'
import { summarise } from '../../../../src/main/engine/dataset/prepare'
import { temporaryFolder } from '../../../desktop/project'
import { factsOf } from '../../data/helpers'
import { writeSmallImages } from '../small-images'

test('images whose file is gone are told of once: nothing is left that nobody catches', async () => {
  const folder = temporaryFolder()
  const unhandled: unknown[] = []
  const told = (reason: unknown): void => void unhandled.push(reason)
  process.prependListener('unhandledRejection', told)
  try {
    const dataset = await openDataset(writeSmallImages(folder.path, 40, 10))
    const summary = await summarise(dataset, 'train')
    const gone = structuredClone(dataset)
    Object.assign(gone.splits.train.pixels, { path: `${dataset.splits.train.pixels.path}.gone` })
    const choices = (['equalised', 'per-image'] as const).map((id) => fit({ id }, summary))
    const facts = await factsOf(() => measureLevels(gone, ['train'], summary, choices, 16))
    expect(facts.code).toBe('missing-file')
    await new Promise((resolve) => setImmediate(resolve))
    expect(unhandled).toEqual([])
  } finally {
    process.off('unhandledRejection', told)
    folder.remove()
  }
})
