import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareNames, sortedByNames } from '../../../src/core/dataset/names'

test('numbers within names count by value', () => {
  const names = ['b', '10.png', '2.png', 'a2', 'a10', '02.png', 'a']
  expect([...names].sort(compareNames)).toEqual([
    '02.png',
    '2.png',
    '10.png',
    'a',
    'a2',
    'a10',
    'b'
  ])
})

test('sorting by several names is sorting by one and then by the next', () => {
  const name = fc.string({ unit: fc.constantFrom('0', '1', '12', 'a', '.', '/'), maxLength: 5 })
  fc.assert(
    fc.property(fc.array(fc.tuple(name, name)), (pairs) => {
      const sorted = sortedByNames(pairs, [([first]) => first, ([, second]) => second])
      const expected = [...pairs].sort(
        (a, b) => compareNames(a[0], b[0]) || compareNames(a[1], b[1])
      )
      expect(sorted).toEqual(expected)
    })
  )
})
