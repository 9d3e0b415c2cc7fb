import { expect, it } from 'vitest'
import { inFileOrder } from '../../../src/core/dataset/in-file-order'

it('counts the images of a split, from the first on', () => {
  expect([...inFileOrder(5)]).toEqual([0, 1, 2, 3, 4])
  expect(inFileOrder(0)).toHaveLength(0)
})
