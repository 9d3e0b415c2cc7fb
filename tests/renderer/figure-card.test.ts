import { page, userEvent } from 'vitest/browser'
import { describe, expect, it } from 'vitest'
import { figurePng, sheetPng } from '../../src/renderer/figures/export'
import { figureSvg, sheetSvg } from '../../src/chart/svg/figure-svg'
import { figureTables } from '../../src/chart/figure-numbers'
import { trainingFigure } from '../../src/core/figure/training'
import { saturationFigure, saturationSheet } from '../../src/core/figure/activations'
import type { Figure } from '../../src/core/figure/figure'
import { activationOf } from '../../src/core/network/activations'
import { FakeEngine } from './fixtures/fake-engine'
import { sampleRuns } from './fixtures/sample-runs'
import { openWindow } from './fixtures/window'

const curves = (): Figure => {
  const figure = trainingFigure(sampleRuns(), { measure: 'accuracy', split: 'test' })
  if (!figure) throw new Error('the sample runs have epochs')
  return figure
}

async function openTraining() {
  const engine = new FakeEngine()
  engine.runs = sampleRuns()
  return openWindow(engine)
}

describe('a figure in its card', () => {
  it('has a picture with a summary, and a menu', async () => {
    await openTraining()
    await expect
      .element(
        page.getByRole('img', { name: /Test accuracy by epoch, at the end: .*standardised 87.4 %/ })
      )
      .toBeVisible()
    await page.getByRole('button', { name: 'Menu of Test accuracy by epoch' }).click()
    for (const name of ['Copy image', 'Save PNG (2×)', 'Save SVG', 'Save CSV', 'Full size']) {
      await expect.element(page.getByRole('menuitem', { name })).toBeVisible()
    }
  })
  it('says what it is, with its definition', async () => {
    await openTraining()
    await page.getByRole('button', { name: 'Menu of Samples with no gradient' }).click()
    await page.getByRole('menuitem', { name: 'What is this?' }).click()
    await expect.element(page.getByRole('dialog')).toHaveTextContent('loss gradient is exactly 0')
    await expect
      .element(page.getByRole('dialog'))
      .toHaveTextContent('Source: Keras 3.15 on JAX and PyTorch')
    await userEvent.keyboard('{Escape}')
    expect(document.querySelector('dialog')).toBeNull()
  })
  it('gives its numbers as a table', async () => {
    await openTraining()
    await page.getByRole('button', { name: 'Menu of Test accuracy by epoch' }).click()
    await page.getByRole('menuitem', { name: 'Numbers as a table' }).click()
    await expect.element(page.getByRole('dialog').getByText('87.40 %').first()).toBeVisible()
  })
  it('draws something', async () => {
    await openTraining()
    await expect.poll(() => document.querySelectorAll('main canvas').length).toBe(2)
    const canvas = document.querySelector('main canvas') as HTMLCanvasElement
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
    expect(data.some((value) => value > 0)).toBe(true)
  })
})

