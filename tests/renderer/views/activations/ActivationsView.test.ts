import { expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import ActivationsView from '../../../../src/renderer/views/activations/ActivationsView.svelte'
import { showView, violations } from '../fixtures/show-view'

test('shows before training what initial weights lead to, measured beside predicted', async () => {
  const { engine } = await showView(ActivationsView)
  await expect
    .element(page.getByText('std of z 149 (predicted 151), 98.7 % saturated'))
    .toBeVisible()
  expect(engine.inputs('activations')[0]).toMatchObject({ activation: 'tanh', epoch: 0 })
  await expect.element(page.getByRole('slider', { name: 'Epoch' })).toBeDisabled()
  expect(page.getByText('98.7 % saturated').element().classList.contains('high')).toBe(true)
  expect(page.getByText('0.1 % saturated').first().element().classList.contains('high')).toBe(false)
})

test('another activation is asked of the engine with the network of the settings', async () => {
  const { engine } = await showView(ActivationsView)
  await page.getByRole('radio', { name: 'sigmoid' }).click()
  await vi.waitFor(() =>
    expect(engine.inputs('activations').at(-1)).toMatchObject({
      activation: 'sigmoid',
      config: { activation: 'sigmoid', hidden: [128], seed: 0 }
    })
  )
})

test('queues sigmoid and tanh for every checked choice, once', async () => {
  const { engine } = await showView(ActivationsView)
  const button = page.getByRole('button', { name: 'Train sigmoid and tanh for these choices' })
  await button.click()
  await vi.waitFor(() => expect(engine.inputs('enqueue')).toHaveLength(1))
  const { configs } = engine.inputs('enqueue')[0]!
  expect(configs.map(({ activation, choice }) => `${activation} ${choice.id}`)).toEqual([
    'tanh raw',
    'tanh unit',
    'tanh standardised',
    'sigmoid raw',
    'sigmoid unit',
    'sigmoid standardised'
  ])
  await expect.element(page.getByText('6 runs under way')).toBeVisible()
  await expect.element(button).not.toBeInTheDocument()
})

test('asks again when an epoch of a run arrives, and lets the person go to it', async () => {
  const { engine, workbench } = await showView(ActivationsView)
  await page.getByRole('button', { name: /^Train sigmoid/ }).click()
  await vi.waitFor(() => expect(workbench.runs.list).toHaveLength(6))
  const before = engine.inputs('activations').length
  engine.reached = 2
  engine.trained = true
  const run = workbench.runs.list[0]!
  engine.events?.runEpoch({
    id: run.id,
    record: {
      epoch: 2,
      trainLoss: 1,
      trainAccuracy: 0.5,
      zeroGradientFraction: 0,
      gradientNorms: [],
      layers: [],
      seconds: 1
    }
  })
  await vi.waitFor(() => expect(engine.inputs('activations').length).toBeGreaterThan(before))
  const slider = page.getByRole('slider', { name: 'Epoch' })
  await expect.element(slider).toBeEnabled()
  slider.element().focus()
  await userEvent.keyboard('{ArrowRight}')
  await vi.waitFor(() => expect(engine.inputs('activations').at(-1)?.epoch).toBe(1))
  await expect.element(page.getByText('std of z 149, 98.7 % saturated')).toBeVisible()
})

test('relu units are called inactive, not saturated', async () => {
  await showView(ActivationsView)
  await page.getByRole('radio', { name: 'ReLU', exact: true }).click()
  await expect.element(page.getByText('98.7 % inactive')).toBeVisible()
})

test('without a hidden layer says so and offers to change it', async () => {
  const { workbench } = await showView(ActivationsView)
  workbench.settings.setNetwork({
    ...workbench.settings.network,
    hidden: [],
    initFactors: [1],
    stepFactors: [1]
  })
  await expect.element(page.getByText('The network has no hidden layer')).toBeVisible()
  await page.getByRole('button', { name: 'Edit the network' }).click()
  expect(workbench.dialog).toBe('network')
})

test('says what went wrong', async () => {
  await showView(ActivationsView, {
    prepare: (fake) =>
      fake.failing.set('activations', { code: 'internal', message: 'The probe set is empty.' })
  })
  await expect.element(page.getByRole('alert')).toHaveTextContent('The probe set is empty.')
})

test('the map tells under the pointer which unit and epoch', async () => {
  await showView(ActivationsView)
  const map = page.getByRole('img', { name: /cells/ }).last()
  await map.hover({ position: { x: 120, y: 40 } })
  await expect.element(page.getByText('100.0 % of the images saturated')).toBeVisible()
})

test.each(['light', 'dark'] as const)('axe finds nothing in the %s theme', async (theme) => {
  await showView(ActivationsView, { theme })
  await expect.element(page.getByText('Saturation, unit by epoch')).toBeVisible()
  expect(await violations()).toEqual([])
})
