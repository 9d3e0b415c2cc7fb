import { expect, it } from 'vitest'
import { choiceName } from '../../../src/core/explanation/words'

it('A choice has the name that people read', () => {
  expect(choiceName('raw')).toBe('Raw bytes')
  expect(choiceName('unit')).toBe('Rescaled to [0, 1]')
})
