import axe from 'axe-core'
import { page, userEvent } from 'vitest/browser'
import { beforeEach, describe, expect, it } from 'vitest'
import { layersText, parseLayers } from '../../src/core/network/layers/text'
import { openWindow } from './fixtures/window'

beforeEach(() => page.viewport(1280, 800))

const text = () => page.getByRole('textbox', { name: 'Hidden layers' })
const rows = () => [...document.querySelectorAll<HTMLElement>('[data-layer]')]
const kinds = () => rows().map((row) => row.querySelector('select')!.selectedOptions[0]!.text)
const field = (name: string) => page.getByRole('textbox', { name, exact: true })
const apply = () => page.getByRole('button', { name: 'Apply' })

async function openDialog() {
  const { workbench, engine } = await openWindow()
  workbench.openDialog('network')
  await expect.element(text()).toHaveFocus()
  const layers = () => layersText(workbench.settings.network.layers)
  return { workbench, layers, engine }
}

describe('the list of layers', () => {
  it('still takes units alone, from the keyboard', async () => {
    const { layers, workbench } = await openDialog()
    await userEvent.keyboard('{Control>}a{/Control}128, 64')
    expect(kinds()).toEqual(['Dense', 'Dense'])
    await userEvent.keyboard('{Enter}')
    expect(workbench.dialog).toBeUndefined()
    expect(layers()).toBe('dense-128,dense-64')
  })

  it('is that of a preset, with what comes out of each layer and its weights', async () => {
    const { layers } = await openDialog()
    await page.getByLabelText('Preset').selectOptions('LeNet-5')
    expect(kinds()).toHaveLength(7)
    // LeCun et al. 1998: 6 and 16 maps, 156 and 2,416 weights
    expect(rows()[0]!.textContent).toMatch(/28 × 28 × 6\s*156/)
    expect(rows()[2]!.textContent).toMatch(/10 × 10 × 16\s*2,416/)
    await expect.element(page.getByText('61,706 weights')).toBeVisible()
    await apply().click()
    expect(layers()).toContain('conv5x5-16/valid')
  })

  it('is copied as a program, before it is applied, and says so beside', async () => {
    const { engine } = await openDialog()
    await text().fill('conv3x3-8,gap')
    await page.getByRole('button', { name: 'Copy code' }).click()
    await page.getByRole('menuitem', { name: 'Copy network for Keras' }).click()
    await expect.element(page.getByText('Copied for Keras')).toBeVisible()
    const asked = engine.calls.filter(({ method }) => method === 'networkCode')
    expect(asked.map(({ input }) => input)).toMatchObject([
      { framework: 'keras', withChoice: false, config: { layers: [{ kind: 'conv' }, {}] } }
    ])
    // what was copied is no longer what is shown
    await text().fill('conv3x3-9,gap')
    await expect.element(page.getByText('Copied for Keras')).not.toBeInTheDocument()
    await text().fill('conv3x3-9,gap,pool2')
    await expect.element(page.getByRole('button', { name: 'Copy code' })).toBeDisabled()
  })

  it('and its text stay in step', async () => {
    await openDialog()
    await text().fill('conv3x3-16, bn, pool2, flatten, dense-32')
    expect(kinds()).toEqual([
      'Convolution',
      'Batch normalisation',
      'Max pooling',
      'Flatten',
      'Dense'
    ])
    await expect.element(page.getByLabelText('Preset')).toHaveValue('')
    await field('Filters of layer 1').fill('8')
    await field('Window of layer 3').fill('3')
    await page.getByLabelText('Activation of layer 5').selectOptions('tanh')
    await page.getByLabelText('Kind of layer 2').selectOptions('Dropout')
    // the stride of a pooling goes along with its window
    await expect.element(text()).toHaveValue('conv3x3-8,dropout-0.5,pool3,flatten,dense-32,tanh')
    await text().fill('conv3x3-8,dropout-0.5,pool3,flat')
    await expect.element(page.getByText('“flat” cannot be read as layers')).toBeVisible()
    await expect.element(apply()).toBeDisabled()
    expect(kinds()).toHaveLength(5)
  })

  it('says which activation a layer has where none is chosen', async () => {
    await openDialog()
    await text().fill('bn,conv3x3-8,ln,dense-8')
    const chosen = [1, 2, 3, 4].map(
      (number) =>
        document.querySelector<HTMLSelectElement>(`[aria-label="Activation of layer ${number}"]`)!
          .selectedOptions[0]!.text
    )
    expect(chosen).toEqual(['none', 'after next layer', 'ReLU (network’s)', 'ReLU (network’s)'])
  })

  it('refuses what cannot be at its layer, before training', async () => {
    await openDialog()
    await text().fill('conv3x3-4,pool7,pool7,dense-8')
    const alert = page.getByRole('alert')
    await expect.element(alert).toHaveTextContent('Its window of 7 × 7 is larger than the 4 × 4')
    expect(rows()[2]!.contains(alert.element())).toBe(true)
    expect(rows()[1]!.textContent).toContain('4 × 4 × 4')
    expect(rows()[3]!.textContent).not.toContain('×')
    await expect.element(apply()).toBeDisabled()
    await field('Window of layer 3').fill('4')
    await expect.element(apply()).toBeEnabled()
    await field('Window of layer 3').fill('9')
    await expect.element(alert).toHaveTextContent('Window: At most 7.')
    await expect.element(apply()).toBeDisabled()
  })

  it('is a linear classifier where it is empty', async () => {
    const { layers } = await openDialog()
    await text().fill('')
    await expect.element(page.getByText('a linear classifier')).toBeVisible()
    await apply().click()
    expect(layers()).toBe('none')
  })

  it('has at most 64 layers', async () => {
    await openDialog()
    const layers = (count: number) => new Array<string>(count).fill('dropout-0').join(',')
    await text().fill(layers(64))
    await expect.element(page.getByRole('button', { name: 'Add layer' })).toBeDisabled()
    await text().fill(layers(65))
    await expect.element(page.getByText('At most 64 layers.')).toBeVisible()
    await expect.element(apply()).toBeDisabled()
  })

  it('says whose shapes it shows', async () => {
    await openDialog()
    await expect
      .element(page.getByRole('region', { name: 'Layers', exact: true }))
      .toHaveTextContent('Fashion-MNIST 28 × 28 × 1')
  })
})

