import { describe, expect, it } from 'vitest'
import { isWithin, limitsText } from '../../src/core/limits'
import type { Limits } from '../../src/core/limits'

describe('limits of a number', () => {
  it.each<[Limits, string, readonly number[], readonly number[]]>([
    [
      { min: 1, max: 8, integer: true },
      'a whole number from 1 to 8',
      [1, 8],
      [0, 9, 1.5, Infinity, NaN]
    ],
    [{ min: 0 }, 'a number of at least 0', [0, 0.5], [-0.1, NaN, Infinity]],
    [{ max: 2 }, 'a number of at most 2', [-5, 2], [2.1, -Infinity]],
    [{ above: 0 }, 'a number greater than 0', [1e-9], [0, -1]],
    [{ above: 0, max: 1 }, 'a number greater than 0 and at most 1', [0.5, 1], [0, 1.1]],
    [{}, 'a number', [-1e300, 0], [NaN, Infinity]],
    [{ integer: true }, 'a whole number', [-3], [0.5]]
  ])('%j read as "%s" and hold', (limits, text, within, outside) => {
    expect(limitsText(limits)).toBe(text)
    for (const value of within) expect(isWithin(value, limits), `${value}`).toBe(true)
    for (const value of outside) expect(isWithin(value, limits), `${value}`).toBe(false)
  })
})
