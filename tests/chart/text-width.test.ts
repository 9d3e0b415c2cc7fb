import { createCanvas, GlobalFonts } from '@napi-rs/canvas'
import { resolve } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { textWidth } from '../../src/chart/text-width'

const FILE = '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2'

beforeAll(() => {
  const path = resolve(import.meta.dirname, '../../node_modules', FILE)
  expect(GlobalFonts.registerFromPath(path, 'Inter of the test')).not.toBeNull()
})

describe('the width of a text', () => {
  it.each([
    'standardised per pixel, clipped loss, 5 epochs',
    'Samples with no gradient, layer 1 (mean of 3 seeds)',
    'T-shirt/top, Trouser, Pullover, Dress & 60,000 images',
    'raw − unit: 69.6 points ± 0.4, λ = 0.05 × 10³',
    '0.0001 0.001 0.01 0.1 1 10 100'
  ])('is within 2 %% of what a canvas measures: %s', (text) => {
    const context = createCanvas(10, 10).getContext('2d')
    for (const weight of [400, 500, 600]) {
      context.font = `${weight} 12px "Inter of the test"`
      const measured = context.measureText(text).width
      expect(Math.abs(textWidth(text, 12, weight) / measured - 1)).toBeLessThan(0.02)
    }
  })
  it('counts letters that fill a square as wide as they are high', () => {
    expect(textWidth('画像', 10)).toBe(20)
  })
})
