// A setup file of vitest. It compares number by number and lists the keys of both arrays to do so, which for an
// array of a million numbers takes seconds. Arrays of the same numbers are found equal in one pass here; whatever
// else they are is left to vitest, with its words for what differs.
import { expect } from 'vitest'

type Numbers = ArrayLike<unknown> & { readonly constructor: unknown }

const isNumbers = (value: unknown): value is Numbers =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView))

/** True for two arrays of one type with the same numbers in the same order; undefined leaves it to vitest. */
export function sameNumbers(one: unknown, other: unknown): true | undefined {
  if (!isNumbers(one) || !isNumbers(other)) return undefined
  const { length } = one
  if (other.length !== length || one.constructor !== other.constructor) return undefined
  for (let i = 0; i < length; i++) {
    const value = one[i]
    if (typeof value !== 'number' || !Object.is(value, other[i])) return undefined
  }
  return true
}

// files that share a process share its testers
const told = globalThis as { sameNumbersTold?: boolean }
if (!told.sameNumbersTold) expect.addEqualityTesters([sameNumbers])
told.sameNumbersTold = true