describe('a layer', () => {
  it('is moved, duplicated and removed by keys, and keeps the focus', async () => {
    await openDialog()
    await text().fill('dense-8,dropout-0.5,dense-4')
    ;(field('Units of layer 1').element() as HTMLElement).focus()
    await userEvent.keyboard('{Alt>}{ArrowDown}{/Alt}')
    await expect.element(text()).toHaveValue('dropout-0.5,dense-8,dense-4')
    await expect.element(field('Units of layer 2')).toHaveFocus()
    await userEvent.keyboard('{Alt>}{Shift>}{ArrowDown}{/Shift}{/Alt}')
    await expect.element(text()).toHaveValue('dropout-0.5,dense-8,dense-8,dense-4')
    await expect.element(field('Units of layer 3')).toHaveFocus()
    await userEvent.keyboard('{Alt>}{ArrowUp}{ArrowUp}{ArrowUp}{/Alt}')
    await expect.element(text()).toHaveValue('dense-8,dropout-0.5,dense-8,dense-4')
    await userEvent.keyboard('{Alt>}{Delete}{/Alt}')
    await expect.element(text()).toHaveValue('dropout-0.5,dense-8,dense-4')
    await expect.element(page.getByLabelText('Kind of layer 1')).toHaveFocus()
  })

  it('that was removed comes back at its place, by its button and by Ctrl Z', async () => {
    const { workbench } = await openDialog()
    workbench.settings.toggle('log')
    await text().fill('dense-8,dropout-0.5,dense-4')
    await page.getByRole('button', { name: 'Change layer 2' }).click()
    await page.getByRole('menuitem', { name: 'Remove' }).click()
    await expect.element(page.getByText('Removed dropout')).toBeVisible()
    await field('Units of layer 2').fill('16')
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.element(text()).toHaveValue('dense-8,dropout-0.5,dense-16')
    ;(page.getByLabelText('Kind of layer 3').element() as HTMLElement).focus()
    await userEvent.keyboard('{Alt>}{Delete}{/Alt}{Control>}z{/Control}')
    await expect.element(text()).toHaveValue('dense-8,dropout-0.5,dense-16')
    expect(workbench.settings.checked).toContain('log')
  })

  it('is added at the end, and ready to be typed into', async () => {
    await openDialog()
    await page.getByRole('button', { name: 'Add layer' }).click()
    // the dialog cuts off what stands beside it
    const left = (role: 'menu' | 'dialog'): number =>
      page.getByRole(role).element().getBoundingClientRect().left
    await expect.poll(() => left('menu')).toBeGreaterThanOrEqual(left('dialog'))
    await page.getByRole('menuitem', { name: 'Dense' }).click()
    await expect.element(field('Units of layer 2')).toHaveFocus()
    await userEvent.keyboard('{Control>}a{/Control}64')
    await expect.element(text()).toHaveValue('dense-128,dense-64')
  })

  it('has options that are folded away, and says what it computes and whose it is', async () => {
    await openDialog()
    await text().fill('conv3x3-4/nobias')
    expect(rows()[0]!.textContent).toContain('no bias')
    await page.getByRole('button', { name: 'Options and definition of layer 1' }).click()
    await expect.element(page.getByText('LeCun et al. 1989')).toBeVisible()
    await expect.element(page.getByText('y[i, j] = Σ x[s i + u, s j + v] W[u, v]')).toBeVisible()
    await page.getByLabelText('Padding').selectOptions('valid')
    await page.getByRole('textbox', { name: 'Stride' }).fill('2')
    await expect.element(text()).toHaveValue('conv3x3-4/s2/valid/nobias')
    expect(rows()[0]!.textContent).toContain('13 × 13 × 4')
  })

  it('closes its menu with Escape, not the dialog', async () => {
    const { workbench } = await openDialog()
    await page.getByRole('button', { name: 'Change layer 1' }).click()
    await expect.element(page.getByRole('menu')).toBeVisible()
    await userEvent.keyboard('{Escape}')
    await expect.element(page.getByRole('menu')).not.toBeInTheDocument()
    expect(workbench.dialog).toBe('network')
  })
})

