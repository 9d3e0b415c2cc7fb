import axe from 'axe-core'
import { page, userEvent } from 'vitest/browser'
import { beforeEach, describe, expect, it } from 'vitest'
import type { EngineStatus } from '../../src/contract/engine'
import { FakeEngine } from './fixtures/fake-engine'
import { openWindow } from './fixtures/window'

beforeEach(() => page.viewport(1280, 800))

const SHOES = { paths: ['/home/me/shoes'], name: 'Shoes', openedAt: Date.UTC(2026, 4, 17, 12) }
const PROBLEM = {
  code: 'runs-not-kept',
  message: 'Runs, class names and recent data sets cannot be kept in /home/me. The disk is full.'
}

function engineWith(own: Partial<EngineStatus>): FakeEngine {
  const engine = new FakeEngine()
  const { status } = engine.answers
  engine.answers.status = (input) => ({ ...status(input), ...own })
  return engine
}
const lastOpened = (engine: FakeEngine) =>
  engine.calls.filter(({ method }) => method === 'openDataset').at(-1)?.input

async function violations(): Promise<string[]> {
  return (await axe.run(document.body)).violations.map(({ id }) => id)
}

describe('a data set that the app opened by itself', () => {
  it('is named with its place and date, and Fashion-MNIST is one key away', async () => {
    const engine = engineWith({ restored: SHOES })
    await openWindow(engine)
    const bar = page.getByRole('status').filter({ hasText: 'Reopened Shoes' })
    await expect.element(bar).toHaveTextContent('17 May 2026')
    await expect.element(bar).toHaveTextContent('/home/me/shoes')
    const button = bar.getByRole('button', { name: 'Open Fashion-MNIST' })
    ;(button.element() as HTMLElement).focus()
    await userEvent.keyboard('{Enter}')
    await expect.poll(() => lastOpened(engine)).toEqual({ paths: ['fashion-mnist'] })
  })
  it('leads to the data dialog, and its bar can be closed', async () => {
    const { workbench } = await openWindow(engineWith({ restored: SHOES }))
    await page.getByRole('button', { name: 'Open another…' }).click()
    expect(workbench.dialog).toBe('data')
    workbench.openDialog(undefined)
    await page.getByRole('button', { name: 'Close', exact: true }).click()
    await expect.element(page.getByText('Reopened Shoes')).not.toBeInTheDocument()
  })
})

describe('runs that cannot be kept', () => {
  it('are told of once, with the reason for whoever asks', async () => {
    const engine = engineWith({})
    const { workbench } = await openWindow(engine)
    engine.events?.notice({ level: 'warning', message: PROBLEM.message, error: PROBLEM })
    const journal = { folder: '/home/me', rule: 'The newest runs are kept.', problem: PROBLEM }
    engine.events?.statusChanged({ ...workbench.status!, journal })
    await expect.element(page.getByText('Runs are not being saved.')).toBeVisible()
    expect(workbench.notices.list).toEqual([])
    await page.getByRole('button', { name: 'Why?' }).click()
    await expect.element(page.getByText(PROBLEM.message)).toBeVisible()
    await page.getByRole('button', { name: 'Close', exact: true }).click()
    engine.events?.statusChanged({ ...workbench.status!, journal })
    await expect.element(page.getByText('Runs are not being saved.')).not.toBeInTheDocument()
  })
})

it('a notice of the engine offers to open a data set, and stays until it is closed', async () => {
  const engine = new FakeEngine()
  await openWindow(engine)
  engine.events?.notice({
    level: 'info',
    message: 'Normscope ended while it opened Shoes.',
    action: {
      label: 'Open it again',
      open: { paths: ['/home/me/shoes'], labelsPath: '/home/me/l' }
    }
  })
  await page.getByRole('button', { name: 'Open it again' }).click()
  await expect
    .poll(() => lastOpened(engine))
    .toEqual({ paths: ['/home/me/shoes'], labelsPath: '/home/me/l' })
})

it('recent data sets are opened again with their labels and test files', async () => {
  const engine = new FakeEngine()
  const files = {
    paths: ['/home/me/x.npy'],
    labelsPath: '/home/me/y.npy',
    testPath: '/home/me/t.npy'
  }
  engine.answers.recentDatasets = () => [{ ...files, name: 'Hats', openedAt: 0 }]
  const { workbench } = await openWindow(engine)
  workbench.openDialog('data')
  const recent = page.getByRole('button', { name: /^Hats/ })
  await expect.element(recent).toHaveTextContent('labels /home/me/y.npy')
  await recent.click()
  await expect.poll(() => lastOpened(engine)).toEqual(files)
})

for (const theme of ['light', 'dark'] as const) {
  it(`axe finds nothing in the bars, ${theme} theme`, async () => {
    const journal = { folder: '/home/me', rule: 'The newest runs are kept.', problem: PROBLEM }
    await openWindow(engineWith({ restored: SHOES, journal }), { view: 'training', theme })
    await page.getByRole('button', { name: 'Why?' }).click()
    await expect.element(page.getByText(PROBLEM.message)).toBeVisible()
    expect(await violations()).toEqual([])
  })
}

describe('an Electron that stands in for the pinned one', () => {
  const versions = { normscope: '0', chrome: '108', node: '16' }
  it('is said to be for trying only, until the bar is closed', async () => {
    await openWindow(undefined, undefined, { versions: { ...versions, electron: '22.3.25' } })
    const bar = page.getByRole('status').filter({ hasText: 'Electron 22 stands in' })
    await expect.element(bar).toHaveTextContent('no security updates')
    await expect.element(bar).toHaveTextContent('npm run setup tries for Electron 45 again')
    await bar.getByRole('button', { name: 'Close' }).click()
    await expect.element(bar).not.toBeInTheDocument()
  })
  it('is not spoken of where the pinned one runs, or a browser', async () => {
    await openWindow(undefined, undefined, {})
    await openWindow()
    expect(page.getByText('stands in').elements()).toEqual([])
  })
})
