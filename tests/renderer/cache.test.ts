import axe from 'axe-core'
import { page, userEvent } from 'vitest/browser'
import { beforeEach, describe, expect, it } from 'vitest'
import { FakeEngine } from './fixtures/fake-engine'
import { openWindow } from './fixtures/window'

beforeEach(() => page.viewport(1280, 800))

const dialog = page.getByRole('dialog', { name: 'Cache of decoded images' })
const asked = ({ calls }: FakeEngine): number =>
  calls.filter(({ method }) => method === 'emptyCache').length

describe('the cache', () => {
  it('tells its size, limit and folder, and is emptied once the person confirms it', async () => {
    const engine = new FakeEngine()
    await openWindow(engine)
    await page.getByRole('button', { name: 'Preferences' }).click()
    await page.getByRole('menuitem', { name: 'Cache of decoded images…' }).click()
    await expect.element(dialog.getByText('1.3 GB of at most 8.6 GB, 3 data sets')).toBeVisible()
    await expect.element(dialog.getByText('/home/me/.cache/normscope/store')).toBeVisible()
    await dialog.getByRole('button', { name: 'Empty…' }).click()
    // Enter does what is safe
    await expect.element(dialog.getByRole('button', { name: 'Keep it' })).toHaveFocus()
    expect((await axe.run(dialog.element())).violations).toEqual([])
    await userEvent.keyboard('{Enter}')
    expect(asked(engine)).toBe(0)
    await dialog.getByRole('button', { name: 'Empty…' }).click()
    await dialog.getByRole('button', { name: 'Empty the cache' }).click()
    await expect.element(dialog.getByText('Freed 1.2 GB.')).toBeVisible()
    await expect.element(dialog.getByText('47 MB of at most 8.6 GB, 1 data set')).toBeVisible()
    expect(asked(engine)).toBe(1)
    await expect.element(dialog.getByRole('button', { name: 'Close' }).last()).toHaveFocus()
  })

  it('says why nothing was freed, and that it is empty', async () => {
    const engine = new FakeEngine()
    engine.answers.emptyCache = () => ({ ...engine.cache, freed: 0 })
    const { workbench } = await openWindow(engine)
    workbench.openDialog('cache')
    await dialog.getByRole('button', { name: 'Empty…' }).click()
    await dialog.getByRole('button', { name: 'Empty the cache' }).click()
    await expect.element(dialog.getByText('Nothing was freed')).toBeVisible()
    await userEvent.keyboard('{Escape}')
    await expect.element(dialog).not.toBeInTheDocument()
    engine.cache = { ...engine.cache, bytes: 0, sets: 0 }
    workbench.openDialog('cache')
    await expect.element(dialog.getByRole('button', { name: 'Empty…' })).toBeDisabled()
  })
})
