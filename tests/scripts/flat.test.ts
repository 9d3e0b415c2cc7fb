import { describe, expect, it } from 'vitest'
import { createRandom } from '../../src/core/random'
import { judged } from '../soak/flat'
import type { Point } from '../soak/flat'

const SAMPLES = 80
const MINUTES = 20
/** megabytes a minute, as tests/soak allows of the window */
const window = { name: 'window', most: 0.1 }

/** Samples of twenty minutes. */
function sampled(of: (minute: number, at: number) => number): Point[] {
  return Array.from({ length: SAMPLES }, (_, at) => {
    const minute = ((at + 1) / SAMPLES) * MINUTES
    return { minute, value: of(minute, at) }
  })
}

/** Times of `tries` that a leak is found beside noise of .45 MB, as measured of the window. */
function found(leak: number, tries = 200): number {
  return Array.from({ length: tries }, (_, seed) => {
    const random = createRandom(seed, 'noise')
    return judged(
      window,
      sampled((minute) => 15 + leak * minute + 0.45 * random.normal())
    ).flat
  }).filter((flat) => !flat).length
}

describe('what must be flat in a soak', () => {
  it('may be noisy, and is never taken for a leak', () => {
    expect(found(0)).toBe(0)
  })

  it('may rise by what is allowed', () => {
    expect(found(0.05)).toBe(0)
  })

  it('is not flat with a leak of a fifth of a megabyte a minute', () => {
    expect(found(0.2)).toBeGreaterThan(190)
    expect(found(0.25)).toBe(200)
  })

  it('may grow in its first half', () => {
    const points = sampled((minute) => 10 + Math.min(minute, 9.9))
    expect(judged(window, points)).toMatchObject({ slope: expect.closeTo(0, 9), flat: true })
  })

  it('may make a step, as an allocator does, and no staircase', () => {
    const random = createRandom(1, 'steps')
    const steps = (each: number, megabytes: number) =>
      sampled((minute) => 450 + megabytes * Math.floor(minute / each) + 0.05 * random.normal())
    expect(judged({ name: 'trainer', most: 1 }, steps(14, 20)).flat).toBe(true)
    expect(judged({ name: 'trainer', most: 1 }, steps(1, 2)).flat).toBe(false)
  })

  it('may not grow where no growth is allowed', () => {
    const tensors = { name: 'tensors', most: 0 }
    expect(
      judged(
        tensors,
        sampled(() => 1)
      ).flat
    ).toBe(true)
    expect(
      judged(
        tensors,
        sampled((_, at) => 1 + Math.floor(at / 8))
      ).flat
    ).toBe(false)
  })

  it('has the slope and the interval of a line by hand', () => {
    // rests (0, 1, -1, 0, 0, 1, -1, 0) on x 8 to 15: slope 1 - 2 / 42, squares 4 - 4 / 42
    const rests = [0, 1, -1, 0, 0, 1, -1, 0]
    const points = rests.map((rest, at) => ({ minute: 8 + at, value: 8 + at + rest }))
    const early = [{ minute: 1, value: 99 }]
    const { slope, mean, within } = judged({ name: 'a', most: 1 }, [...early, ...points])
    expect(mean).toBeCloseTo(11.5, 9)
    expect(slope).toBeCloseTo(1 - 2 / 42, 9)
    // t of 6 degrees of freedom is 2.447; one rest is followed by its opposite
    expect(within).toBeCloseTo(2.447 * Math.sqrt((4 - 4 / 42) / 6 / 42), 2)
  })

  it('is not judged by few samples', () => {
    const few = sampled(() => 1).slice(0, 12)
    expect(() => judged(window, few)).toThrow('7 late samples of window; 8 at least')
  })
})
