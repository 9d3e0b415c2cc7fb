import { describe, expect, it } from 'vitest'
import type { ChoiceRow } from '../../../../src/contract/engine'
import { choiceTable } from '../../../../src/main/engine/figures/choice-table'

const row = (own: Partial<ChoiceRow>): ChoiceRow => ({
  choice: { id: 'standardised' },
  mean: [0],
  std: [1],
  ...{ min: -0.8, max: 2, shareAtMinimum: 0.5, effectiveFeatures: 721, varyingFeatures: 648 },
  ...own
})
const meanOf = (own: Partial<ChoiceRow>): string | undefined => choiceTable([row(own)]).rows[0]?.[1]

describe('the table of choices for print', () => {
  it('reads a mean that is 0 but for rounding as 0', () => {
    expect(meanOf({ mean: [-1.9766e-17] })).toBe('0')
    expect(meanOf({ mean: [-1.3e-16, 0.25] })).toBe('0 0.25')
  })
  it('keeps six digits, whatever the range', () => {
    expect(meanOf({ mean: [72.940_42], min: 0, max: 255 })).toBe('72.9404')
    expect(meanOf({ mean: [0.000_123_456], min: 0, max: 0.001 })).toBe('0.000123456')
    expect(meanOf({ mean: [7], min: 7, max: 7 })).toBe('7')
  })
})
