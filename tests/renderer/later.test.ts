import { afterEach, describe, expect, it, vi } from 'vitest'
import { DIALOG_COMPONENTS } from '../../src/renderer/frame/dialogs/components'
import { Later } from '../../src/renderer/state/later.svelte'
import { VIEW_COMPONENTS } from '../../src/renderer/views/components'
import { openWindow } from './fixtures/window'

afterEach(() => vi.restoreAllMocks())

/** The table of views as a window has it that has loaded nothing yet; the one that is shared is whatever tests left. */
const NEW_VIEWS = import.meta.glob<typeof import('../../src/renderer/views/components')>(
  '../../src/renderer/views/components.ts',
  { query: '?new' }
)

const FACTS = { code: 'part-not-loaded', message: 'It is gone.' }

describe('a part of the window in a script of its own', () => {
  it('is loaded once, however often it is asked for', async () => {
    const read = vi.fn(() => Promise.resolve('a part'))
    const part = new Later(read)
    expect(part.value).toBeUndefined()
    await Promise.all([part.load(), part.load()])
    await part.load()
    expect(part.value).toBe('a part')
    expect(read).toHaveBeenCalledTimes(1)
  })

  it('that fails says why, and can be loaded again', async () => {
    const read = vi.fn(() => Promise.resolve('a part'))
    read.mockRejectedValueOnce(new Error('no such file'))
    const part = new Later(read)
    await part.load()
    expect(part.value).toBeUndefined()
    expect(part.error?.message).toContain('no such file')
    await part.load()
    expect(part.value).toBe('a part')
    expect(part.error).toBeUndefined()
  })

  it('that is a view is the first one, which is there at once, or says on screen that it is missing', async () => {
    const [views] = await Promise.all(Object.values(NEW_VIEWS).map((read) => read()))
    expect(views!.VIEW_COMPONENTS).not.toBe(VIEW_COMPONENTS)
    expect(views!.VIEW_COMPONENTS.images.value).toBeDefined()
    expect(views!.VIEW_COMPONENTS.why.value).toBeUndefined()
    vi.spyOn(VIEW_COMPONENTS.why, 'value', 'get').mockReturnValue(undefined)
    vi.spyOn(VIEW_COMPONENTS.why, 'error', 'get').mockReturnValue(FACTS)
    const last = vi.spyOn(Object.values(DIALOG_COMPONENTS).at(-1)!, 'load')
    const { screen } = await openWindow(undefined, { view: 'why' })
    await expect.element(screen.getByRole('alert')).toHaveTextContent('It is gone.')
    // every part was asked for by itself
    await expect.poll(() => last.mock.calls.length, { timeout: 10_000 }).toBeGreaterThan(0)
    const load = vi.spyOn(VIEW_COMPONENTS.why, 'load')
    await screen.getByRole('button', { name: 'Try again' }).click()
    expect(load).toHaveBeenCalledTimes(1)
  })

  it('that is a dialog says so as a notice', async () => {
    vi.spyOn(DIALOG_COMPONENTS.about, 'value', 'get').mockReturnValue(undefined)
    vi.spyOn(DIALOG_COMPONENTS.about, 'error', 'get').mockReturnValue(FACTS)
    const { screen, workbench } = await openWindow()
    workbench.openDialog('about')
    await expect.element(screen.getByText('It is gone.')).toBeVisible()
    expect(workbench.dialog).toBeUndefined()
  })

  it('is there soon after the data set, without being asked for', async () => {
    const parts = [...Object.values(VIEW_COMPONENTS), ...Object.values(DIALOG_COMPONENTS)]
    // one that another test has loaded is asked for all the same
    const asked = parts.map((part) => ({ part, load: vi.spyOn(part, 'load') }))
    await openWindow()
    for (const { part, load } of asked) {
      await expect.poll(() => load.mock.calls.length, { timeout: 10_000 }).toBeGreaterThan(0)
      await expect.poll(() => part.value, { timeout: 10_000 }).toBeDefined()
    }
  })
})
