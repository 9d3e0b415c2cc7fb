import { dense } from '../../src/core/network/layers/layers'
import axe from 'axe-core'
import { page, userEvent } from 'vitest/browser'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { RunRecord } from '../../src/core/study/run'
import { FakeEngine } from './fixtures/fake-engine'
import { openWindow } from './fixtures/window'
import { runRecord } from './fixtures/runs'

const inputs = (engine: FakeEngine, method: string): unknown[] =>
  engine.calls.filter((call) => call.method === method).map(({ input }) => input)

/** every run that waits has ended with this accuracy: 30 % for raw bytes, 80 % for others */
function end(engine: FakeEngine): void {
  for (const run of engine.runs) {
    const raw = run.config.choice.id === 'raw'
    const ended: RunRecord = {
      ...runRecord({ id: run.id, config: run.config }, [0.1, raw ? 0.3 : 0.8]),
      groupId: run.groupId
    }
    engine.events?.runChanged(ended)
  }
}

async function openWhy(theme: 'light' | 'dark' = 'light') {
  return openWindow(new FakeEngine(), { view: 'why', theme })
}

beforeEach(() => page.viewport(1280, 800))

describe('the Why view', () => {
  it('begins with the question, and says what its runs showed', async () => {
    const { engine } = await openWhy()
    await page.getByRole('button', { name: 'Reproduce the question' }).first().click()
    expect(inputs(engine, 'startExperiment')).toEqual([
      { kind: 'question', ask: { epochs: 5, seeds: [0, 1, 2] } }
    ])
    await expect.element(page.getByText('0 of 18 runs')).toBeVisible()
    await expect
      .element(page.getByRole('progressbar', { name: 'Runs of The question' }))
      .toHaveAttribute('aria-valuenow', '0')
    end(engine)
    await expect
      .element(page.getByText(/exact loss, 30.0 ± 0.0 % against 80.0 ± 0.0 %/))
      .toBeVisible()
    await expect.element(page.getByRole('table')).toHaveTextContent('80.0 %')
    // the two settings that stand above were among them
    await expect.element(page.getByRole('heading', { level: 1 })).toHaveTextContent('Why')
  })

  it('leads by keyboard: from step to panel, to another view, and keeps what was looked at', async () => {
    await openWhy()
    const steps = page.getByRole('region', { name: 'From the gap to its causes' })
    const press = async (name: string, within = steps): Promise<void> => {
      const button = within.getByRole('button', { name }).first().element() as HTMLElement
      button.focus()
      await userEvent.keyboard('{Enter}')
    }
    await press('Explain the gap')
    await expect.element(page.getByRole('heading', { name: 'Explain the gap' })).toHaveFocus()
    await press('Show the three losses')
    await expect.element(page.getByRole('heading', { name: 'The question' })).toHaveFocus()
    await press('Show the activations')
    await expect.element(page.getByRole('main')).toHaveFocus()
    await userEvent.keyboard('{Control>}5{/Control}')
    await expect.element(steps.getByRole('listitem').nth(3)).toHaveTextContent('done')
    // the button that began it goes with the empty view
    await press('Reproduce the question', page.getByRole('main'))
    await expect.element(page.getByRole('heading', { name: 'The question' })).toHaveFocus()
    const run = page.getByRole('button', { name: 'Run', exact: true }).element() as HTMLElement
    run.focus()
    await userEvent.keyboard('{Enter}')
    await expect.element(page.getByRole('button', { name: 'Run', exact: true })).toHaveFocus()
  })

  it('asks with what stands in the form, and says what that costs before', async () => {
    const { engine } = await openWhy()
    await page.getByRole('button', { name: 'Explain the gap' }).last().click()
    await expect.element(page.getByText('8 runs, 2 of them there')).toBeVisible()
    await page.getByLabelText('Seeds').fill('2')
    await page.getByLabelText('To this setting').selectOptions('As stored, exact loss')
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    const [asked] = inputs(engine, 'startExperiment') as {
      kind: string
      ask: { from: { loss: string }; to: { loss: string; choice: object }; seeds: number[] }
    }[]
    expect(asked?.kind).toBe('switches')
    expect(asked?.ask.seeds).toEqual([0, 1])
    expect(asked?.ask.from.loss).toBe('clipped-2018')
    expect(asked?.ask.to).toMatchObject({ loss: 'exact', choice: { id: 'raw' } })
  })

  it('tells what was found in the two settings, and tests a remedy beside the run', async () => {
    const engine = new FakeEngine()
    engine.runs = [
      runRecord(
        { id: 'raw', config: { choice: { id: 'raw' }, loss: 'clipped-2018' } },
        [0.1, 0.1],
        { trappedFraction: 0.9, learnedFraction: 0, zeroGradientFraction: 0.9 }
      )
    ]
    await openWindow(engine, { view: 'why' })
    await page.getByLabelText('From this setting').selectOptions('as stored')
    const findings = page.getByRole('region', { name: 'Findings' })
    await expect.element(findings).toHaveTextContent('90.00 %')
    await findings.getByRole('button', { name: 'Test the remedy' }).first().click()
    const [asked] = inputs(engine, 'startExperiment') as {
      kind: string
      ask: { config: { loss: string }; changed: { loss: string }; seeds: number[] }
    }[]
    expect(asked).toMatchObject({
      kind: 'remedy',
      ask: { config: { loss: 'clipped-2018' }, changed: { loss: 'exact' }, seeds: [0, 1, 2] }
    })
    await expect.element(findings).toHaveTextContent('Testing: 0 of 6 runs have ended.')
  })

  it('shows each claim with its verdict and, under it, what it is judged by', async () => {
    const { engine } = await openWhy()
    await page.getByRole('button', { name: 'What people claim' }).click()
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await expect.element(page.getByRole('progressbar').first()).toBeVisible()
    end(engine)
    const relu = page.getByRole('region', { name: '(d) “ReLU and leaky ReLU' })
    await expect.element(relu).toHaveTextContent('false here')
    await expect.element(relu).toHaveTextContent('No difference between these four is seen.')
    await expect
      .element(relu.getByRole('heading', { name: '(d) Accuracy by activation, loss and choice' }))
      .toBeVisible()
    await expect.element(page.getByRole('region', { name: /^\(\w\) “/ }).nth(8)).toBeVisible()
    // all verdicts once more, to save
    await expect
      .element(page.getByRole('heading', { name: 'Claims, and what these images say' }))
      .toBeVisible()
  })

  it('leads from a finding to what shows it, by keyboard, and keeps the two settings', async () => {
    const engine = new FakeEngine()
    const confusion = Array.from({ length: 10 }, () => [0, 0, 0, 1000, 0, 0, 0, 0, 0, 0])
    const preactivation = { mean: 0, std: 1, min: -3, max: 3, edges: [-3, 3], counts: [1] }
    const layer = { saturation: [0], preactivation }
    engine.runs = [
      runRecord(
        {
          id: 'scaled',
          confusion,
          config: { choice: { id: 'symmetric' }, activation: 'relu', layers: [dense(64)] }
        },
        [0.1, 0.1],
        { deadUnitFraction: 63 / 64, layers: [{ ...layer, units: 64, deadUnitFraction: 63 / 64 }] }
      )
    ]
    const { workbench } = await openWindow(engine, { view: 'why' })
    const from = page.getByLabelText('From this setting')
    const select = (await from.element()) as HTMLSelectElement
    const own = [...select.options].find(({ value }) => value.includes('"units":64'))!.value
    await from.selectOptions(own)
    const follow = async (name: string) => {
      const findings = page.getByRole('region', { name: 'Findings' })
      const link = findings.getByRole('button', { name }).first()
      await expect.element(link).toBeVisible()
      ;((await link.element()) as HTMLElement).focus()
      await userEvent.keyboard('{Enter}')
    }

    await follow('Show the units')
    await expect.element(page.getByRole('heading', { level: 1 })).toHaveTextContent('Activations')
    await vi.waitFor(() =>
      expect(inputs(engine, 'activations').at(-1)).toMatchObject({
        activation: 'relu',
        config: { layers: [dense(64)] }
      })
    )
    expect(workbench.settings.checked).toContain('symmetric')
    workbench.settings.undo()
    expect(workbench.settings.checked).not.toContain('symmetric')
    expect(workbench.settings.network.layers).toEqual([dense(128)])

    workbench.show('why')
    await expect.element(from).toHaveValue(own)
    // every image is taken for the fourth class
    await follow('Show the images')
    await expect.element(page.getByRole('heading', { level: 1 })).toHaveTextContent('Images')
    await vi.waitFor(() =>
      expect(inputs(engine, 'imageIndices').at(-1)).toMatchObject({ split: 'test', classes: [3] })
    )

    workbench.show('why')
    await follow('Show the curves')
    await expect.element(page.getByRole('heading', { level: 1 })).toHaveTextContent('Training')
    await page
      .getByRole('table')
      .getByRole('button', { name: /^Menu of/ })
      .click()
    await page.getByRole('menuitem', { name: 'Show the units' }).click()
    await expect.element(page.getByRole('heading', { level: 1 })).toHaveTextContent('Activations')
  })

  it('leads from dead units of one layer to that layer, and to the seed of the run', async () => {
    const engine = new FakeEngine()
    const preactivation = { mean: 0, std: 1, min: -3, max: 3, edges: [-3, 3], counts: [1] }
    const measured = [0, 0.8].map((deadUnitFraction, at) => ({
      ...{ name: `Dense ${at + 1}`, units: 1, saturation: [0], deadUnitFraction, preactivation }
    }))
    const layers = [dense(96), dense(8)]
    engine.runs = [
      runRecord({ id: 'deep', config: { seed: 2, activation: 'relu', layers } }, [0.4, 0.4], {
        deadUnitFraction: 0.06,
        layers: measured
      })
    ]
    await openWindow(engine, { view: 'why' })
    const from = page.getByLabelText('From this setting')
    const select = (await from.element()) as HTMLSelectElement
    await from.selectOptions(
      [...select.options].find(({ value }) => value.includes('"units":96'))!.value
    )
    await page.getByRole('button', { name: 'Show the units' }).first().click()
    await vi.waitFor(() =>
      expect(inputs(engine, 'activations').at(-1)).toMatchObject({
        layer: 1,
        config: { layers, seed: 2 }
      })
    )
    // a person goes on from there
    await page.getByLabelText('Seed').selectOptions('0')
    await vi.waitFor(() =>
      expect(inputs(engine, 'activations').at(-1)).toMatchObject({ layer: 1, config: { seed: 0 } })
    )
  })

  const bothKept = { predictions: 'AAA=', wrongTraining: 'AA==' }
  const evenErrors = Array.from({ length: 10 }, (_, label) =>
    Array.from({ length: 10 }, (_, at) => (at === label ? 640 : 40))
  )
  it.each([
    ['the images that are wrong', bothKept, 0.5, 'noisy'],
    ['the training images, where an older run has not kept which', {}, 0.5, undefined],
    [
      'the training images that are wrong, where the tested ones were held out of them',
      { ...bothKept, heldOut: { fraction: 1 / 6, seed: 0 }, confusion: evenErrors },
      0.64,
      'noisy'
    ]
  ] as const)('leads from labels in doubt to %s', async (_, own, trainAccuracy, wrongIn) => {
    const engine = new FakeEngine()
    const last = 'confusion' in own ? 0.64 : 0.8
    engine.runs = [
      runRecord({ id: 'noisy', config: { layers: [dense(64)] }, ...own }, [0.1, last, last], {
        trainAccuracy,
        trainLoss: 0.49
      })
    ]
    const { workbench } = await openWindow(engine, { view: 'why' })
    const from = page.getByLabelText('From this setting')
    const { options } = (await from.element()) as HTMLSelectElement
    await from.selectOptions([...options].find(({ value }) => value.includes('"units":64'))!.value)
    const findings = page.getByRole('region', { name: 'Findings' })
    const link = wrongIn ? 'Show the wrong images' : 'Show the images'
    await findings.getByRole('button', { name: link }).click()
    const query = {
      ...{ split: 'train', sortBy: 'index', descending: false },
      ...(wrongIn && { wrongIn })
    }
    await expect.element(page.getByRole('heading', { name: 'Images', level: 1 })).toBeVisible()
    expect(workbench.filters.query).toEqual(query)
    if (wrongIn) expect(inputs(engine, 'imageIndices').at(-1)).toEqual(query)
  })

  it('cancels what is under way, and shows an earlier experiment again', async () => {
    const { engine } = await openWhy()
    const run = page.getByRole('button', { name: 'Run', exact: true })
    await page.getByLabelText('Seeds').fill('1')
    await run.click()
    await page.getByRole('main').getByRole('button', { name: 'Cancel' }).click()
    await vi.waitFor(() => expect(inputs(engine, 'cancelExperiment')).toHaveLength(1))
    expect(inputs(engine, 'cancelExperiment')).toEqual([{ id: 'experiment-0' }])
    await page.getByLabelText('Seeds').fill('2')
    await run.click()
    await expect.element(page.getByText('0 of 12 runs')).toBeVisible()
    const which = page.getByLabelText('Which of the experiments is shown')
    await which.selectOptions(((await which.element()) as HTMLSelectElement).options[1]!.value)
    await expect.element(page.getByText('0 of 6 runs')).toBeVisible()
  })

  it('shows what was measured of each claim without scrolling to the side', async () => {
    await openWhy()
    await page.getByRole('button', { name: 'What people claim' }).click()
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    const rows = page.getByRole('region', { name: 'Rows of Claims, and what these images say' })
    const { scrollWidth, clientWidth } = await rows.element()
    expect(scrollWidth).toBeLessThanOrEqual(clientWidth)
    await expect.element(rows).toHaveTextContent('not measured')
  })

  it('copies what it advises as code, with the choice that was best', async () => {
    const { engine } = await openWhy()
    await page.getByRole('button', { name: 'Which choice to use' }).click()
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    const copy = page.getByRole('button', { name: 'Copy code' })
    await expect.element(page.getByText('nothing is said before all have')).toBeVisible()
    await expect.element(copy).not.toBeInTheDocument()
    end(engine)
    await copy.click()
    await page.getByRole('menuitem', { name: 'Copy code for NumPy' }).click()
    await vi.waitFor(() => expect(inputs(engine, 'choiceCode')).toHaveLength(1))
    await copy.click()
    await page.getByRole('menuitem', { name: 'Copy choice and network for PyTorch' }).click()
    await vi.waitFor(() => expect(inputs(engine, 'networkCode')).toHaveLength(1))
    expect(inputs(engine, 'networkCode')).toMatchObject([
      { framework: 'pytorch', withChoice: true, config: { layers: [{ kind: 'dense' }] } }
    ])
    // raw bytes end at 30 %
    expect(inputs(engine, 'choiceCode')).not.toMatchObject([{ choice: { id: 'raw' } }])
  })

  it('is worked by keyboard alone', async () => {
    const { engine } = await openWhy()
    ;(
      (await page
        .getByRole('button', { name: 'The question', exact: true })
        .element()) as HTMLElement
    ).focus()
    await userEvent.keyboard('{Tab}{Enter}')
    await expect
      .element(page.getByRole('button', { name: 'Explain the gap' }).last())
      .toHaveAttribute('aria-pressed', 'true')
    ;((await page.getByLabelText('Seeds').element()) as HTMLElement).focus()
    await userEvent.keyboard('{Shift>}{Tab}{/Shift}{Enter}')
    await vi.waitFor(() => expect(inputs(engine, 'startExperiment')).toHaveLength(1))
  })

  for (const theme of ['light', 'dark'] as const) {
    it(`has nothing for axe to find and does not scroll sideways, ${theme} theme`, async () => {
      const { engine } = await openWhy(theme)
      await page.getByRole('button', { name: 'Reproduce the question' }).first().click()
      end(engine)
      await expect.element(page.getByRole('table')).toBeInTheDocument()
      const { violations } = await axe.run(document.body, { resultTypes: ['violations'] })
      expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([])
      await page.viewport(1024, 680)
      const main = document.querySelector('main')!
      await expect.poll(() => main.scrollWidth - main.clientWidth).toBeLessThanOrEqual(0)
    })
  }
})
