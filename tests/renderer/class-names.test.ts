import axe from 'axe-core'
import { page, userEvent } from 'vitest/browser'
import { beforeEach, describe, expect, it } from 'vitest'
import { withClassNames } from '../../src/core/dataset/class-names'
import type { Dataset } from '../../src/core/dataset/dataset'
import { DATASET, FakeEngine } from './fixtures/fake-engine'
import { openWindow } from './fixtures/window'

const NUMBERED: Dataset = { ...DATASET, id: 'numbered', classNames: [...'0123456789'] }

/** An engine that keeps names as the real one does. */
function namingEngine(): FakeEngine {
  const engine = new FakeEngine()
  engine.dataset = NUMBERED
  engine.answers.nameClasses = ({ names }) => {
    engine.dataset = withClassNames(NUMBERED, names)
    engine.events?.datasetOpened(engine.dataset)
  }
  return engine
}

const namesAsked = (engine: FakeEngine): unknown[] =>
  engine.calls.filter(({ method }) => method === 'nameClasses').map(({ input }) => input)

beforeEach(() => page.viewport(1280, 800))

describe('classes that are numbers', () => {
  it('are named in a dialog, shown at once, taken back and given again', async () => {
    const engine = namingEngine()
    const { workbench } = await openWindow(engine, { view: 'images' })
    await expect.element(page.getByText('train, class 0')).toBeVisible()
    await page.getByRole('button', { name: 'Name classes…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Name the classes' })
    await dialog.getByLabelText('0', { exact: true }).fill('Shirt')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await expect.element(dialog).not.toBeInTheDocument()
    await expect.element(page.getByText('train, class Shirt')).toBeVisible()
    expect(namesAsked(engine)).toEqual([
      { datasetId: 'numbered', names: ['Shirt', ...'123456789'] }
    ])
    await userEvent.keyboard('{Control>}z{/Control}')
    await expect.element(page.getByText('train, class 0')).toBeVisible()
    expect(namesAsked(engine).at(-1)).toEqual({ datasetId: 'numbered' })
    await userEvent.keyboard('{Control>}{Shift>}z{/Shift}{/Control}')
    await expect.element(page.getByText('train, class Shirt')).toBeVisible()
    workbench.openDialog('class-names')
    await page.getByRole('button', { name: 'Reset to numbers' }).click()
    await expect.element(page.getByText('train, class 0')).toBeVisible()
  })

  it('are not named alike or with nothing: the field says so and nothing is sent', async () => {
    const engine = namingEngine()
    const { workbench } = await openWindow(engine)
    workbench.openDialog('class-names')
    const dialog = page.getByRole('dialog', { name: 'Name the classes' })
    await dialog.getByLabelText('3', { exact: true }).fill('')
    await dialog.getByLabelText('4', { exact: true }).fill('2')
    await userEvent.keyboard('{Enter}')
    await expect.element(dialog.getByText('A name is needed.')).toBeVisible()
    await expect.element(dialog.getByText('Class 2 has this name already.')).toBeVisible()
    expect(namesAsked(engine)).toEqual([])
    const found = await axe.run(document.body, { resultTypes: ['violations'] })
    expect(found.violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`)).toEqual([])
  })

  it('that have names already are left as they are', async () => {
    await openWindow(new FakeEngine())
    await expect.element(page.getByRole('complementary').first()).toHaveTextContent('10 classes')
    expect(page.getByRole('button', { name: 'Name classes…' }).elements()).toHaveLength(0)
  })
})
