import { describe, expect, it } from 'vitest'
import { sameNumbers } from '../number-arrays'

const MANY = 2_000_000

describe('arrays of numbers', () => {
  it('are compared in no time, however long they are', () => {
    const values = Float64Array.from({ length: MANY }, (_, i) => i)
    const started = performance.now()
    expect(values).toEqual(values.slice())
    expect({ nested: [values] }).toStrictEqual({ nested: [values.slice()] })
    // a small part of what a comparison key by key takes
    expect(performance.now() - started).toBeLessThan(2000)
  })

  it.each([
    ['one type', Uint8Array.of(1, 2), Uint8Array.of(1, 2)],
    ['no type', [1, 2, NaN, -0], [1, 2, NaN, -0]],
    ['not a number', Float32Array.of(NaN), Float32Array.of(NaN)],
    ['none at all', new Int32Array(0), new Int32Array(0)]
  ])('are the same: %s', (_, one, other) => {
    expect(sameNumbers(one, other)).toBe(true)
    expect(one).toEqual(other)
  })

  it.each([
    ['another value', Uint8Array.of(1, 2), Uint8Array.of(1, 3)],
    ['zeros of two signs', Float64Array.of(0), Float64Array.of(-0)],
    ['one more', [1, 2], [1, 2, 3]],
    ['another type', Float32Array.of(1), Float64Array.of(1)],
    ['a Buffer', Buffer.of(1), Uint8Array.of(1)],
    ['an array without a type', [1], Uint8Array.of(1)],
    ['a hole', [1, , 3], [1, 2, 3]] // eslint-disable-line no-sparse-arrays
  ])('are not the same: %s', (_, one, other) => {
    expect(sameNumbers(one, other)).toBeUndefined()
    expect(one).not.toEqual(other)
    expect(other).not.toEqual(one)
  })

  it('leave all else to vitest', () => {
    expect(sameNumbers(['1'], ['1'])).toBeUndefined()
    expect(sameNumbers(1, 1)).toBeUndefined()
    expect([1, { a: 2 }]).toEqual([1, { a: expect.any(Number) as number }])
    expect([1, 2]).toEqual([1, expect.any(Number)])
  })
})
