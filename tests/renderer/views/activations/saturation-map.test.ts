import { describe, expect, test } from 'vitest'
import type { Activations } from '../../../../src/contract/engine'
import { drawMap, epochTicks } from '../../../../src/renderer/views/activations/draw-map'
import { mapSvg } from '../../../../src/renderer/views/activations/map-picture'
import {
  hitMap,
  layoutMap,
  mapCsv,
  saturationMap
} from '../../../../src/renderer/views/activations/saturation-map'
import { ViewEngine } from '../fixtures/view-engine'
import { TUTORIAL_CONFIG } from '../../../../src/core/network/config'

async function heatmaps(reached: number): Promise<Activations['heatmaps']> {
  const engine = new ViewEngine()
  engine.reached = reached
  const answer = await engine.api.activations({
    choices: [{ id: 'raw' }, { id: 'unit' }, { id: 'standardised' }],
    activation: 'tanh',
    epoch: 0,
    config: TUTORIAL_CONFIG
  })
  if (!answer.ok) throw new Error('no answer')
  return answer.value.heatmaps
}

describe('the map of saturation', () => {
  test('keeps a row for every planned epoch, and for those beyond the plan', async () => {
    expect(saturationMap(await heatmaps(1), 5).epochs).toBe(6)
    expect(saturationMap(await heatmaps(7), 5).epochs).toBe(8)
  })

  test('puts three choices side by side at 938 pixels and in two blocks at 500', async () => {
    const map = saturationMap(await heatmaps(0), 5)
    const wide = layoutMap(map, 938)
    expect(new Set(wide.cells.map(({ box }) => box.x)).size).toBe(3)
    expect(wide.cells.every(({ box }) => box.x + box.width <= 938 - 68)).toBe(true)
    const narrow = layoutMap(map, 500)
    expect(new Set(narrow.cells.map(({ box }) => box.x)).size).toBe(2)
    expect(narrow.height).toBeGreaterThan(wide.height)
  })

  test('finds the epoch and the unit under a point', async () => {
    const map = saturationMap(await heatmaps(2), 5)
    const layout = layoutMap(map, 938)
    const { box } = layout.cells[0]!
    const first = hitMap(map, layout, box.x, box.y)
    expect(first).toMatchObject({ epoch: 0, rank: 1, value: 1 })
    // the last of six rows: planned, not reached; the last of 16 units
    const last = hitMap(map, layout, box.x + box.width - 1, box.y + box.height - 1)
    expect(last).toMatchObject({ epoch: 5, rank: 16, value: undefined })
    expect(hitMap(map, layout, box.x - 5, box.y)).toBeUndefined()
  })

  test('colours 100 % yellow, 0 % dark blue and leaves epochs to come grey', async () => {
    const map = saturationMap(await heatmaps(0), 1)
    const layout = layoutMap(map, 938)
    const canvas = document.createElement('canvas')
    canvas.width = 938
    canvas.height = layout.height
    const context = canvas.getContext('2d', { willReadFrequently: true })!
    drawMap(context, map, layout, { theme: 'light', font: 'sans-serif', ratio: 1 })
    const at = (cell: number, row: number): number[] => {
      const { box } = layout.cells[cell]!
      const y = box.y + box.height * (row === 0 ? 0.25 : 0.6)
      return Array.from(context.getImageData(box.x + 20, y, 1, 1).data.slice(0, 3))
    }
    // ends of cividis (Nunez, Anderton & Renslow 2018), within 3 as d3 fits it by polynomials
    at(0, 0).forEach((part, i) => expect(Math.abs(part - [253, 234, 69][i]!)).toBeLessThan(4))
    at(1, 0).forEach((part, i) => expect(Math.abs(part - [0, 32, 81][i]!)).toBeLessThan(4))
    expect(at(0, 1)).toEqual([239, 239, 236])
  })

  test('writes every cell to the CSV', async () => {
    const lines = mapCsv(saturationMap(await heatmaps(1), 5))
      .trimEnd()
      .split('\r\n')
    // 2 activations x 3 choices x 2 epochs x 16 units, and the head
    expect(lines).toHaveLength(2 * 3 * 2 * 16 + 1)
    expect(lines[1]).toBe('tanh,raw,0,1,1')
  })

  test('becomes an SVG with its title, its names and its cells', async () => {
    const svg = mapSvg({
      map: saturationMap(await heatmaps(1), 1),
      title: 'Saturation, unit by epoch',
      subtitle: 'share of images',
      look: { theme: 'light', font: 'sans-serif' }
    })
    const parsed = new DOMParser().parseFromString(svg, 'image/svg+xml')
    expect(parsed.querySelector('parsererror')).toBeNull()
    const words = [...parsed.querySelectorAll('text')].map((text) => text.textContent)
    expect(words).toContain('Saturation, unit by epoch')
    expect(words).toContain('sigmoid')
    expect(words).toContain('Raw bytes')
    expect(parsed.querySelectorAll('rect').length).toBeGreaterThan(12)
  })
})

test('numbers every epoch while there is room, then fewer', () => {
  expect(epochTicks(6, 112)).toEqual([0, 1, 2, 3, 4, 5])
  expect(epochTicks(21, 112)).toEqual([0, 5, 10, 15, 20])
})
