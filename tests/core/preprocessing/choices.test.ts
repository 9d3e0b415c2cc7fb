import { expect, it } from 'vitest'
import { choiceRecord } from '../../../src/core/preprocessing/choices'

it('A choice has the name that people read', () => {
  expect(choiceRecord('raw').name).toBe('As stored')
  expect(choiceRecord('unit').name).toBe('Rescaled to [0, 1]')
})
