import { createCanvas } from '@napi-rs/canvas'
import { Chart } from 'chart.js'
import { describe, expect, it } from 'vitest'
import { chartConfiguration } from '../../src/chart/configuration'
import type { Figure } from '../../src/core/figure/figure'

/** 4 pixels wide, 2 high */
const PICTURE: Figure = {
  ...{ id: 'map', title: 'Map', subtitle: 'each pixel', definition: '', summary: 'A map.' },
  squares: true,
  x: { label: 'column', scale: 'linear', format: 'integer', min: 0, max: 4 },
  y: { label: 'row', scale: 'linear', format: 'integer', min: 0, max: 2, reverse: true },
  marks: [
    {
      ...{ kind: 'cells', label: 'share', colours: 'viridis', domain: [0, 1], format: 'percent' },
      ...{ xEdges: [0, 1, 2, 3, 4], yEdges: [0, 1, 2], values: [0, 1, 0, 1, 1, 0, 1, 0] }
    }
  ]
}

describe('a picture of pixels', () => {
  it.each([
    ['wide', 900, 340],
    ['high', 400, 700]
  ])('has square ones on a %s ground, and all of them', (_, width, height) => {
    const chart = new Chart(
      createCanvas(width, height) as never,
      chartConfiguration(PICTURE, 'light', { standalone: true, pixelRatio: 1 })
    )
    const { x, y } = chart.scales
    const across = x!.getPixelForValue(1) - x!.getPixelForValue(0)
    const down = y!.getPixelForValue(1) - y!.getPixelForValue(0)
    const { left, right, top, bottom } = chart.chartArea
    expect(across).toBeCloseTo(down, 3)
    expect(x!.getPixelForValue(0)).toBeCloseTo(left, 3)
    expect(x!.getPixelForValue(4)).toBeCloseTo(right, 3)
    expect(y!.getPixelForValue(0)).toBeCloseTo(top, 3)
    expect(y!.getPixelForValue(2)).toBeCloseTo(bottom, 3)
    expect(across).toBeGreaterThan(50)
    chart.destroy()
  })
})
