import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { fit } from '../../../src/core/preprocessing/fit'
import { distribution } from '../../../src/core/preprocessing/distribution'
import { channelMoments } from '../../../src/core/statistics/moments'
import { addImages, createSummary } from '../../../src/core/statistics/summary'

const folder =
  process.env.NORMSCOPE_FASHION_MNIST ?? join(homedir(), '.cache', 'normscope', 'fashion-mnist')
const images = join(folder, 'train-images-idx3-ubyte.gz')

describe.skipIf(!existsSync(images))('Fashion-MNIST, training split', () => {
  const summary = createSummary({ height: 28, width: 28, channels: 1, dtype: 'uint8' })
  if (existsSync(images)) {
    const pixels = new Uint8Array(gunzipSync(readFileSync(images))).subarray(16)
    addImages(summary, pixels, 60_000)
  }

  it('has exactly the known sums, mean and std', () => {
    const moments = channelMoments(summary)
    expect(moments.sum).toEqual([3431114169])
    expect(moments.sumOfSquares).toEqual([631470052347])
    // bit-equal doubles
    expect(moments.mean).toEqual([72.94035223214286])
    expect(moments.std).toEqual([90.02118235130526])
  })

  it('has the published mean and std after division by 255, and mean 0 and std 1 standardised', () => {
    const unit = distribution(fit({ id: 'unit' }, summary), summary)!
    expect(unit.mean[0]).toBeCloseTo(0.286, 4)
    expect(unit.std[0]).toBeCloseTo(0.353, 4)
    const standardised = distribution(fit({ id: 'standardised' }, summary), summary)!
    expect(Math.abs(standardised.mean[0]!)).toBeLessThan(1e-12)
    expect(standardised.std[0]).toBeCloseTo(1, 12)
  })

  it('has as many effective features raw as divided by 255, and others standardised', () => {
    // NumPy, float64: w = (y**2).mean(axis=0); s = w / w.sum(); exp(-(s * log(s)).sum())
    const features = (['raw', 'unit', 'standardised'] as const).map(
      (id) => distribution(fit({ id }, summary), summary)!.effectiveFeatures
    )
    expect(features[1]).toBeCloseTo(features[0]!, 9)
    expect(features[0]).toBeCloseTo(576.5869475604436, 6)
    expect(features[2]).toBeCloseTo(753.577717919846, 6)
  })

  it('has as many effective features by the variance raw as standardised', () => {
    // NumPy, float64: the same of w = y.var(axis=0)
    const features = (['raw', 'standardised'] as const).map(
      (id) => distribution(fit({ id }, summary), summary)!.varyingFeatures
    )
    expect(features[0]).toBeCloseTo(643.6629793074094, 6)
    expect(features[1]).toBeCloseTo(643.6629793074094, 6)
  })
})
