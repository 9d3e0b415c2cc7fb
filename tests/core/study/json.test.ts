import { describe, expect, it } from 'vitest'
import { programJson } from '../../../src/core/study/json'

describe('JSON for programs', () => {
  it('has a text for each number that is not finite, and null for nothing else', () => {
    const text = programJson({
      loss: [NaN, Infinity, -Infinity, 0.5],
      note: 'NaN',
      missing: undefined
    })
    expect(text).toBe('{"loss":["NaN","Infinity","-Infinity",0.5],"note":"NaN"}')
    // what Python's float() and JavaScript's Number() make of the texts
    const { loss } = JSON.parse(text) as { loss: (string | number)[] }
    expect(loss.map(Number)).toEqual([NaN, Infinity, -Infinity, 0.5])
  })
})