it('factors are one for each layer with weights, named in their order', async () => {
  const { workbench } = await openDialog()
  await text().fill('conv3x3-4,bn,pool2,dense-8')
  await page.getByText('Weight decay and factors per layer').click()
  await expect
    .element(page.getByText('in the order of their factors: Convolution, Dense, Output'))
    .toBeVisible()
  const init = page.getByLabelText('Factors on initial weights')
  await init.fill('1, 2')
  await expect.element(page.getByText('3 factors')).toBeVisible()
  await init.fill('1, 2, 3')
  await apply().click()
  expect(workbench.settings.network.initFactors).toEqual([1, 2, 3])
})

for (const theme of ['light', 'dark'] as const) {
  it(`axe finds nothing in a list with everything shown, ${theme} theme`, async () => {
    const { workbench } = await openWindow(undefined, { view: 'training', theme })
    workbench.openDialog('network')
    await text().fill('conv3x3-4/nobias,bn,pool2,gap,pool2,dropout-0.5')
    await page.getByRole('button', { name: 'Options and definition of layer 1' }).click()
    await expect.element(page.getByText('LeCun et al. 1989')).toBeVisible()
    const found = await axe.run(document.body, { resultTypes: ['violations'] })
    expect(found.violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([])
  })
}

it('the side bar names a network that cannot be on the open images, and does not train it', async () => {
  const { workbench, engine } = await openWindow()
  const rail = page.getByRole('complementary')
  const { network } = workbench.settings
  const factors = [1]
  workbench.settings.setNetwork({
    ...network,
    layers: parseLayers('pool7,pool7'),
    ...{ initFactors: factors, stepFactors: factors },
    ...{ epsilonFactors: factors, decayFactors: factors }
  })
  await expect.element(rail).toHaveTextContent('Layer 2, Max pooling 2: its window of 7 × 7')
  await expect.element(page.getByRole('button', { name: /^Train 3 choices/ })).toBeDisabled()
  await userEvent.keyboard('{Control>}{Enter}{/Control}')
  await expect.element(page.getByRole('button', { name: 'Edit network…' })).toBeVisible()
  expect(engine.calls.map(({ method }) => method)).not.toContain('startExperiment')
})

it('the side bar calls a preset by its name and tells all of it in a tooltip', async () => {
  const { workbench } = await openWindow()
  const { network } = workbench.settings
  workbench.settings.setNetwork({ ...network, layers: parseLayers('small-modern') })
  const line = page.getByText('28 × 28 → Small modern, ReLU → 10 softmax')
  await expect
    .element(line)
    .toHaveAttribute('title', expect.stringMatching(/valid\/nobias, bn\/m0\.9, gap$/))
})
