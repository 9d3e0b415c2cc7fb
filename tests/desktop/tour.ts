import type { Page } from 'playwright'
import { expect, it } from 'vitest'
import { eventually } from './project'

/** What the window is driven with: real Fashion-MNIST where the set-up found it. */
export const REAL = Boolean(process.env.NORMSCOPE_FASHION_MNIST)
export const DATASET = REAL ? 'fashion-mnist' : 'generated'

/** Colours of the canvases that match, the fewest first; a blank canvas has one. */
async function coloursOn(page: Page, selector: string): Promise<number[]> {
  const counts = await page.evaluate((wanted) => {
    const found = [...document.querySelectorAll<HTMLCanvasElement>(wanted)]
    return found.map((canvas) => {
      const context = canvas.getContext('2d')
      if (context === null || canvas.width === 0 || canvas.height === 0) return 0
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height)
      return new Set(new Uint32Array(data.buffer)).size
    })
  }, selector)
  return counts.sort((a, b) => a - b)
}

/** Waits until so many canvases are there and none of them is blank. */
async function drawn(page: Page, selector: string, count: number): Promise<void> {
  await eventually(`${count} drawn figures`, async () => {
    const colours = await coloursOn(page, selector)
    return colours.length >= count && colours.every((one) => one > 4) ? true : undefined
  })
}

/**
 * A tour through the views of a window that has a data set open, as tests.
 * @param save chooses a menu item that saves a file, and gives the file's text
 */
export function tour(
  pageOf: () => Page,
  save: (page: Page, choose: () => Promise<void>) => Promise<string>
): void {
  it('shows the images at once, and what a choice does to the one chosen', async () => {
    const page = pageOf()
    await page.getByRole('heading', { name: /^Image 0/ }).waitFor()
    await drawn(page, '[role=listbox] canvas', 1)
    await eventually('thumbnails', async () => {
      const [colours = 0] = await coloursOn(page, '[role=listbox] canvas')
      return colours > 100 ? true : undefined
    })
    await page.getByRole('listbox', { name: 'Images' }).focus()
    await page.keyboard.press('ArrowRight')
    await page.getByRole('heading', { name: /^Image 1\b/ }).waitFor()
    await drawn(page, '[aria-roledescription="pixel grid"] canvas', 3)
    await page.keyboard.press('Enter')
    await page.keyboard.press('ArrowDown')
    await page.getByRole('columnheader', { name: 'Row 15, column 14' }).waitFor()
    const [stored, unit] = (
      await page.getByRole('row').nth(1).getByRole('cell').allInnerTexts()
    ).slice(1)
    expect(Number(unit)).toBeCloseTo(Number(stored) / 255, 3)
  })

  it('draws the histogram of each checked choice after Ctrl+2, every pixel counted', async () => {
    const page = pageOf()
    await page.keyboard.press('Control+2')
    await page.getByRole('heading', { name: 'Choices compared' }).waitFor()
    await drawn(page, '.multiples canvas', 3)
    if (REAL) {
      // the known moments of Fashion-MNIST's training split
      await page.getByRole('cell', { name: '72.94', exact: true }).waitFor()
      await page.getByRole('cell', { name: '90.02', exact: true }).waitFor()
    }
    const text = await save(page, async () => {
      await page.getByRole('button', { name: 'Menu of As stored' }).click()
      await page.getByRole('menuitem', { name: 'Save CSV' }).click()
    })
    const counted = text
      .trim()
      .split('\r\n')
      .filter((line) => line.startsWith('steps,'))
      // label cells have no comma: the height is the fifth cell, the exact count the seventh
      .map((line) => line.split(','))
      .reduce((sum, cells) => sum + Number(cells[6] || cells[4]), 0)
    if (REAL) expect(counted).toBe(60_000 * 28 * 28)
    else expect(counted).toBeGreaterThan(0)
  })

  it('a part of the density that is dragged over filters the gallery', async () => {
    const page = pageOf()
    const plot = (await page.locator('.lower canvas').first().boundingBox())!
    const [x, y] = [plot.x + plot.width * 0.3, plot.y + plot.height * 0.25]
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x + 60, y + 50, { steps: 5 })
    await page.mouse.up()
    await page.getByRole('button', { name: 'Show in Images' }).click()
    await page.getByText(/^[\d,]+ of [\d,]+$/).waitFor()
    await page.getByRole('button', { name: /^Remove filter Mean/ }).click()
    await page.getByRole('button', { name: /^Remove filter Std/ }).click()
  })

  it('lays pre-activations over the derivative after Ctrl+3', async () => {
    const page = pageOf()
    await page.keyboard.press('Control+3')
    await page
      .getByText(/^std of z/)
      .first()
      .waitFor()
    await drawn(page, '.multiples canvas', 3)
    await page.getByRole('heading', { name: 'Saturation, unit by epoch' }).waitFor()
    if (REAL) {
      // SCIENCE: raw bytes saturate a tanh layer from the start, rescaled ones do not
      const words = await page.getByText(/^std of z/).allInnerTexts()
      const shares = words.map((line) => Number(/([\d.]+) % saturated/.exec(line)?.[1]))
      expect(shares[0]).toBeGreaterThan(95)
      expect(shares[1]).toBeLessThan(2)
    }
  })

  it('trains the checked choices and draws their curves after Ctrl+4', async () => {
    const page = pageOf()
    await page.keyboard.press('Control+4')
    // two points are a curve
    await page.getByRole('button', { name: 'Edit…' }).click()
    await page.getByLabel('Epochs', { exact: true }).fill('2')
    await page.getByRole('button', { name: 'Apply', exact: true }).click()
    await page.getByRole('button', { name: /^Train \d/ }).click()
    await page.getByRole('progressbar').first().waitFor()
    await drawn(page, 'main canvas', 1)
    await page.getByText('3 runs finished').first().waitFor({ timeout: 110_000 })
    await drawn(page, 'main canvas', 2)
  })

  it('Ctrl+1 comes back to the image that was chosen', async () => {
    const page = pageOf()
    await page.keyboard.press('Control+1')
    await page.getByRole('heading', { name: /^Image 1\b/ }).waitFor()
  })
}
