import { beforeEach, describe, expect, it, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { balancedRows } from '../../../src/renderer/components/rows'
import ActivationsView from '../../../src/renderer/views/activations/ActivationsView.svelte'
import ImagesView from '../../../src/renderer/views/images/ImagesView.svelte'
import PixelsView from '../../../src/renderer/views/pixels/PixelsView.svelte'
import { FakeEngine } from '../fixtures/fake-engine'
import { openWindow } from '../fixtures/window'
import { showView, violations } from './fixtures/show-view'
import { SMALL } from './fixtures/view-engine'

/** What the rail and the scroll bar leave of a window of 1024 pixels. */
const NARROW = 1024 - 264
const COLOUR = { ...SMALL, channels: 3 as const }

beforeEach(() => page.viewport(1280, 800))

describe('rows of cards', () => {
  it('are as few as fit, and differ by one at most', () => {
    // 712 px hold two of 286 and their gap, 1000 px three
    expect(balancedRows(3, 712, 286, 16)).toEqual([2, 1])
    expect(balancedRows(4, 1000, 286, 16)).toEqual([2, 2])
    expect(balancedRows(5, 1000, 286, 16)).toEqual([3, 2])
    expect(balancedRows(7, 1000, 286, 16)).toEqual([3, 2, 2])
    expect(balancedRows(1, 1000, 286, 16)).toEqual([1])
    expect(balancedRows(3, 0, 286, 16)).toEqual([1, 1, 1])
    expect(balancedRows(0, 1000, 286, 16)).toEqual([])
  })
})

for (const [name, view] of [
  ['Pixels', PixelsView],
  ['Activations', ActivationsView]
] as const) {
  test.each([NARROW, 1016, 1416])(
    `${name}: no number of cards leaves a hole, %i px`,
    async (width) => {
      await page.viewport(width, 900)
      const { workbench } = await showView(view)
      const more = ['symmetric', 'centred', 'log', 'per-image', 'robust'] as const
      for (const next of [undefined, ...more]) {
        if (next !== undefined) workbench.settings.toggle(next)
        const count = workbench.settings.checked.length
        await vi.waitFor(() => {
          const cards = [...document.querySelectorAll('.multiples .card')]
          expect(cards).toHaveLength(count)
          const boxes = cards.map((card) => card.getBoundingClientRect())
          const right = document.querySelector('.multiples')!.getBoundingClientRect().right
          for (const top of new Set(boxes.map((box) => box.top))) {
            const ends = boxes.filter((box) => box.top === top).map((box) => box.right)
            expect(Math.max(...ends)).toBeCloseTo(right, 0)
          }
        })
      }
    }
  )
}

test('the inspector of a large window shows large pictures and fills its height', async () => {
  await page.viewport(1416, 960)
  document.body.style.height = '960px'
  await showView(ImagesView)
  document.querySelector<HTMLElement>('.view')!.parentElement!.style.height = '960px'
  await vi.waitFor(() => {
    const card = document.querySelector('.inspector .card')!.getBoundingClientRect()
    const pictures = [...document.querySelectorAll('.inspector figure canvas')]
    expect(pictures).toHaveLength(3)
    for (const picture of pictures) {
      expect(picture.getBoundingClientRect().width).toBeGreaterThan(125)
    }
    const bare = document.querySelector('.histogram')!.getBoundingClientRect()
    expect(card.bottom - bare.bottom).toBeLessThan(card.height / 8)
  })
})

test('the table of a colour set is whole beside the density', async () => {
  await page.viewport(1280 - 264, 800)
  await showView(PixelsView, { shape: COLOUR })
  await expect.element(page.getByRole('cell', { name: 'As stored' })).toBeVisible()
  const region = page.getByRole('region', { name: 'Choices compared, table' }).element()
  await vi.waitFor(() => expect(region.scrollWidth).toBeLessThanOrEqual(region.clientWidth))
})

test('a table that has no room scrolls by keyboard, and shows that there is more', async () => {
  await page.viewport(460, 800)
  await showView(PixelsView, { shape: COLOUR })
  const region = page.getByRole('region', { name: 'Choices compared, table' })
  await vi.waitFor(() => {
    const { scrollWidth, clientWidth } = region.element()
    expect(scrollWidth).toBeGreaterThan(clientWidth)
    expect(getComputedStyle(region.element()).backgroundImage).toContain('gradient')
  })
  ;(region.element() as HTMLElement).focus()
  await expect.element(region).toHaveFocus()
  await userEvent.keyboard('{ArrowRight}')
  await vi.waitFor(() => expect(region.element().scrollLeft).toBeGreaterThan(0))
  expect(await violations()).toEqual([])
})

test('the formula of a colour choice can be read to its end', async () => {
  const engine = new FakeEngine()
  const colour = { mean: [89.62, 91.58, 90.28], std: [55.29, 54.41, 55.7] }
  const long = '(x - [89.6, 91.6, 90.3]) / [55.3, 54.4, 55.7]'
  engine.answers.fittedChoices = ({ choices }) =>
    choices.map((choice) => ({
      ...{ choice, height: 8, width: 8, channels: 3, parameters: colour },
      formula: choice.id === 'standardised' ? long : 'x'
    }))
  await openWindow(engine)
  const formula = page.getByText(long)
  await expect.element(formula).toBeVisible()
  const { scrollWidth, clientWidth } = formula.element()
  expect(scrollWidth).toBeLessThanOrEqual(clientWidth)
})
