import { describe, expect, it } from 'vitest'
import { classMoments } from '../../../src/core/statistics/class-moments'
import { momentsOf } from '../../../src/core/statistics/moments'

describe('the moments of each class', () => {
  it('are those of all values of its images, from those of each image', () => {
    const images = [
      [0, 2, 4],
      [8, 8, 8],
      [1, 5, 9]
    ]
    const each = images.map(momentsOf)
    const rows = {
      mean: Float64Array.from(each, ({ mean }) => mean),
      std: Float64Array.from(each, ({ std }) => std)
    }
    const { mean, std } = classMoments(rows, [1, 0, 1], 3)
    // by hand: 0 2 4 1 5 9 have mean 3.5 and squares 127, so the variance is 127 / 6 - 12.25
    expect(mean[0]).toBe(8)
    expect(std[0]).toBe(0)
    expect(mean[1]).toBeCloseTo(3.5, 14)
    expect(std[1]).toBeCloseTo(Math.sqrt(127 / 6 - 12.25), 14)
    expect(mean[2]).toBeNaN()
  })
})