describe('a figure in a file', () => {
  it('has strokes, text and the choice colours in its SVG', () => {
    const svg = figureSvg(curves(), 'light')
    const drawn = new DOMParser().parseFromString(svg, 'image/svg+xml')
    expect(drawn.querySelector('parsererror')).toBeNull()
    const strokes = [...drawn.querySelectorAll('path')].map((path) => path.getAttribute('stroke'))
    expect(strokes).toContain('#d55e00')
    expect(strokes).toContain('#0072b2')
    const words = [...drawn.querySelectorAll('text')].map((text) => text.textContent)
    expect(words).toContain('Test accuracy by epoch')
    expect(words).toContain('standardised')
    expect(words).toContain('chance, 10 %')
    expect(words).toContain('epoch')
  })
  it('is dashed in its SVG where it is dashed on screen', () => {
    const drawn = new DOMParser().parseFromString(figureSvg(curves(), 'dark'), 'image/svg+xml')
    const dashed = [...drawn.querySelectorAll('path')].filter(
      (path) => path.getAttribute('stroke-dasharray') === '6,4'
    )
    expect(dashed.length).toBeGreaterThan(0)
  })
  it('keeps its words as text, in the typeface of the window', () => {
    const drawn = new DOMParser().parseFromString(figureSvg(curves(), 'light'), 'image/svg+xml')
    const title = [...drawn.querySelectorAll('text')].find(
      ({ textContent }) => textContent === 'Test accuracy by epoch'
    )
    expect(title?.getAttribute('font-size')).toBe('14')
    expect(title?.getAttribute('font-weight')).toBe('600')
    expect(drawn.documentElement.getAttribute('font-family')).toContain('Inter')
    expect(drawn.documentElement.getAttribute('aria-label')).toBe(curves().summary)
  })
  it('is well-formed whatever its names hold, and says them as they are', () => {
    const name = '</text><script>alert("1")</script> & \'2\' \u0000\ud800'
    const figure = { ...curves(), title: name, summary: name }
    const drawn = new DOMParser().parseFromString(figureSvg(figure, 'light'), 'image/svg+xml')
    const said = '</text><script>alert("1")</script> & \'2\' \ufffd\ufffd'
    expect(drawn.querySelector('parsererror, script')).toBeNull()
    expect([...drawn.querySelectorAll('text')].map(({ textContent }) => textContent)).toContain(
      said
    )
    expect(drawn.documentElement.getAttribute('aria-label')).toBe(said)
  })
  it('has ids of its own where several stand on one page', () => {
    const ids = (of: string): string[] => Array.from(of.matchAll(/ id="([^"]+)"/g), ([, id]) => id!)
    const [one, other] = ['a', 'b'].map((name) => figureSvg(curves(), 'light', { ids: name }))
    expect(ids(one!).length).toBeGreaterThan(2)
    expect(ids(one!).filter((id) => ids(other!).includes(id))).toEqual([])
    const used = Array.from(one!.matchAll(/url\(#([^)]+)\)/g), ([, id]) => id!)
    expect(ids(one!)).toEqual(expect.arrayContaining(used))
  })
  it('looks in its SVG as on a canvas', async () => {
    const [width, height] = [960, 600]
    const pixels = async (type: string, part: BlobPart): Promise<Uint8ClampedArray> => {
      const image = new Image()
      image.src = URL.createObjectURL(new Blob([part], { type }))
      await image.decode()
      const canvas = document.createElement('canvas')
      Object.assign(canvas, { width, height })
      const context = canvas.getContext('2d')!
      context.drawImage(image, 0, 0, width, height)
      return context.getImageData(0, 0, width, height).data
    }
    const of = { ...curves(), title: '', subtitle: '' }
    const svg = await pixels('image/svg+xml', figureSvg(of, 'light'))
    const png = await pixels('image/png', (await figurePng(of, 'light')).slice())
    // the plot without its words: its lines, band, points and grid
    let differing = 0
    for (let y = 60; y < 480; y++) {
      for (let x = 100; x < 840; x++) {
        const at = 4 * (y * width + x)
        const far = [0, 1, 2].some((c) => Math.abs(svg[at + c]! - png[at + c]!) > 100)
        if (far) differing++
      }
    }
    expect(differing).toBeLessThan(0.005 * 420 * 740)
  })
  it('is a PNG of twice its size', async () => {
    const bitmap = await createImageBitmap(
      new Blob([(await figurePng(curves(), 'light')).slice().buffer], { type: 'image/png' })
    )
    expect([bitmap.width, bitmap.height]).toEqual([1920, 1200])
  })
})

describe('a sheet of figures in a file', () => {
  const map = (id: 'tanh' | 'sigmoid', choice: 'raw' | 'unit'): Figure =>
    saturationFigure({ id: choice }, activationOf(id), [{ epoch: 0, saturation: [0, 1] }], {
      probe: '10 images',
      lastEpoch: 2,
      trained: false,
      layer: { of: 'the hidden layer', unit: 'unit' }
    })
  const sheet = saturationSheet(
    (['tanh', 'sigmoid'] as const).map((id) => [map(id, 'raw'), map(id, 'unit')]),
    'of 10 images'
  )!

  it('has its title, the name of each figure and its cells in one SVG', () => {
    const drawn = new DOMParser().parseFromString(sheetSvg(sheet, 'light'), 'image/svg+xml')
    expect(drawn.querySelector('parsererror')).toBeNull()
    expect(drawn.documentElement.namespaceURI).toBe('http://www.w3.org/2000/svg')
    const words = [...drawn.querySelectorAll('text')].map(({ textContent }) => textContent)
    expect(words).toEqual(
      expect.arrayContaining(['Saturation, unit by epoch', 'of 10 images', '100 %'])
    )
    expect(words).toEqual(
      expect.arrayContaining(['tanh, As stored', 'sigmoid, Rescaled to [0, 1]', 'not trained yet'])
    )
    // 4 maps with the ground, a saturated unit and one that is not
    const fills = [...drawn.querySelectorAll('rect')].map((rect) => rect.getAttribute('fill'))
    expect(fills.filter((fill) => fill === '#efefec')).toHaveLength(4)
  })
  it('is a PNG of twice the width of a figure', async () => {
    const bytes = (await sheetPng(sheet, 'dark')).slice().buffer
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
    expect(bitmap.width).toBe(1920)
  })
})

describe('the numbers behind a figure', () => {
  it('come with the lowest and highest of a band', () => {
    const table = figureTables(curves()).find(({ label }) => label === 'as stored, exact loss')
    expect(table?.head).toEqual(['epoch', 'test accuracy', 'lowest', 'highest'])
    expect(table?.rows[1]).toEqual(['1', '71.00 %', '68.50 %', '73.50 %'])
  })
  it('leave out empty cells and say how many rows are left', () => {
    const [table] = figureTables({
      ...curves(),
      marks: [
        {
          kind: 'cells',
          label: 'images',
          xEdges: Array.from({ length: 302 }, (_, i) => i),
          yEdges: [0, 1],
          values: Array.from({ length: 301 }, (_, i) => (i === 0 ? NaN : i)),
          colours: 'viridis',
          domain: [0, 300],
          format: 'count'
        }
      ]
    })
    expect(table?.rows).toHaveLength(200)
    expect(table?.left).toBe(100)
  })
})
