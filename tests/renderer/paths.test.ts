import axe from 'axe-core'
import { page, userEvent } from 'vitest/browser'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { NormscopeError } from '../../src/core/error'
import { FakeEngine } from './fixtures/fake-engine'
import { openWindow } from './fixtures/window'

beforeEach(() => page.viewport(1280, 800))

const PATHS = ['/data/b.npz', '/data/a.npz', '/data/c.npz']
const opened = (engine: FakeEngine) =>
  engine.calls.filter(({ method }) => method === 'openDataset').map(({ input }) => input)

/** The data dialog of a desktop on which these files are chosen, and cannot be opened at first. */
async function refused(message = 'c.npz and b.npz differ in size.') {
  const engine = new FakeEngine()
  engine.hold = (method) =>
    method === 'openDataset'
      ? Promise.reject(new NormscopeError({ code: 'part-mismatch', message }))
      : undefined
  const window = await openWindow(engine, {}, { choosePaths: () => Promise.resolve(PATHS) })
  window.workbench.openDialog('data')
  await page.getByRole('button', { name: 'Open files…' }).click()
  await expect.element(page.getByRole('alert')).toHaveTextContent(message)
  engine.hold = () => undefined
  return { ...window, engine }
}

describe('several files in the data dialog', () => {
  it('are chosen at once, and listed where they cannot be opened', async () => {
    const { engine } = await refused()
    expect(opened(engine)).toEqual([{ paths: PATHS }])
    const list = page.getByRole('group', { name: '3 paths, one data set in this order' })
    await expect.element(list).toBeVisible()
    expect(
      list
        .getByRole('listitem')
        .elements()
        .map((item) => item.textContent.trim())
    ).toEqual(PATHS)
  })

  it('are opened without one that is left out, by keyboard too', async () => {
    const { engine } = await refused()
    const leave = page.getByRole('button', { name: 'Leave out /data/c.npz' })
    ;(leave.element() as HTMLElement).focus()
    await userEvent.keyboard('{Enter}')
    await page.getByRole('button', { name: 'Open', exact: true }).click()
    await vi.waitFor(() =>
      expect(opened(engine).at(-1)).toEqual({ paths: ['/data/b.npz', '/data/a.npz'] })
    )
    await expect.element(page.getByRole('dialog')).not.toBeInTheDocument()
  })

  it('are cleared for another path', async () => {
    await refused()
    await page.getByRole('button', { name: 'Clear' }).click()
    await expect.element(page.getByRole('textbox', { name: /^Path/ })).toHaveValue('')
  })

  it('are pasted, one a line', async () => {
    const { engine, workbench } = await openWindow()
    workbench.openDialog('data')
    const field = page.getByRole('textbox', { name: /^Path/ })
    await expect.element(field).toBeVisible()
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', '/data/a b.npz\r\n\n/data/c.npz\n')
    field
      .element()
      .dispatchEvent(
        new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true })
      )
    await page.getByRole('button', { name: 'Open', exact: true }).click()
    await vi.waitFor(() =>
      expect(opened(engine)).toEqual([{ paths: ['/data/a b.npz', '/data/c.npz'] }])
    )
  })

  it('leave nothing for axe to find', async () => {
    await refused()
    const { violations } = await axe.run(document.body)
    expect(violations.map(({ id }) => id)).toEqual([])
  })
})

it('recent data sets of several files say how many, name them and open all', async () => {
  const engine = new FakeEngine()
  engine.answers.recentDatasets = () => [{ paths: PATHS, name: '3 files in data', openedAt: 0 }]
  const { workbench } = await openWindow(engine)
  workbench.openDialog('data')
  const recent = page.getByRole('button', { name: /^3 files in data/ })
  await expect.element(recent).toHaveTextContent('/data/b.npz and 2 more')
  await expect.element(recent.getByTitle(/b\.npz\n.*a\.npz\n.*c\.npz/)).toBeVisible()
  await recent.click()
  await vi.waitFor(() => expect(opened(engine)).toEqual([{ paths: PATHS }]))
})

it('files that are dropped together are opened together', async () => {
  const { engine } = await openWindow(new FakeEngine(), {}, {})
  const dataTransfer = new DataTransfer()
  for (const name of ['b.npz', 'a.npz']) dataTransfer.items.add(new File(['x'], name))
  window.dispatchEvent(new DragEvent('drop', { dataTransfer, cancelable: true }))
  await vi.waitFor(() => expect(opened(engine)).toEqual([{ paths: ['b.npz', 'a.npz'] }]))
})

it('the card of the data names the files behind its title', async () => {
  const engine = new FakeEngine()
  engine.dataset = {
    ...engine.dataset!,
    name: '2 files in data',
    sources: PATHS.slice(0, 2).map((path) => ({ path, bytes: 1, sha256: 'a' }))
  }
  await openWindow(engine)
  const title = page.getByText('2 files in data', { exact: true }).first()
  await expect.element(title).toHaveAttribute('title', '/data/b.npz\n/data/a.npz')
})
