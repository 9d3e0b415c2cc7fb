import { dense } from '../../src/core/network/layers/layers'
import axe from 'axe-core'
import { page, userEvent } from 'vitest/browser'
import { beforeEach, describe, expect, it } from 'vitest'
import { FakeEngine } from './fixtures/fake-engine'
import { runRecord } from './fixtures/runs'
import { sampleRuns } from './fixtures/sample-runs'
import { openWindow } from './fixtures/window'

const callsOf = (engine: FakeEngine, method: string) =>
  engine.calls.filter((call) => call.method === method)

async function violations(): Promise<string[]> {
  const found = await axe.run(document.body, { resultTypes: ['violations'] })
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 120)} ${failureSummary ?? ''}`)
  )
}

beforeEach(() => page.viewport(1280, 800))

describe('the window', () => {
  it('shows the data set, the choices with their fitted formulas, and the network', async () => {
    await openWindow()
    const rail = page.getByRole('complementary')
    await expect.element(rail).toHaveTextContent('60,000 train, 10,000 test')
    await expect.element(rail).toHaveTextContent('28 × 28, grey, 8-bit, 10 classes')
    await expect.element(rail).toHaveTextContent('(x - 72.9) / 90.0')
    await expect.element(rail).toHaveTextContent('x / 255')
    await expect.element(rail).toHaveTextContent('784 → 128 ReLU → 10 softmax')
    await expect.element(rail).toHaveTextContent('3 of 15')
  })

  for (const theme of ['light', 'dark'] as const) {
    it(`has nothing for axe to find in the ${theme} theme`, async () => {
      const engine = new FakeEngine()
      engine.runs = sampleRuns()
      await openWindow(engine, { view: 'training', theme })
      await expect.element(page.getByRole('table')).toBeInTheDocument()
      expect(document.documentElement.dataset.theme).toBe(theme)
      expect(await violations()).toEqual([])
    })
    it(`has nothing for axe to find in dialogs and menus, ${theme} theme`, async () => {
      const { workbench } = await openWindow(new FakeEngine(), { view: 'training', theme })
      for (const dialog of ['data', 'network', 'about', 'palette'] as const) {
        workbench.openDialog(dialog)
        await expect.element(page.getByRole('dialog')).toBeVisible()
        expect(await violations()).toEqual([])
        workbench.openDialog(undefined)
      }
      await page.getByRole('button', { name: 'Preferences' }).click()
      await expect.element(page.getByRole('menu')).toBeVisible()
      expect(await violations()).toEqual([])
    })
  }

  it('does not scroll sideways at 1024 x 680', async () => {
    await page.viewport(1024, 680)
    const engine = new FakeEngine()
    engine.runs = sampleRuns()
    await openWindow(engine)
    await expect.element(page.getByRole('table')).toBeInTheDocument()
    const main = document.querySelector('main')
    expect(main?.scrollWidth).toBe(main?.clientWidth)
    const table = document.querySelector('table')
    const card = table?.closest('section')
    expect(table!.getBoundingClientRect().right).toBeLessThanOrEqual(
      card!.getBoundingClientRect().right
    )
  })
})

describe('the keyboard', () => {
  it('goes along the tabs with arrows and to a view with Ctrl and its number', async () => {
    const { workbench } = await openWindow()
    const training = page.getByRole('tab', { name: 'Training' })
    ;(training.element() as HTMLElement).focus()
    await userEvent.keyboard('{ArrowLeft}')
    expect(workbench.view).toBe('activations')
    await expect.element(page.getByRole('tab', { name: 'Activations' })).toHaveFocus()
    await userEvent.keyboard('{Control>}4{/Control}')
    expect(workbench.view).toBe('training')
  })

  it('reaches every control of the frame with Tab, and each shows its focus', async () => {
    await openWindow()
    await expect.element(page.getByRole('complementary')).toHaveTextContent('Fashion-MNIST')
    document.body.focus()
    const seen: string[] = []
    for (let i = 0; i < 40; i++) {
      await userEvent.tab()
      const at = document.activeElement
      if (!at || at === document.body) break
      const visible = at instanceof HTMLInputElement ? (at.nextElementSibling ?? at) : at
      const label = at.closest('.segmented label')
      const outline = getComputedStyle(label ?? visible).outlineStyle
      expect(outline, at.outerHTML).not.toBe('none')
      seen.push(at.getAttribute('aria-label') ?? at.textContent?.trim() ?? at.tagName)
    }
    const all = seen.join('|')
    for (const name of [
      'Training',
      'Preferences',
      'Change…',
      'Edit…',
      'Train 3 choices × 1 seed'
    ]) {
      expect(all).toContain(name)
    }
  })

  it('undoes and redoes a setting outside text fields', async () => {
    const { workbench } = await openWindow()
    await page.getByRole('checkbox', { name: 'Logarithm' }).click()
    expect(workbench.settings.checked).toContain('log')
    await userEvent.keyboard('{Control>}z{/Control}')
    expect(workbench.settings.checked).not.toContain('log')
    await userEvent.keyboard('{Control>}{Shift>}z{/Shift}{/Control}')
    expect(workbench.settings.checked).toContain('log')
  })

  it('names no more groups of buttons than it has at once, however often views change', async () => {
    await openWindow()
    const names = new Set<string>()
    let most = 0
    for (const key of '23232323') {
      await userEvent.keyboard(`{Control>}${key}{/Control}`)
      await expect
        .element(page.getByRole('tab', { selected: true }))
        .toHaveTextContent(key === '2' ? 'Pixels' : 'Activations')
      const shown = new Set(
        [...document.querySelectorAll<HTMLInputElement>('input[type=radio]')].map((one) => one.name)
      )
      most = Math.max(most, shown.size)
      for (const name of shown) names.add(name)
    }
    expect(most).toBeGreaterThan(1)
    expect(names.size).toBeLessThanOrEqual(2 * most)
  })

  it('folds the side bar with Ctrl B', async () => {
    await openWindow()
    await userEvent.keyboard('{Control>}b{/Control}')
    expect(document.querySelector('aside')).toBeNull()
    await userEvent.keyboard('{Control>}b{/Control}')
    expect(document.querySelector('aside')).not.toBeNull()
  })

  it('opens a menu with the arrow, moves in it, and gives the focus back on Escape', async () => {
    await openWindow()
    const opener = page.getByRole('button', { name: 'Preferences' })
    ;(opener.element() as HTMLElement).focus()
    await userEvent.keyboard('{ArrowDown}')
    await expect.element(page.getByRole('menuitemradio', { name: /System theme/ })).toHaveFocus()
    await userEvent.keyboard('{ArrowDown}')
    await expect.element(page.getByRole('menuitemradio', { name: 'Light theme' })).toHaveFocus()
    await userEvent.keyboard('{Escape}')
    await expect.element(opener).toHaveFocus()
  })
})

describe('the palette', () => {
  it('goes to the image whose number is typed', async () => {
    const { workbench } = await openWindow()
    await userEvent.keyboard('{Control>}k{/Control}')
    await userEvent.keyboard('test 4211')
    await userEvent.keyboard('{Enter}')
    expect(workbench.view).toBe('images')
    expect(workbench.selection).toEqual({ split: 'test', index: 4211 })
  })
  it('finds an action by its words, in any order', async () => {
    const { workbench } = await openWindow()
    await userEvent.keyboard('{Control>}k{/Control}')
    await userEvent.keyboard('theme dark')
    await userEvent.keyboard('{Enter}')
    expect(workbench.theme.resolved).toBe('dark')
  })
  it('finds a choice by a name that others give it', async () => {
    const { workbench } = await openWindow()
    await userEvent.keyboard('{Control>}k{/Control}')
    await userEvent.keyboard('raw')
    await expect.element(page.getByRole('option').first()).toHaveTextContent('Uncheck As stored')
    await userEvent.keyboard('{Enter}')
    expect(workbench.settings.isChecked('raw')).toBe(false)
  })
  it('does not offer an image that the data set does not have', async () => {
    await openWindow()
    await userEvent.keyboard('{Control>}k{/Control}')
    await userEvent.keyboard('60000')
    await expect.element(page.getByText('no image has this number')).toBeVisible()
  })
})

describe('the choices', () => {
  it('keep the last checked one', async () => {
    const { workbench } = await openWindow()
    for (const name of ['As stored', 'Rescaled to [0, 1]', 'Standardised, whole set']) {
      await page.getByRole('checkbox', { name, exact: true }).click()
    }
    expect(workbench.settings.checked).toEqual(['standardised'])
  })
  it('unfold to all fifteen, with constants for the custom one', async () => {
    const { workbench } = await openWindow()
    await page.getByRole('button', { name: '6 more and custom…' }).click()
    await page.getByRole('checkbox', { name: 'Custom' }).click()
    const centre = page.getByLabelText('a, subtracted')
    await centre.fill('0.1307')
    await page.getByLabelText('b, divided by').fill('0')
    await userEvent.tab()
    await expect.element(page.getByText('Nothing can be divided by 0.')).toBeVisible()
    await page.getByLabelText('b, divided by').fill('78.6')
    await userEvent.tab()
    expect(workbench.settings.custom).toEqual({ centre: [0.1307], divisor: [78.6] })
  })
  it('are copied as code for a library, by keyboard too', async () => {
    const copied: string[] = []
    await openWindow(undefined, undefined, {
      copyText: (text) => Promise.resolve({ ok: true, value: void copied.push(text) })
    })
    const menu = page.getByRole('button', { name: 'Code of As stored' })
    ;(menu.element() as HTMLElement).focus()
    await userEvent.keyboard('{Enter}')
    await userEvent.keyboard('{ArrowDown}{ArrowDown}{Enter}')
    await expect.element(page.getByText('Copied As stored as code for Keras')).toBeVisible()
    await userEvent.keyboard('{Control>}k{/Control}')
    await userEvent.keyboard('copy code pytorch stored{Enter}')
    await expect.poll(() => copied).toEqual(['raw for keras\n', 'raw for pytorch\n'])
  })
})

describe('the network', () => {
  it('shows the formula and the source of what is chosen, from its record', async () => {
    const { workbench } = await openWindow()
    workbench.openDialog('network')
    const dialog = page.getByRole('dialog')
    await expect.element(dialog).toHaveTextContent('f(z) = max(0, z) Nair & Hinton 2010')
    await expect.element(dialog).toHaveTextContent('sqrt(6 / (n_in + n_out)) Glorot & Bengio 2010')
    await page.getByLabelText('Optimiser', { exact: true }).selectOptions('sgd')
    await expect.element(dialog).toHaveTextContent('w ← w − a g Robbins & Monro 1951')
    await expect.element(dialog).toHaveTextContent('−log p TensorFlow’s Keras')
  })

  it('is checked while it is typed, and applied whole', async () => {
    const { workbench } = await openWindow()
    await page.getByRole('button', { name: 'Edit…' }).click()
    const layers = page.getByLabelText('Hidden layers')
    await layers.fill('128, none')
    await expect.element(page.getByText('“none” cannot be read as layers')).toBeVisible()
    await expect.element(page.getByRole('button', { name: 'Apply' })).toBeDisabled()
    await layers.fill('128, 64')
    await page.getByLabelText('Seeds').fill('3')
    await page.getByRole('button', { name: 'Apply' }).click()
    expect(workbench.settings.network.layers).toEqual([dense(128), dense(64)])
    expect(workbench.settings.network.initFactors).toEqual([1, 1, 1])
    await expect
      .element(page.getByRole('button', { name: 'Train 3 choices × 3 seeds' }))
      .toBeVisible()
  })
  it('changes a usual learning rate with the optimiser, and keeps one of the person', async () => {
    const { workbench } = await openWindow()
    await page.getByRole('button', { name: 'Edit…' }).click()
    await page.getByLabelText('Optimiser').selectOptions('sgd')
    await expect.element(page.getByLabelText('Learning rate', { exact: true })).toHaveValue('0.01')
    await page.getByLabelText('Learning rate', { exact: true }).fill('0.5')
    await page.getByLabelText('Optimiser').selectOptions('adam')
    await page.getByRole('button', { name: 'Apply' }).click()
    expect(workbench.settings.network.optimiser).toMatchObject({ id: 'adam', learningRate: 0.5 })
  })
})

describe('training', () => {
  it('queues one run per choice and seed', async () => {
    const { engine } = await openWindow()
    await page.getByRole('button', { name: 'Train 3 choices × 1 seed' }).click()
    const [call] = callsOf(engine, 'startExperiment')
    const { kind, ask } = call?.input as {
      kind: string
      ask: { configs: { choice: { id: string }; seed: number }[] }
    }
    const { configs } = ask
    expect(kind).toBe('training')
    expect(configs.map(({ choice }) => choice.id)).toEqual(['raw', 'unit', 'standardised'])
    await expect.element(page.getByText('3 queued')).toBeVisible()
  })

  it('reproduces the question with raw and unit under three losses and three seeds', async () => {
    const { engine } = await openWindow()
    await page.getByRole('button', { name: 'Reproduce the question' }).first().click()
    const [call] = callsOf(engine, 'startExperiment')
    expect(call?.input).toEqual({ kind: 'question', ask: { epochs: 5, seeds: [0, 1, 2] } })
    expect(engine.runs).toHaveLength(18)
    expect(engine.runs.slice(0, 6).map(({ config }) => [config.choice.id, config.loss])).toEqual([
      ['raw', 'clipped-2018'],
      ['unit', 'clipped-2018'],
      ['raw', 'clipped'],
      ['unit', 'clipped'],
      ['raw', 'exact'],
      ['unit', 'exact']
    ])
    await expect.element(page.getByText('0 of 18 runs have ended')).toBeVisible()
  })

  it('answers the question once its runs have ended', async () => {
    const engine = new FakeEngine()
    const made = (id: 'raw' | 'unit', loss: 'clipped' | 'exact', accuracy: number, zero = 0) =>
      runRecord({ id: id + loss, config: { choice: { id }, loss } }, [0.1, accuracy], {
        zeroGradientFraction: zero,
        trappedFraction: zero,
        learnedFraction: 0
      })
    engine.runs = [
      made('raw', 'clipped', 0.1, 1),
      made('unit', 'clipped', 0.86),
      made('raw', 'exact', 0.745),
      made('unit', 'exact', 0.86)
    ]
    engine.experiments = [
      {
        ...{ id: 'question', name: 'The question', kind: 'question', createdAt: 0 },
        ...{ datasetId: 'data', datasetName: 'Fashion-MNIST', ask: { epochs: 1, seeds: [0] } },
        facts: { features: 784, classes: 10, trainCount: 60000, testCount: 10000, inputs: [] },
        runIds: engine.runs.map(({ id }) => id)
      }
    ]
    await openWindow(engine)
    await expect
      .element(
        page.getByText(/clipped loss, 10.0 % against 86.0 %; exact loss, 74.5 % against 86.0 %/)
      )
      .toBeVisible()
  })

  it('shows progress within an epoch, and pauses and cancels', async () => {
    const { engine } = await openWindow()
    const record = runRecord({ status: 'running', config: { epochs: 3 } }, [0.1])
    engine.events?.runChanged(record)
    engine.events?.runProgress({
      id: record.id,
      status: 'running',
      progress: {
        epoch: 1,
        step: 900,
        stepsPerEpoch: 1875,
        fraction: 0.16,
        imagesPerSecond: 131200,
        secondsLeft: 1.2,
        trainLoss: 0.6,
        trainAccuracy: 0.79,
        zeroGradientFraction: 0
      }
    })
    await expect.element(page.getByText('131k images/s, 1.2 s left')).toBeVisible()
    await expect
      .element(page.getByRole('progressbar', { name: /Rescaled to \[0, 1\], seed 0/ }))
      .toHaveAttribute('aria-valuenow', '16')
    await expect.element(page.getByText('epoch 1 of 3')).toBeVisible()
    await page.getByRole('button', { name: 'Pause all' }).click()
    await page.getByRole('button', { name: 'Cancel all' }).click()
    expect(callsOf(engine, 'pauseAll')).toHaveLength(1)
    expect(callsOf(engine, 'cancelAll')).toHaveLength(1)
  })

  it('lists configurations best first with their findings, and removes with undo', async () => {
    const engine = new FakeEngine()
    engine.runs = sampleRuns()
    await openWindow(engine)
    const rows = page.getByRole('table').getByRole('row')
    await expect.element(rows.nth(1)).toHaveTextContent('Standardised, whole set')
    await expect.element(rows.nth(1)).toHaveTextContent('87.4 %')
    await expect.element(rows.nth(3)).toHaveTextContent('dead units')
    await expect.element(rows.nth(4)).toHaveTextContent('loss clipped')
    await page.getByRole('button', { name: 'Menu of as stored, clipped loss' }).click()
    await page.getByRole('menuitem', { name: 'Remove' }).click()
    await expect.element(page.getByRole('table')).not.toHaveTextContent('loss clipped')
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.element(page.getByRole('table')).toHaveTextContent('loss clipped')
  })
})

describe('the engine', () => {
  it('says when it is lost, and goes on when it is back', async () => {
    const engine = new FakeEngine()
    engine.runs = sampleRuns()
    await openWindow(engine)
    engine.changed?.(undefined, 'killed')
    await expect.element(page.getByText(/engine stopped and is being restarted/)).toBeVisible()
    await expect.element(page.getByRole('table')).toBeVisible()
    engine.changed?.(engine.api)
    await expect.element(page.getByText('10 runs finished')).toBeVisible()
  })
  it('is asked again for what it could not answer when it was lost', async () => {
    const engine = new FakeEngine()
    engine.hold = (method) =>
      method === 'fittedChoices' || method === 'thumbnails'
        ? Promise.reject(new Error('lost'))
        : undefined
    await openWindow(engine)
    const rail = page.getByRole('complementary')
    await expect.element(rail).toHaveTextContent('(x - mean_c) / std_c')
    engine.changed?.(undefined, 'killed')
    engine.hold = () => undefined
    engine.changed?.(engine.api)
    await expect.element(rail).toHaveTextContent('(x - 72.9) / 90.0')
    await expect.element(rail.getByRole('listitem', { name: 'Trouser' })).toBeVisible()
  })
  it('that cannot remove runs does not let the window say that they are removed', async () => {
    const engine = new FakeEngine()
    engine.runs = sampleRuns()
    engine.hold = (method) =>
      method === 'removeRuns' ? Promise.reject(new Error('The disk is full.')) : undefined
    const { workbench } = await openWindow(engine)
    await workbench.removeRuns(['run-0'])
    await expect.element(page.getByRole('alert')).toHaveTextContent('The disk is full.')
    expect(workbench.notices.list).toHaveLength(1)
  })
})
