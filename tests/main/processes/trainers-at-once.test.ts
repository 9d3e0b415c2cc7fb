import { describe, expect, it } from 'vitest'
import { trainersAtOnce } from '../../../src/main/processes/trainers-at-once'

const GB = 1e9

describe('trainers at once', () => {
  it('are one a core where memory is ample', () => {
    expect(trainersAtOnce(Infinity, { cores: 8, totalBytes: 32 * GB, freeBytes: 20 * GB })).toEqual(
      {
        count: 8
      }
    )
  })

  it.each([
    // 0.75 x 16 / 0.6 = 20
    ['all memory', { cores: 64, totalBytes: 16 * GB, freeBytes: 16 * GB }, 20],
    // 2 / 0.6 = 3.3
    ['free memory', { cores: 8, totalBytes: 64 * GB, freeBytes: 2 * GB }, 3],
    ['next to no memory', { cores: 4, totalBytes: 1 * GB, freeBytes: 0.1 * GB }, 1]
  ])('are bounded by %s, and it is said', (_, machine, count) => {
    const { count: found, note } = trainersAtOnce(Infinity, machine)
    expect(found).toBe(count)
    expect(note).toContain(`the ${machine.cores} cores`)
    expect(note).toContain(`of ${(machine.totalBytes / GB).toFixed(1)} GB`)
  })

  it('are no more than runs, and nothing is said where memory is enough for those', () => {
    const machine = { cores: 8, totalBytes: 64 * GB, freeBytes: 2 * GB }
    expect(trainersAtOnce(3, machine)).toEqual({ count: 3 })
    expect(trainersAtOnce(4, machine).note).toMatch(/^3 runs train at once, fewer than the 8 cores/)
  })

  it('are at least one on this machine', () => {
    expect(trainersAtOnce().count).toBeGreaterThanOrEqual(1)
  })
})
