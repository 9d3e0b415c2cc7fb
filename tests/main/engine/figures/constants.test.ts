import { describe, expect, it } from 'vitest'
import { openDataset } from '../../../../src/main/data/open'
import { OpenSet } from '../../../../src/main/engine/dataset/open-set'
import { constantsReport } from '../../../../src/main/engine/figures/constants'
import { engineFolder } from '../engine-set-up'

const { images } = engineFolder()

describe('the report on constants', () => {
  it('is of the open images: divided by 255 they have this mean and std', async () => {
    const set = new OpenSet(await openDataset(images))
    const report = await constantsReport(set, { id: 'custom', centre: [0], divisor: [255] })
    // 12 images of 2 x 2 pixels, image i with the values 10 i … 10 i + 3
    expect(report!.after.mean[0]).toBeCloseTo(56.5 / 255, 10)
  })

  it('is none for a choice that brings no constants', async () => {
    const set = new OpenSet(await openDataset(images))
    expect(await constantsReport(set, { id: 'unit' })).toBeUndefined()
  })
})
