import { describe, expect, it, vi } from 'vitest'
import { page } from 'vitest/browser'
import { Answers } from '../../src/renderer/state/engine/answers'
import { render } from 'vitest-browser-svelte'
import App from '../../src/renderer/App.svelte'
import { Workbench } from '../../src/renderer/state/workbench.svelte'
import { memoryStore } from './fixtures/memory-store'
import { ViewEngine } from './views/fixtures/view-engine'
import { painted } from './fixtures/painted'

/** views are scripts of their own */
const WAIT = { timeout: 10_000 }

describe('a kept answer', () => {
  const question = { of: 'train', at: ['images'] }

  it('is there when a view comes back, and not asked again', async () => {
    const answers = new Answers()
    const work = vi.fn(() => Promise.resolve(7))
    await answers.of<number>('numbers').askOnce(question, work)
    const again = answers.of<number>('numbers')
    expect(again.value).toBe(7)
    await again.askOnce({ ...question }, work)
    expect(work).toHaveBeenCalledTimes(1)
  })
  it('to another question is not shown to a view that opens', async () => {
    const answers = new Answers()
    await answers.of<number>('numbers').askOnce(question, () => Promise.resolve(7))
    const again = answers.of<number>('numbers')
    const asked = again.askOnce({ of: 'test', at: ['images'] }, () => Promise.resolve(8))
    expect(again.value).toBeUndefined()
    await asked
    expect(again.value).toBe(8)
  })
  it('stays while it is asked anew how far things are', async () => {
    const answers = new Answers()
    await answers.of<number>('numbers').askOnce(question, () => Promise.resolve(7))
    const again = answers.of<number>('numbers')
    const asked = again.askOnce({ of: 'train', at: ['more'] }, () => Promise.resolve(8))
    expect(again.value).toBe(7)
    await asked
    expect(again.value).toBe(8)
  })
  it('that failed is asked again, and of other images nothing is kept', async () => {
    const answers = new Answers()
    const answer = answers.of<number>('numbers')
    await answer.askOnce(question, () => Promise.reject(new Error('no')))
    expect(answer.error).toBeDefined()
    await answer.askOnce(question, () => Promise.resolve(7))
    expect(answer).toMatchObject({ value: 7, error: undefined })
    answers.clear()
    expect(answer.value).toBeUndefined()
    await answer.askOnce(question, () => Promise.resolve(9))
    expect(answer.value).toBe(9)
  })
})

describe('a view that a person comes back to', () => {
  it.each([
    ['pixels', ['distributions', 'imageMoments'], '.multiples canvas'],
    ['activations', ['activations', 'filters', 'featureMaps'], '.multiples canvas'],
    ['images', ['image'], '[aria-label=Inspector] canvas']
  ] as const)('%s asks nothing that it knows, and is whole at once', async (view, calls, shows) => {
    const engine = new ViewEngine()
    const workbench = new Workbench({ link: engine.link, store: memoryStore({}) })
    await render(App, { workbench })
    const count = (): number[] => calls.map((method) => engine.inputs(method).length)
    workbench.show(view)
    await vi.waitFor(() => expect(document.querySelector(shows)).not.toBeNull(), WAIT)
    await vi.waitFor(() => expect(Math.min(...count())).toBeGreaterThan(0), WAIT)
    await painted()
    const before = count()
    workbench.show('why')
    await expect
      .element(page.getByRole('heading', { name: 'From the gap to its causes' }))
      .toBeVisible()
    workbench.show(view)
    await painted()
    expect(document.querySelector(shows)).not.toBeNull()
    expect(count()).toEqual(before)
  })
})
