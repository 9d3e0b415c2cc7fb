import { describe, expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import ImagesView from '../../../../src/renderer/views/images/ImagesView.svelte'
import { painted } from '../../fixtures/painted'
import { pixelOf } from '../fixtures/view-engine'
import { showView, violations } from '../fixtures/show-view'

const MILLION = { count: 1_000_000, height: 2, width: 2, channels: 1 } as const

function gridCanvas(): HTMLCanvasElement {
  const canvas = document.querySelector<HTMLCanvasElement>('[role=listbox] canvas')
  if (canvas === null) throw new Error('no grid')
  return canvas
}

/** Colour in the middle of a cell. */
function cellColour(row: number, column: number): number[] {
  const canvas = gridCanvas()
  const ratio = window.devicePixelRatio
  const [x, y] = [column, row].map((at) => Math.round((4 + at * 62 + 20) * ratio)) as [
    number,
    number
  ]
  const { data } = canvas.getContext('2d')!.getImageData(x, y, 1, 1)
  return Array.from(data.slice(0, 3))
}

/** Texts of the cells of a row of the value table; row 0 is the head. */
function values(row: number): string[] {
  const cells = page.getByRole('row').nth(row).element().querySelectorAll('th, td')
  return [...cells].map((cell) => cell.textContent?.trim() ?? '')
}

async function chosen(index: number): Promise<void> {
  await expect.element(page.getByRole('heading', { name: `Image ${index}` })).toBeVisible()
}

describe('the gallery', () => {
  test('draws what the engine sent, the stored grey of each pixel', async () => {
    await showView(ImagesView, { shape: { ...MILLION, count: 50 } })
    // the middle of a 56 pixel cell less 8 lies in the first of 2 x 2 pixels
    await vi.waitFor(() => expect(cellColour(0, 3)).toEqual(Array(3).fill(pixelOf(3, 0))))
    // the window of 1280 leaves room for 13 columns: the second row begins with image 13
    expect(cellColour(1, 0)).toEqual(Array(3).fill(pixelOf(13, 0)))
  })

  test('holds a million images in a handful of elements and asks for those in view only', async () => {
    const { engine } = await showView(ImagesView, { shape: MILLION })
    await expect.element(page.getByRole('status').first()).toHaveTextContent('1,000,000')
    await vi.waitFor(() => expect(engine.inputs('thumbnails').length).toBeGreaterThan(0))
    const listbox = page.getByRole('listbox', { name: 'Images' }).element()
    expect(listbox.querySelectorAll('*').length).toBeLessThan(6)
    const asked = engine.inputs('thumbnails').flatMap(({ indices }) => Array.from(indices))
    expect(Math.min(...asked)).toBe(0)
    expect(Math.max(...asked)).toBeLessThan(2048)

    listbox.scrollTop = listbox.scrollHeight
    await vi.waitFor(() => {
      const later = engine.inputs('thumbnails').flatMap(({ indices }) => Array.from(indices))
      expect(Math.max(...later)).toBe(999_999)
    })
    const all = engine.inputs('thumbnails').flatMap(({ indices }) => Array.from(indices))
    expect(all.some((index) => index > 10_000 && index < 900_000)).toBe(false)
  })

  test('arrow keys, Home and End choose; Enter goes to the inspector', async () => {
    const { workbench } = await showView(ImagesView)
    await chosen(0)
    page.getByRole('listbox').element().focus()
    await userEvent.keyboard('{ArrowRight}{ArrowRight}')
    await chosen(2)
    await userEvent.keyboard('{End}')
    await chosen(399)
    await userEvent.keyboard('{Home}{ArrowRight}{Enter}')
    await chosen(1)
    expect(workbench.selection).toEqual({ split: 'train', index: 1 })
    expect(document.activeElement?.getAttribute('aria-roledescription')).toBe('pixel grid')
  })

  test('says where in the list the chosen image is', async () => {
    await showView(ImagesView)
    const option = page.getByRole('option')
    await expect.element(option).toHaveTextContent('Image 0, Shirt')
    await expect.element(option).toHaveAttribute('aria-setsize', '400')
    await expect.element(option).toHaveAttribute('aria-posinset', '1')
  })

  test('a click chooses the image under the pointer', async () => {
    const { workbench } = await showView(ImagesView)
    await chosen(0)
    await page.getByRole('listbox').click({ position: { x: 4 + 2 * 62 + 10, y: 4 + 62 + 10 } })
    // 13 columns: second row, third cell
    expect(workbench.selection.index).toBe(15)
  })
})

describe('the filters', () => {
  test('F opens them, a class narrows the gallery, its chip takes it away again', async () => {
    const { engine } = await showView(ImagesView)
    await chosen(0)
    await userEvent.keyboard('f')
    await expect.element(page.getByRole('dialog', { name: 'Filter images' })).toBeVisible()
    await page.getByRole('checkbox', { name: /Boot/ }).click()
    await expect.element(page.getByText('100 of 400')).toBeVisible()
    expect(engine.inputs('imageIndices').at(-1)?.classes).toEqual([2])
    await userEvent.keyboard('{Escape}')
    await expect.element(page.getByRole('dialog')).not.toBeInTheDocument()
    await page.getByRole('button', { name: 'Remove filter Class: Boot' }).click()
    await expect.element(page.getByText('100 of 400')).not.toBeInTheDocument()
  })

  test('a range of means becomes a chip, and clearing brings all images back', async () => {
    const { engine, workbench } = await showView(ImagesView)
    await page.getByRole('button', { name: 'Filter', exact: true }).click()
    await page.getByLabelText('Mean, lowest').fill('1000')
    await expect.element(page.getByText('Mean above 1,000')).toBeVisible()
    await expect.element(page.getByText('Nothing matches')).toBeVisible()
    expect(engine.inputs('imageIndices').at(-1)?.meanRange?.[0]).toBe(1000)
    await userEvent.keyboard('{Escape}')
    await page.getByRole('button', { name: 'Clear filters' }).click()
    expect(workbench.filters.active).toBe(false)
    await expect.element(page.getByText('Nothing matches')).not.toBeInTheDocument()
  })

  test('the order is asked of the engine', async () => {
    const { engine } = await showView(ImagesView)
    await page.getByRole('button', { name: 'Sort: Index, lowest first' }).click()
    await page.getByRole('menuitemradio', { name: 'Std' }).click()
    await page.getByRole('button', { name: 'Sort: Std, lowest first' }).click()
    await page.getByRole('menuitemradio', { name: 'Highest first' }).click()
    await vi.waitFor(() =>
      expect(engine.inputs('imageIndices').at(-1)).toMatchObject({
        sortBy: 'std',
        descending: true
      })
    )
  })
})

describe('the inspector', () => {
  test('gives the value of the pixel under the pointer before and after each choice', async () => {
    const { workbench } = await showView(ImagesView)
    workbench.select('train', 3)
    await chosen(3)
    // the middle of 6 x 6 is row 3, column 3: value 3 x 7 + (3 x 6 + 3) x 13 = 294 -> 38
    expect(values(0)).toEqual(['Row 3, column 3', 'As stored', '[0, 1]', 'Standardised'])
    expect(values(1)).toEqual(['value', '38', '0.149', '−1.240'])
    page.getByRole('application').element().focus()
    await userEvent.keyboard('{ArrowUp}{ArrowLeft}')
    // row 2, column 2: 21 + 14 x 13 = 203
    await vi.waitFor(() => expect(values(0)[0]).toBe('Row 2, column 2'))
    expect(values(1)).toEqual(['value', '203', '0.796', '2.060'])
  })

  test('names the range that black and white stand for', async () => {
    await showView(ImagesView)
    await chosen(0)
    await expect.element(page.getByText('0 to 255')).toBeVisible()
    await expect.element(page.getByText('−2 to 3.1')).toBeVisible()
  })

  test('sets mean and std beside those of the set', async () => {
    await showView(ImagesView)
    // image 0: 13 x at mod 256 for at = 0..35, by NumPy: mean 113.722, population std 69.552
    await expect.element(page.getByText('mean 113.7 (set 72.9), std 69.6 (set 90.0)')).toBeVisible()
  })

  test('shows the stored image first when the raw choice is not checked', async () => {
    const { workbench } = await showView(ImagesView)
    workbench.settings.toggle('raw')
    await expect.element(page.getByText('As stored').first()).toBeVisible()
  })

  test('gives each channel of a colour image', async () => {
    await showView(ImagesView, { shape: { count: 20, height: 4, width: 4, channels: 3 } })
    await expect.element(page.getByRole('cell', { name: 'green' })).toBeVisible()
    // row 2, column 2: first channel (2 x 4 + 2) x 3 = 30 -> 390 mod 256 = 134
    expect(values(1).slice(0, 2)).toEqual(['red', '134'])
    expect(values(2).slice(0, 2)).toEqual(['green', '147'])
    expect(values(3).slice(0, 2)).toEqual(['blue', '160'])
  })

  test('saves the pictures as PNG and every value as CSV', async () => {
    const names: string[] = []
    const files: Blob[] = []
    const urls = vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
      files.push(blob as Blob)
      return 'blob:none'
    })
    const clicks = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (
      this: HTMLAnchorElement
    ) {
      names.push(this.download)
    })
    await showView(ImagesView)
    await chosen(0)
    for (const item of ['Save values as CSV', 'Save pictures as PNG']) {
      await page.getByRole('button', { name: 'Inspector menu' }).click()
      await page.getByRole('menuitem', { name: item }).click()
    }
    await vi.waitFor(() => expect(names).toEqual(['image-0-train.csv', 'image-0-train.png']))
    const lines = (await files[0]!.text()).trimEnd().split('\r\n')
    expect(lines[0]).toBe('row,column,raw,unit,standardised')
    expect(lines).toHaveLength(6 * 6 + 1)
    // row 1, column 2: 8 x 13 = 104; (104 - 100) / 50 = 0.08
    expect(lines[9]).toMatch(/^1,2,104,0\.4078\d*,0\.0(80|799)\d*$/)
    const picture = await createImageBitmap(files[1]!)
    // three pictures of 224 with gaps of 20 and margins of 24, twice
    expect(picture.width).toBe(2 * (3 * 224 + 2 * 20 + 2 * 24))
    urls.mockRestore()
    clicks.mockRestore()
  })

  test('an answer that was overtaken is not shown', async () => {
    const release: (() => void)[] = []
    const { workbench, engine } = await showView(ImagesView)
    await chosen(0)
    engine.hold = (method, input) =>
      method === 'image' && (input as { index: number }).index === 5
        ? new Promise((done) => release.push(done))
        : Promise.resolve()
    workbench.select('train', 5)
    await vi.waitFor(() => expect(release.length).toBe(1))
    workbench.select('train', 9)
    await chosen(9)
    release[0]?.()
    await painted()
    await chosen(9)
  })

  test('keeps the last image and says what went wrong', async () => {
    const { workbench, engine } = await showView(ImagesView)
    await chosen(0)
    engine.failing.set('image', { code: 'unreadable', message: 'The file ended early.' })
    workbench.select('train', 7)
    await expect.element(page.getByRole('alert')).toHaveTextContent('The file ended early.')
    await chosen(0)
    engine.failing.clear()
    await page.getByRole('button', { name: 'Try again' }).click()
    await chosen(7)
    await expect.element(page.getByRole('alert')).not.toBeInTheDocument()
  })
})

test.each(['light', 'dark'] as const)('axe finds nothing in the %s theme', async (theme) => {
  const { workbench } = await showView(ImagesView, { theme })
  workbench.filters.toggleClass(0)
  workbench.filters.setMeanRange([10, 300])
  await chosen(0)
  await page.getByRole('button', { name: 'Filter', exact: true }).click()
  await expect.element(page.getByRole('dialog')).toBeVisible()
  expect(await violations()).toEqual([])
})

test('leads from the inspected image to the layers of the network', async () => {
  const { workbench } = await showView(ImagesView)
  await page.getByRole('button', { name: 'Inspector menu' }).click()
  await page.getByRole('menuitem', { name: 'Show in the layers of the network' }).click()
  expect(workbench.view).toBe('activations')
  expect(workbench.looking.takeImage()).toBe(true)
  expect(workbench.looking.takeImage()).toBe(false)
})
