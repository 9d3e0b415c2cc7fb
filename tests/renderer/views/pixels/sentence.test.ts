import { describe, expect, test } from 'vitest'
import type { ChoiceRow } from '../../../../src/contract/engine'
import type { ChoiceId } from '../../../../src/core/preprocessing/preprocessing'
import {
  channelTexts,
  endText,
  shareText,
  tableCsv
} from '../../../../src/renderer/views/pixels/choice-numbers'
import { tableSentence } from '../../../../src/renderer/views/pixels/sentence'

function row(id: Exclude<ChoiceId, 'custom'>, parts: Partial<ChoiceRow>): ChoiceRow {
  return {
    choice: { id },
    mean: [72.94],
    std: [90.02],
    min: 0,
    max: 255,
    shareAtMinimum: 0.502,
    effectiveFeatures: 577,
    varyingFeatures: 644,
    ...parts
  }
}
const RAW = row('raw', {})
const UNIT = row('unit', { mean: [72.94 / 255], std: [90.02 / 255], max: 1 })
const STANDARDISED = row('standardised', {
  mean: [0],
  std: [1],
  min: -0.8103,
  max: 2.0224,
  effectiveFeatures: 754
})

describe('the sentence under the table', () => {
  test('says that a division leaves the shape, and what changes it', () => {
    expect(tableSentence([RAW, UNIT, STANDARDISED], 784)).toBe(
      'Dividing by 255 rescales the axis but leaves the shape unchanged: every pixel keeps its share of the input. Standardised, whole set changes the shares: 754 effective features instead of 577, but as many as before by the variance, 644.'
    )
    const perPixel = { ...STANDARDISED, varyingFeatures: 770 }
    expect(tableSentence([RAW, UNIT, perPixel], 784)).toContain(
      'instead of 577, and 770 instead of 644 by the variance.'
    )
  })

  test('does not claim it when the effective features differ', () => {
    const other = { ...UNIT, effectiveFeatures: 600 }
    expect(tableSentence([RAW, other], 784)).not.toContain('Dividing')
  })

  test('does not claim it when the channels were divided by different numbers', () => {
    const raw = row('raw', { mean: [100, 100], std: [50, 50] })
    const unit = row('unit', { mean: [100 / 255, 1], std: [50 / 255, 0.5], max: 1 })
    expect(tableSentence([raw, unit], 784)).not.toContain('Dividing')
  })

  test('names the divisor of 16-bit images', () => {
    const raw = row('raw', { max: 65535, mean: [9000], std: [8000] })
    const unit = row('unit', { max: 1, mean: [9000 / 65535], std: [8000 / 65535] })
    expect(tableSentence([raw, unit], 784)).toContain('Dividing by 65,535 rescales the axis')
  })

  test('says nothing of a division by one', () => {
    expect(tableSentence([RAW, { ...RAW, choice: { id: 'unit' } }], 784)).toBe(
      'These choices spread the input alike: as over 577 equally strong features of 784.'
    )
  })

  test('otherwise names the widest and the narrowest spread', () => {
    expect(tableSentence([UNIT, STANDARDISED], 784)).toBe(
      'Standardised, whole set spreads the input most widely (754 effective features of 784), Rescaled to [0, 1] least (577).'
    )
  })

  test('speaks of one choice alone, and of none not at all', () => {
    expect(tableSentence([UNIT], 784)).toContain('577 equally strong features of 784')
    expect(tableSentence([], 784)).toBeUndefined()
  })
})

describe('the numbers of the table', () => {
  test('keep as many decimals as the range deserves', () => {
    expect(channelTexts(RAW.mean, RAW)).toEqual(['72.94'])
    expect(channelTexts(UNIT.mean, UNIT)).toEqual(['0.286'])
    expect(channelTexts([-1e-9], STANDARDISED)).toEqual(['0.000'])
    expect(endText(STANDARDISED.min, STANDARDISED)).toBe('−0.81')
    expect(endText(255, RAW)).toBe('255')
    expect(shareText(RAW)).toBe('50.2 %')
  })

  test('go to the CSV at full precision, one line a channel', () => {
    const rgb = row('raw', { mean: [1, 2, 3], std: [4, 5, 6], approximation: 'sampled, 10,000' })
    const lines = tableCsv([{ row: rgb, split: 'train' }])
      .trimEnd()
      .split('\r\n')
    expect(lines).toHaveLength(4)
    expect(lines[3]).toBe('raw,train,2,3,6,0,255,0.502,577,644,"sampled, 10,000"')
  })
})
