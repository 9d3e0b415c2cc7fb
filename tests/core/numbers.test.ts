import { describe, expect, it } from 'vitest'
import {
  bytesText,
  compact,
  duration,
  exactText,
  grouped,
  percent,
  plain,
  tickText
} from '../../src/core/numbers'

describe('numbers as people read them', () => {
  it('shortens counts to three digits with k and M', () => {
    expect(compact(131200)).toBe('131k')
    expect(compact(12500)).toBe('12.5k')
    expect(compact(10_000_000)).toBe('10M')
    expect(compact(999)).toBe('999')
    expect(compact(999_999)).toBe('1M')
  })
  it('says bytes in the unit that keeps them short', () => {
    expect(bytesText(1_234_567)).toBe('1.2 MB')
    expect(bytesText(30_400_000)).toBe('30 MB')
    expect(bytesText(2e9)).toBe('2.0 GB')
    expect(bytesText(512)).toBe('0.5 kB')
  })
  it('separates thousands', () => {
    expect(grouped(60000)).toBe('60,000')
    expect(grouped(1234567.891, 2)).toBe('1,234,567.89')
    expect(grouped(-1200)).toBe('−1,200')
  })
  it('writes a true minus sign, and none before zero', () => {
    expect(plain(-0.8102)).toBe('−0.8102')
    expect(plain(0)).toBe('0')
    expect(percent(-0.05)).toBe('−5.0 %')
    expect(grouped(-0.2)).toBe('0')
  })
  it('keeps four significant digits', () => {
    expect(plain(72.94035223214286)).toBe('72.94')
    expect(plain(0.28604059)).toBe('0.286')
    expect(plain(2.649080393828342e21)).toBe('2.649e+21')
    expect(plain(-2e15)).toBe('−2e+15')
    expect(plain(9.99e14)).toBe('999,000,000,000,000')
    expect(plain(NaN)).toBe('–')
    expect(exactText(Infinity, 'number')).toBe('∞')
    expect(exactText(-Infinity, 'percent')).toBe('−∞')
    expect(exactText(NaN, 'count')).toBe('–')
  })
  it('says a duration in at most two units', () => {
    expect(duration(4.56)).toBe('4.6 s')
    expect(duration(38.2)).toBe('38 s')
    expect(duration(59.7)).toBe('1 min')
    expect(duration(125)).toBe('2 min 5 s')
    expect(duration(3840)).toBe('1 h 4 min')
  })
  it('gives ticks the decimals that their step needs', () => {
    expect(tickText(0.2, 'percent', 0.2)).toBe('20 %')
    expect(tickText(0.825, 'percent', 0.025)).toBe('82.5 %')
    expect(tickText(0.25, 'number', 0.25)).toBe('0.25')
    expect(tickText(-400, 'number', 200)).toBe('−400')
    expect(tickText(1e7, 'count', 1e7)).toBe('10M')
    expect(tickText(1.5, 'integer', 0.5)).toBe('')
  })
  it('gives tooltips exact counts', () => {
    expect(exactText(23615142, 'count')).toBe('23,615,142')
    expect(exactText(0.99984, 'percent')).toBe('99.98 %')
  })
  it('never calls a share all when it is not', () => {
    expect(percent(0.8473)).toBe('84.7 %')
    expect(percent(0.9998)).toBe('99.98 %')
    expect(percent(0.99999)).toBe('99.99 %')
    expect(percent(0.999999, 2)).toBe('99.999 %')
    expect(percent(1)).toBe('100.0 %')
    // ten tenths, summed
    expect(percent(0.1 + 0.2 + 0.3 + 0.1 + 0.1 + 0.1 + 0.1)).toBe('100.0 %')
  })
  it('writes a dash where there is no number', () => {
    expect([plain, grouped, percent].map((write) => write(undefined))).toEqual(['–', '–', '–'])
    expect([plain, grouped, percent].map((write) => write(NaN))).toEqual(['–', '–', '–'])
  })
})
