import { dense } from '../../../../src/core/network/layers/layers'
import { parseLayers } from '../../../../src/core/network/layers/text'
import { expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import ActivationsView from '../../../../src/renderer/views/activations/ActivationsView.svelte'
import { showView, violations } from '../fixtures/show-view'
import type { ViewEngine } from '../fixtures/view-engine'

test('shows before training what initial weights lead to, measured beside predicted', async () => {
  const { engine } = await showView(ActivationsView)
  await expect
    .element(page.getByText('std of z 149 (predicted 151), 98.7 % saturated'))
    .toBeVisible()
  expect(engine.inputs('activations')[0]).toMatchObject({ activation: 'tanh' })
  await expect.element(page.getByRole('slider', { name: 'Epoch' })).toBeDisabled()
  // a percentage alone is no fault: much is written in the colour of little
  const [much, little] = ['98.7 % saturated', '0.1 % saturated'].map(
    (text) => getComputedStyle(page.getByText(text).first().element()).color
  )
  expect(much).toBe(little)
})

test('another activation is asked of the engine with the network of the settings', async () => {
  const { engine } = await showView(ActivationsView)
  await page.getByRole('radio', { name: 'sigmoid' }).click()
  await vi.waitFor(() =>
    expect(engine.inputs('activations').at(-1)).toMatchObject({
      activation: 'sigmoid',
      config: { activation: 'sigmoid', layers: [dense(128)], seed: 0 }
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

/** An epoch of the first run arrives, and the engine knows of it. */
function reach(engine: ViewEngine, epoch: number): void {
  engine.reached = epoch
  engine.trained = true
  engine.events?.runEpoch({
    id: engine.runs[0]!.id,
    record: {
      epoch,
      trainLoss: 1,
      trainAccuracy: 0.5,
      zeroGradientFraction: 0,
      gradientNorms: [],
      layers: [],
      seconds: 1
    }
  })
}

test('follows the last epoch until the person goes to another one', async () => {
  const { engine, workbench } = await showView(ActivationsView)
  await page.getByRole('button', { name: /^Train sigmoid/ }).click()
  await vi.waitFor(() => expect(workbench.runs.list).toHaveLength(6))
  const slider = page.getByRole('slider', { name: 'Epoch' })
  reach(engine, 2)
  await expect.element(slider).toHaveAttribute('aria-valuetext', 'after epoch 2')
  // without the prediction, which is one of initial weights
  await expect.element(page.getByText('std of z 149, 98.7 % saturated')).toBeVisible()
  reach(engine, 3)
  await expect.element(slider).toHaveAttribute('aria-valuetext', 'after epoch 3')

  slider.element().focus()
  await userEvent.keyboard('{ArrowLeft}')
  await vi.waitFor(() => expect(engine.inputs('activations').at(-1)?.epoch).toBe(2))
  const asked = engine.inputs('activations').length
  reach(engine, 4)
  await vi.waitFor(() => expect(engine.inputs('activations').length).toBeGreaterThan(asked))
  await expect.element(slider).toHaveAttribute('max', '4')
  await expect.element(slider).toHaveAttribute('aria-valuetext', 'after epoch 2')

  await userEvent.keyboard('{End}')
  await expect.element(slider).toHaveAttribute('aria-valuetext', 'after epoch 4')
  reach(engine, 5)
  await expect.element(slider).toHaveAttribute('aria-valuetext', 'after epoch 5')
})

test('relu units are called inactive, not saturated', async () => {
  await showView(ActivationsView)
  await page.getByRole('radio', { name: 'ReLU', exact: true }).click()
  await expect.element(page.getByText('98.7 % inactive')).toBeVisible()
})

test('shows the layer that is chosen, and what is known of all of them', async () => {
  const { engine, workbench } = await showView(ActivationsView)
  await expect.element(page.getByRole('combobox', { name: 'Layer' })).not.toBeInTheDocument()
  workbench.settings.setNetwork({
    ...workbench.settings.network,
    layers: parseLayers('conv3x3-16,dense-128')
  })
  const layer = page.getByRole('combobox', { name: 'Layer' })
  await expect.element(layer).toBeVisible()
  await layer.selectOptions('Dense, 128 units')
  await vi.waitFor(() => expect(engine.inputs('activations').at(-1)).toMatchObject({ layer: 1 }))
  await layer.selectOptions('Convolution, 16 channels of 6 × 6')
  await expect.element(page.getByText('Saturation, channel by epoch')).toBeVisible()
  await expect.element(page.getByText(/16 channels of 6 × 6 in Convolution, sorted/)).toBeVisible()
  await expect.element(page.getByRole('heading', { name: 'All layers' })).toBeVisible()
})

test('asks for the network of the seed that is chosen', async () => {
  const { engine, workbench } = await showView(ActivationsView)
  workbench.settings.setNetwork({ ...workbench.settings.network, seeds: 3 })
  await page.getByRole('combobox', { name: 'Seed' }).selectOptions('2')
  await vi.waitFor(() =>
    expect(engine.inputs('activations').at(-1)).toMatchObject({ config: { seed: 2 } })
  )
})

test('offers the networks that were trained and are no longer set', async () => {
  const { engine, workbench } = await showView(ActivationsView)
  await page.getByRole('button', { name: /^Train sigmoid/ }).click()
  await vi.waitFor(() => expect(workbench.runs.list).toHaveLength(6))
  reach(engine, 1)
  workbench.settings.setNetwork({ ...workbench.settings.network, layers: [dense(32)] })
  const network = page.getByRole('combobox', { name: 'Network' })
  await network.selectOptions('128')
  await vi.waitFor(() =>
    expect(engine.inputs('activations').at(-1)).toMatchObject({ config: { layers: [dense(128)] } })
  )
})

test('shows the chosen image in the layer, before training and trained, a page of channels at a time', async () => {
  const { engine, workbench } = await showView(ActivationsView)
  workbench.select('test', 7)
  const maps = page.getByRole('region', { name: /Test image 7 in/ })
  await expect.element(maps).toBeVisible()
  expect(engine.inputs('featureMaps').at(-1)).toMatchObject({
    ...{ split: 'test', index: 7, layer: 0, trained: false, from: 0 }
  })
  await maps.getByRole('radio', { name: 'Trained' }).click()
  await maps.getByRole('button', { name: 'Those after' }).click()
  await vi.waitFor(() =>
    expect(engine.inputs('featureMaps').at(-1)).toMatchObject({ trained: true, from: 2 })
  )
  await expect.element(maps.getByText('As stored: no run of this network')).toBeVisible()
})

test('tells the pictures with the arrow keys', async () => {
  await showView(ActivationsView)
  const pictures = page.getByRole('application', { name: /Weights as pictures/ })
  await expect.element(pictures).toBeVisible()
  pictures.element().focus()
  // the first picture, and it stays there; before the pictures are drawn there is nothing to tell
  await vi.waitFor(async () => {
    await userEvent.keyboard('{ArrowLeft}')
    expect(document.activeElement?.getAttribute('aria-label')).toMatch(
      /^unit 1, before, row 0, column \d: weight 0\.5/
    )
  })
  await userEvent.keyboard('{ArrowRight}')
  await expect
    .element(
      page.getByRole('application', { name: /^unit 2, before, row 0, column \d: weight −1/ })
    )
    .toBeVisible()
})

test('shows the weights as they are on stored values', async () => {
  const { engine } = await showView(ActivationsView)
  await page.getByRole('radio', { name: 'On stored values' }).click()
  await vi.waitFor(() => expect(engine.inputs('filters').at(-1)).toMatchObject({ stored: true }))
})

test('without a hidden layer says so and offers to change it', async () => {
  const { workbench } = await showView(ActivationsView)
  workbench.settings.setNetwork({
    ...workbench.settings.network,
    layers: [],
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

test('the map tells under the pointer which unit and epoch, and with the arrow keys', async () => {
  await showView(ActivationsView)
  const map = page.getByRole('img', { name: 'As stored, tanh: 100.0 % saturated after epoch 0.' })
  await map.hover({ position: { x: 120, y: 30 } })
  const tip = page.getByRole('status').filter({ hasText: 'most saturated first' })
  await expect.element(tip).toHaveTextContent('tanh, As stored')
  await expect.element(tip).toHaveTextContent('epoch: 0')
  await expect.element(tip).toHaveTextContent('images saturated: 100.00 %')
  await page.getByText('Saturation, unit by epoch').hover()
  await expect.element(tip).not.toBeInTheDocument()

  page
    .getByRole('group', { name: /arrow keys/ })
    .element()
    .focus()
  await userEvent.keyboard('{ArrowRight}')
  await expect.element(tip).toHaveTextContent('tanh, As stored')
  await userEvent.keyboard('{ArrowRight}')
  await expect.element(tip).toHaveTextContent('tanh, Rescaled to [0, 1]')
  await expect.element(tip).toHaveTextContent('images saturated: 0.00 %')
})

test.each(['light', 'dark'] as const)('axe finds nothing in the %s theme', async (theme) => {
  await showView(ActivationsView, { theme })
  await expect.element(page.getByText('Saturation, unit by epoch')).toBeVisible()
  expect(await violations()).toEqual([])
})
