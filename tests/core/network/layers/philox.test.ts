import { describe, expect, test } from 'vitest'
import { dropoutKey, dropoutMask, philox } from '../../../../src/core/network/layers/philox'
import type { Counter, Key } from '../../../../src/core/network/layers/philox'

const hex = (text: string): number[] => text.split(' ').map((word) => parseInt(word, 16))

describe('Philox 4x32-10 gives the words that Random123 lists (kat_vectors):', () => {
  test.each([
    [
      '00000000 00000000 00000000 00000000',
      '00000000 00000000',
      '6627e8d5 e169c58d bc57ac4c 9b00dbd8'
    ],
    [
      'ffffffff ffffffff ffffffff ffffffff',
      'ffffffff ffffffff',
      '408f276d 41c83b0e a20bc7c6 6d5451fd'
    ],
    [
      '243f6a88 85a308d3 13198a2e 03707344',
      'a4093822 299f31d0',
      'd16cfe09 94fdcceb 5001e420 24126ea1'
    ]
  ])('counter %s, key %s', (counter, key, expected) => {
    const out = new Uint32Array(4)
    philox(hex(counter) as unknown as Counter, hex(key) as unknown as Key, out)
    expect([...out]).toEqual(hex(expected))
  })
})

describe('dropout', () => {
  const draw = { seed: 1, step: 0, stream: 0 }

  test('keeps each value with probability 1 - rate', () => {
    for (const rate of [0.1, 0.5, 0.9]) {
      const count = 40_000
      const kept = dropoutMask(count, rate, draw).reduce((sum, one) => sum + one, 0) / count
      // four standard deviations of a share of so many
      expect(Math.abs(kept - (1 - rate))).toBeLessThan(4 * Math.sqrt((rate * (1 - rate)) / count))
    }
  })

  test('draws anew for another seed, step and layer', () => {
    const masks = [
      draw,
      { ...draw, seed: 2 },
      { ...draw, seed: 1 + 2 ** 32 },
      { ...draw, step: 1 },
      { ...draw, stream: 1 }
    ].map((each) => dropoutMask(64, 0.5, each).join(''))
    expect(new Set(masks).size).toBe(masks.length)
  })

  test('a larger batch begins as a smaller one', () => {
    expect(dropoutMask(100, 0.4, draw).slice(0, 37)).toEqual(dropoutMask(37, 0.4, draw))
  })

  test('the key holds both words of a seed', () => {
    expect(dropoutKey({ seed: 5 })).toEqual([5, 0x6e6f726d])
    expect(dropoutKey({ seed: 2 ** 32 + 5 })).toEqual([5, 0x6e6f726c])
  })
})
