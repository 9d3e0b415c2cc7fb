import { expect, it } from 'vitest'
import { ordered } from '../../../src/core/statistics/ordered'

const keys = [0.5, 2, 0.5, -1, 2]

it.each([
  [false, [3, 0, 2, 1, 4]],
  [true, [1, 4, 0, 2, 3]]
])(
  'indices by their keys, descending %s, equal ones in the order of the file',
  (descending, expected) => {
    expect([...ordered(Uint32Array.of(4, 3, 2, 1, 0), keys, descending)]).toEqual(expected)
  }
)

it('indices of some alone', () => {
  expect([...ordered(Uint32Array.of(1, 2, 3), keys, false)]).toEqual([3, 2, 1])
})
