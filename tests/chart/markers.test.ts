import { describe, expect, it } from 'vitest'
import { chartConfiguration } from '../../src/chart/configuration'
import { trainingFigure } from '../../src/core/figure/training'
import { runRecord } from '../renderer/fixtures/runs'

describe('markers on lines of one colour', () => {
  const figure = trainingFigure(
    [
      runRecord({ id: 'a', config: { batch: 8 } }),
      runRecord({ id: 'b', config: { batch: 16 } }, Array(90).fill(0.5) as number[])
    ],
    { measure: 'accuracy', split: 'test' }
  )!
  const datasets = chartConfiguration(figure, 'light').data.datasets as unknown as {
    label?: string
    pointStyle?: string
    pointRadius?: number | number[]
  }[]
  const marked = datasets.filter(({ pointStyle }) => pointStyle !== undefined)

  it('have a shape each', () => {
    expect(marked.map(({ pointStyle }) => pointStyle)).toEqual(['circle', 'rect'])
  })
  it('stand on every point of few, and on some of many', () => {
    expect(marked[0]?.pointRadius).toBe(3)
    // 90 points: one on every 8th
    const radii = marked[1]?.pointRadius as number[]
    expect(radii).toHaveLength(90)
    expect(radii.filter((radius) => radius > 0)).toHaveLength(11)
  })
})
