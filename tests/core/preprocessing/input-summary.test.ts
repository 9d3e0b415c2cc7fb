import { describe, expect, it } from 'vitest'
import { withInput } from '../../../src/core/preprocessing/apply'
import { fit } from '../../../src/core/preprocessing/fit'
import { inputSummary, sampledInputSummary } from '../../../src/core/preprocessing/input-summary'
import type { InputSummary } from '../../../src/core/preprocessing/input-summary'
import { addImages, createSummary } from '../../../src/core/statistics/summary'
import type { Summary } from '../../../src/core/statistics/summary'
import { runRecord } from '../../../src/core/study/record-schema'
import { runRecord as aRun } from '../../renderer/fixtures/runs'
import { furthest, pixelsOf, REFERENCE, summaryOf } from '../statistics/reference'

const bytes = (images: readonly (readonly number[])[], channels = 1): Summary => {
  const width = images[0]!.length / channels
  const summary = createSummary({ height: 1, width, channels, dtype: 'uint8' })
  addImages(summary, Uint8Array.from(images.flat()), images.length)
  return summary
}

describe.each(REFERENCE)('what a network is given by $name', (one) => {
  const summary = summaryOf(one)
  const { featureMean, featureStd } = one.moments
  const found = inputSummary(fit({ id: 'raw' }, summary), summary)!

  it('has the moments that NumPy finds', () => {
    const features = featureMean.length
    const second = featureMean.reduce((sum, m, f) => sum + m ** 2 + featureStd[f]! ** 2, 0)
    const mean = featureMean.reduce((sum, m) => sum + m, 0) / features
    expect(found.features).toBe(features)
    expect(furthest([found.mean, found.secondMoment], [mean, second / features])).toBeLessThan(1e-9)
    expect(found.std ** 2 + found.mean ** 2).toBeCloseTo(found.secondMoment, 6)
    expect(found.constantFeatures).toBe(featureStd.filter((std) => std === 0).length)
    expect(found.stored.mean).toEqual(one.moments.mean)
  })

  it('is the same from the images as from the counts', () => {
    for (const id of ['standardised', 'standardised-per-pixel', 'symmetric'] as const) {
      const fitted = fit({ id }, summary)
      const counted = inputSummary(fitted, summary)!
      const seen = sampledInputSummary(fitted, pixelsOf(one), summary)
      const numbers = (of: InputSummary): number[] => [
        of.mean,
        of.std,
        of.secondMoment,
        of.featureStd.max,
        of.featureRange.median,
        of.effectiveBySecondMoment
      ]
      expect(furthest(numbers(seen), numbers(counted))).toBeLessThan(1e-6)
      expect(seen.sampledImages).toBeUndefined()
    }
  })
})

describe('what a network is given', () => {
  const set = bytes([
    [0, 0, 10, 100],
    [0, 2, 10, 200]
  ])

  it('counts constant features, and measures the others', () => {
    const found = inputSummary(fit({ id: 'raw' }, set), set)!
    // stds 0, 1, 0, 50
    expect(found.constantFeatures).toBe(2)
    expect(found.featureStd).toEqual({ median: 50, max: 50 })
    expect(found.featureRange).toEqual({ median: 100, max: 100 })
    // shares of the variance: 1 and 2500 of 2501
    const [a, b] = [1 / 2501, 2500 / 2501]
    expect(found.effectiveByVariance).toBeCloseTo(Math.exp(-a * Math.log(a) - b * Math.log(b)), 9)
  })

  it('has no constant feature of one by a shift: an all-black set under [-1, 1] has no variance', () => {
    const black = bytes([
      [0, 0],
      [0, 0]
    ])
    const found = inputSummary(fit({ id: 'symmetric' }, black), black)!
    expect(found).toMatchObject({ mean: -1, secondMoment: 1, std: 0, constantFeatures: 2 })
    expect(found.effectiveBySecondMoment).toBeCloseTo(2, 9)
    expect(found.effectiveByVariance).toBe(0)
  })

  it('tells the test images from the training images by the channel that differs most', () => {
    // two channels; means 50 and 100, stds 50 and 50
    const train = bytes(
      [
        [0, 50],
        [100, 150]
      ],
      2
    )
    const test = bytes(
      [
        [50, 200],
        [70, 210]
      ],
      2
    )
    const found = inputSummary(fit({ id: 'unit' }, train), train, test)!
    expect(found.test!.shift).toBeCloseTo((205 - 100) / 50, 9)
    expect(found.test!.spread).toBeCloseTo(5 / 50, 9)
    expect(inputSummary(fit({ id: 'unit' }, train), train)!.test).toBeUndefined()
  })

  it('needs images where the choice is each image’s own', () => {
    expect(inputSummary(fit({ id: 'per-image' }, set), set)).toBeUndefined()
    const pixels = Uint8Array.from([0, 2, 10, 200])
    const found = sampledInputSummary(fit({ id: 'per-image' }, set), pixels, set)
    expect(found.mean).toBeCloseTo(0, 9)
    expect(found.std).toBeCloseTo(1, 9)
    expect(found.sampledImages).toBe(1)
  })

  it('is scaled and shifted as the run says', () => {
    const given = withInput(fit({ id: 'raw' }, set), { scale: -2, offset: 5 })
    const counted = inputSummary(given, set)!
    // values -2 x + 5 of 0, 1, 10, 150 on average
    expect(counted.mean).toBe(-2 * (161 / 4) + 5)
    expect(counted.featureStd.max).toBe(100)
    const seen = sampledInputSummary(given, Uint8Array.from([0, 0, 10, 100, 0, 2, 10, 200]), set)
    expect(seen.mean).toBeCloseTo(counted.mean, 9)
    expect(seen.featureRange).toEqual(counted.featureRange)
  })

  it('is kept with the run, and absent in files without it', () => {
    const record = aRun({ inputSummary: inputSummary(fit({ id: 'raw' }, set), set)! })
    expect(runRecord.parse(record).inputSummary).toEqual(record.inputSummary)
    expect(runRecord.parse(aRun({})).inputSummary).toBeUndefined()
  })
})
