import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { experimentKind } from '../../../../src/core/experiment/kind'
import type { ChoiceSpec } from '../../../../src/core/preprocessing/preprocessing'
import type { TrainingImages } from '../../../../src/core/study/experiment'
import { decodePredictions } from '../../../../src/core/study/predictions'
import { openDataset } from '../../../../src/main/data/open'
import { OpenSet } from '../../../../src/main/engine/dataset/open-set'
import { experimentFacts } from '../../../../src/main/engine/experiments/facts'
import { z } from 'zod'
import { engineFolder } from '../engine-set-up'
import { smallRows, writeEvenImages } from '../small-images'

const { images } = engineFolder()

const asking = (choices: readonly ChoiceSpec[], of?: TrainingImages) =>
  experimentKind({
    ...{ id: 'test', name: 'Test', question: '?', ask: z.null(), choices: () => choices },
    ...(of && { images: () => of }),
    plan: () => [],
    outcome: () => ({ sentence: '', figures: [], tables: [], notes: [], data: null })
  })

async function factsOf(choices: readonly ChoiceSpec[], of?: TrainingImages) {
  const set = new OpenSet(await openDataset(images))
  return experimentFacts(set, asking(choices, of), null)
}

// 12 images of 2 x 2 pixels, image i with the values 10 i, 10 i + 1, 10 i + 2 and 10 i + 3
const MEAN = 55 + 1.5
const STD = Math.sqrt((100 * (12 ** 2 - 1)) / 12 + (4 ** 2 - 1) / 12)

describe('what an experiment knows of its data', () => {
  it('are counts, and mean and std of what each choice makes of the training images', async () => {
    const choices = ['raw', 'unit', 'standardised'] as const
    const facts = await factsOf(choices.map((id) => ({ id })))
    expect(facts).toMatchObject({ features: 4, classes: 3, trainCount: 12, testCount: 6 })
    const [raw, unit, standardised] = facts.inputs
    expect(raw?.mean).toBeCloseTo(MEAN, 10)
    expect(raw?.std).toBeCloseTo(STD, 10)
    expect(unit?.mean).toBeCloseTo(MEAN / 255, 10)
    expect(unit?.std).toBeCloseTo(STD / 255, 10)
    expect(standardised?.mean).toBeCloseTo(0, 10)
    expect(standardised?.std).toBeCloseTo(1, 10)
  })
  it('name the one map of all values that a choice is, and none where it is not one', async () => {
    const choices = ['raw', 'symmetric', 'standardised', 'standardised-per-pixel', 'per-image']
    const { inputs } = await factsOf(choices.map((id) => ({ id })) as ChoiceSpec[])
    expect(inputs[0]?.affine).toEqual({ scale: 1, offset: 0 })
    expect(inputs[1]?.affine?.scale).toBeCloseTo(2 / 255, 12)
    expect(inputs[1]?.affine?.offset).toBeCloseTo(-1, 12)
    expect(inputs[2]?.affine?.scale).toBeCloseTo(1 / STD, 10)
    expect(inputs[2]?.affine?.offset).toBeCloseTo(-MEAN / STD, 10)
    expect(inputs.slice(3).map(({ affine }) => affine)).toEqual([undefined, undefined])
  })
  it('are of the images that the runs train on, where these are not all', async () => {
    const part: TrainingImages = { classes: [0, 2], limit: 4 }
    const facts = await factsOf([{ id: 'raw' }], part)
    expect(facts).toMatchObject({ classes: 2, trainCount: 4, testCount: 4 })
    expect(facts.inputs[0]?.mean).toBeCloseTo(smallRows(part).first + 1.5, 10)
  })
  it('are the mean of each pixel and how bright each test image is, where a kind needs that', async () => {
    const set = new OpenSet(await openDataset(images))
    const facts = async (of?: TrainingImages) =>
      (await experimentFacts(set, { ...asking([], of), needs: ['images'] }, null)).images!
    const all = await facts()
    expect(all).toMatchObject({ height: 2, width: 2, channels: 1, brightAbove: 127.5 })
    // mean of 10 i over i = 0 … 11 is 55
    expect(all.pixelMeans).toEqual([55, 56, 57, 58])
    expect([...decodePredictions(all.testLabels!)]).toEqual([0, 1, 2, 0, 1, 2])
    // the brightest test image has the values 50 … 53: none is bright
    expect([...decodePredictions(all.testBright!)]).toEqual([0, 0, 0, 0, 0, 0])
    // classes 2 and 0 are a run's 0 and 1
    const two = await facts({ classes: [2, 0] })
    expect([...decodePredictions(two.testLabels!)]).toEqual([1, 0, 1, 0])
  })
  it('count the values above the middle of the range in thousandths of an image', async () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'bright-')), 'set')
    // test images are held out of these: values 0 or 200 throughout, by class
    const values = Array.from({ length: 12 }, (_, at) => (at % 2) * 200)
    const set = new OpenSet(await openDataset(writeEvenImages(folder, 2, values)))
    const { images: found } = await experimentFacts(set, { ...asking([]), needs: ['images'] }, null)
    const labels = [...decodePredictions(found!.testLabels!)]
    expect(labels.length).toBeGreaterThan(0)
    expect([...decodePredictions(found!.testBright!)]).toEqual(labels.map((label) => 1000 * label))
    rmSync(join(folder, '..'), { recursive: true })
  })
  it('are the eigenvalues of the input too, where a kind needs them', async () => {
    const set = new OpenSet(await openDataset(images))
    const kind = { ...asking([{ id: 'raw' }]), needs: ['curvature' as const] }
    const [raw] = (await experimentFacts(set, kind, null)).inputs
    // x = (v, v + 1, v + 2, v + 3, 1): two directions, v and 1, make up all images
    expect(raw!.curvature).toMatchObject({ zero: 3, inputs: 5, images: 12 })
    // the greatest eigenvalue is at least the mean square along any direction, here (1, 1, 1, 1, 0) / 2
    const squares = Array.from({ length: 12 }, (_, i) => (4 * 10 * i + 6) ** 2 / 4)
    const along = squares.reduce((sum, square) => sum + square, 0) / 12
    expect(raw!.curvature!.largest).toBeGreaterThanOrEqual(along)
  })
  it('are refused of classes that have no images', async () => {
    await expect(factsOf([{ id: 'raw' }], { classes: [7, 8] })).rejects.toThrow(
      /no training images/
    )
  })
})
