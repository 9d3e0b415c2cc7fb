import { describe, expect, it } from 'vitest'
import { levelDistribution } from '../../../src/core/preprocessing/distribution'
import { distributionFromImages } from '../../../src/core/preprocessing/image-distribution'
import { fit } from '../../../src/core/preprocessing/fit'
import {
  hasImageConstants,
  scaledRoom,
  scaleImages
} from '../../../src/core/preprocessing/image-constants'
import {
  countLevels,
  hasImageLevels,
  levelFrame,
  levelRange,
  mergeLevels
} from '../../../src/core/preprocessing/image-levels'
import { imageMomentsOf } from '../../../src/core/preprocessing/image-moments'
import { CHOICE_IDS } from '../../../src/core/preprocessing/preprocessing'
import type { FittedPreprocessing } from '../../../src/core/preprocessing/preprocessing'
import { createRandom } from '../../../src/core/random'
import { binEdges } from '../../../src/core/statistics/counting/bins'
import { PLAIN_KERNELS } from '../../../src/core/statistics/kernels/plain'
import { addImages, createSummary } from '../../../src/core/statistics/summary'
import type { Summary } from '../../../src/core/statistics/summary'
import { furthest } from '../statistics/reference'

const IDS = ['per-image', 'per-image-range', 'per-image-length', 'equalised'] as const
/** Prime, so that of one image's values none but the ends lie on an edge, where rounding decides. */
const BINS = 97

interface Images {
  readonly pixels: Uint8Array
  readonly count: number
  readonly summary: Summary
}

/** Images of random bytes, many of them 0; the second is constant. */
function randomImages(channels: number, count: number, height: number, width: number): Images {
  const random = createRandom(11)
  const features = height * width * channels
  const pixels = Uint8Array.from({ length: count * features }, () =>
    random.uniform() < 0.4 ? 0 : Math.floor(random.uniform() * 256)
  )
  if (count > 1) pixels.fill(7, features, 2 * features)
  const summary = createSummary({ height, width, channels, dtype: 'uint8' })
  addImages(summary, pixels, count)
  return { pixels, count, summary }
}

function measured(fitted: FittedPreprocessing, { pixels, summary }: Images, cuts: number[]) {
  const features = pixels.length / summary.count
  const scaled = hasImageConstants(fitted) ? scaledRoom(summary.count) : undefined
  const range = scaled ? scaleImages(fitted, summary.images, scaled) : levelRange(fitted, pixels)
  const edges = binEdges(range.min, range.max, BINS)
  const frame = levelFrame(fitted, pixels.subarray(0, features), range, edges)
  const counts = mergeLevels(
    [0, ...cuts].map((from, at) => {
      const to = cuts[at] ?? summary.count
      const part = pixels.subarray(from * features, to * features)
      const constants = scaled && {
        centres: scaled.centres.subarray(from, to),
        divisors: scaled.divisors.subarray(from, to)
      }
      return countLevels(part, [{ ...frame, constants }], PLAIN_KERNELS)[0]!
    })
  )
  const moments = scaled?.moments ?? counts.moments!
  return { range, distribution: levelDistribution(frame, range, counts), counts, moments }
}

describe('choices whose values follow from the counts of an image', () => {
  it('are those of each image alone', () => {
    const { summary } = randomImages(1, 3, 4, 4)
    const found = CHOICE_IDS.filter(
      (id) => id !== 'whitened' && id !== 'custom' && hasImageLevels(fit({ id }, summary))
    )
    expect(found).toEqual(IDS)
  })

  const sets: [string, Images][] = [
    ['grey', randomImages(1, 40, 7, 5)],
    ['colour', randomImages(3, 40, 6, 4)],
    ['one', randomImages(1, 1, 9, 9)]
  ]
  const cases = sets.flatMap(([name, images]) => IDS.map((id) => [name, id, images] as const))

  it.each(cases)('%s images under %s have what their values have one by one', async (...given) => {
    const [, id, images] = given
    const fitted = fit({ id }, images.summary)
    const { distribution, moments: found, range } = measured(fitted, images, [])
    const seen = await distributionFromImages(fitted, () => [images.pixels], images.count, {
      bins: BINS
    })
    expect(Array.from(distribution.counts)).toEqual(Array.from(seen.counts))
    expect(distribution.shareAtMinimum).toBeCloseTo(seen.shareAtMinimum, 12)
    expect(furthest(distribution.mean, seen.mean)).toBeLessThan(1e-12)
    expect(furthest(distribution.std, seen.std)).toBeLessThan(1e-12)
    expect(furthest([range.min, range.max], [seen.min, seen.max])).toBeLessThan(1e-12)
    expect(distribution.effectiveFeatures).toBeCloseTo(seen.effectiveFeatures, 8)
    expect(distribution.varyingFeatures).toBeCloseTo(seen.varyingFeatures, 8)
    const moments = imageMomentsOf(fitted, images.pixels)
    for (const key of ['mean', 'std', 'min', 'max'] as const) {
      expect(furthest(found[key], moments[key]), key).toBeLessThan(1e-12)
    }
  })

  it('are counted in parts as in one', () => {
    const images = randomImages(1, 40, 7, 5)
    for (const id of IDS) {
      const fitted = fit({ id }, images.summary)
      const whole = measured(fitted, images, [])
      const cut = measured(fitted, images, [1, 17, 18])
      expect(cut.counts.counts).toEqual(whole.counts.counts)
      expect(cut.counts.atMinimum).toBe(whole.counts.atMinimum)
      expect(cut.moments).toEqual(whole.moments)
      expect(furthest(cut.distribution.std, whole.distribution.std)).toBeLessThan(1e-13)
    }
  })
})
