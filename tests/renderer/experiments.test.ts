import { page, userEvent } from 'vitest/browser'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Experiment } from '../../src/core/study/experiment'
import type { RunConfig } from '../../src/core/network/config'
import { TUTORIAL_CONFIG } from '../../src/core/network/config'
import { FakeEngine } from './fixtures/fake-engine'
import { runRecord } from './fixtures/runs'
import { openWindow } from './fixtures/window'

const inputs = (engine: FakeEngine, method: string): unknown[] =>
  engine.calls.filter((call) => call.method === method).map(({ input }) => input)

/** two experiments: relu on raw bytes at 70 %, then tanh at 60 % and 64 % with two seeds */
function twoExperiments(): FakeEngine {
  const engine = new FakeEngine()
  const run = (id: string, config: Partial<RunConfig>, accuracy: number) =>
    runRecord({ id, config: { choice: { id: 'raw' }, ...config } }, [0.1, accuracy])
  engine.runs = [
    run('a', {}, 0.7),
    run('b', { activation: 'tanh' }, 0.6),
    run('c', { activation: 'tanh', seed: 1 }, 0.64)
  ]
  const experiment = (id: string, createdAt: number, runIds: string[]): Experiment => ({
    ...{ id, name: `Experiment ${id}`, kind: 'training', createdAt, runIds },
    ...{ datasetId: 'data', datasetName: 'Fashion-MNIST' },
    ask: { configs: [TUTORIAL_CONFIG] },
    facts: { features: 784, classes: 10, trainCount: 60000, testCount: 10000, inputs: [] }
  })
  engine.experiments = [experiment('1', 1, ['a']), experiment('2', 2, ['b', 'c'])]
  return engine
}

const results = () => page.getByRole('region', { name: 'Results' })
const list = () => page.getByRole('region', { name: 'Experiments', exact: true })

beforeEach(() => page.viewport(1280, 800))

describe('experiments in Training', () => {
  it('the newest is shown with its own sentence and table, another at a click', async () => {
    await openWindow(twoExperiments())
    await expect
      .element(page.getByRole('status').first())
      .toHaveTextContent('As stored (62.0 % ± 2.8')
    await expect.element(results()).toHaveTextContent('62.0 %')
    await expect.element(results()).not.toHaveTextContent('70.0 %')
    await page.getByRole('button', { name: 'Experiment 1', exact: true }).click()
    await expect
      .element(page.getByRole('status').first())
      .toHaveTextContent('As stored (70.0 %, one seed)')
    await expect.element(results()).toHaveTextContent('70.0 %')
    await expect.element(results()).not.toHaveTextContent('62.0 %')
  })

  it('several are compared: their settings differ by what they were asked with', async () => {
    await openWindow(twoExperiments())
    await page.getByRole('checkbox', { name: 'Show Experiment 1' }).click({ force: true })
    await expect.element(list()).toHaveTextContent('2 compared')
    await expect.element(page.getByText(/differ in .*Test accuracy: /)).toBeVisible()
    await expect.element(results()).toHaveTextContent('As stored, ReLU')
    await expect.element(results()).toHaveTextContent('As stored, tanh')
  })

  it('are renamed, deleted, and brought back', async () => {
    const { engine } = await openWindow(twoExperiments())
    await page.getByRole('button', { name: 'Menu of experiment Experiment 2' }).click()
    await page.getByRole('menuitem', { name: 'Rename' }).click()
    const field = page.getByLabelText('Name of the experiment')
    await expect.element(field).toHaveFocus()
    await userEvent.keyboard('Tanh on raw bytes{Enter}')
    expect(inputs(engine, 'renameExperiment')).toEqual([{ id: '2', name: 'Tanh on raw bytes' }])
    await page.getByRole('button', { name: 'Menu of experiment Tanh on raw bytes' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await expect.element(list()).not.toHaveTextContent('Tanh on raw bytes')
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.element(list()).toHaveTextContent('Tanh on raw bytes')
  })

  it('leave the keyboard where it was, once renamed, deleted or brought back', async () => {
    await openWindow(twoExperiments())
    const press = async (name: string, item: string) => {
      const menu = page.getByRole('button', { name: `Menu of experiment ${name}` })
      ;((await menu.element()) as HTMLElement).focus()
      await userEvent.keyboard('{Enter}')
      const chosen = page.getByRole('menuitem', { name: item })
      await expect.element(chosen).toBeVisible()
      ;((await chosen.element()) as HTMLElement).focus()
      await userEvent.keyboard('{Enter}')
    }
    const nameOf = (name: string) => page.getByRole('button', { name, exact: true })
    await press('Experiment 2', 'Rename')
    await expect.element(page.getByLabelText('Name of the experiment')).toHaveFocus()
    await userEvent.keyboard('Tanh{Enter}')
    await expect.element(nameOf('Tanh')).toHaveFocus()
    await press('Tanh', 'Rename')
    await expect.element(page.getByLabelText('Name of the experiment')).toHaveFocus()
    await userEvent.keyboard('{Escape}')
    await expect.element(nameOf('Tanh')).toHaveFocus()
    await press('Tanh', 'Delete')
    await expect.element(page.getByRole('region', { name: 'List of experiments' })).toHaveFocus()
    const undo = page.getByRole('button', { name: 'Undo' })
    ;((await undo.element()) as HTMLElement).focus()
    await userEvent.keyboard('{Enter}')
    await expect.element(page.getByRole('region', { name: 'List of experiments' })).toHaveFocus()
    await expect.element(nameOf('Tanh')).toBeVisible()
  })
})
