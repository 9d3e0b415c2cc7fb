import { dense } from '../../src/core/network/layers/layers'
import { parseLayers } from '../../src/core/network/layers/text'
import type { RunRecord } from '../../src/core/study/run'
import { describe, expect, it } from 'vitest'
import { parseNumber, parseNumbers } from '../../src/renderer/components/fields/number'
import { trainingEstimate } from '../../src/renderer/frame/rail/estimate'
import { layersTitle, networkLines } from '../../src/renderer/frame/rail/network-text'
import { draftOf, networkOf, planOfDraft } from '../../src/renderer/frame/dialogs/network-draft'
import { latest } from '../../src/renderer/state/engine/latest'
import {
  DEFAULT_NETWORK,
  DEFAULT_SETTINGS,
  configsOf,
  settingsFrom
} from '../../src/renderer/state/settings'
import { SettingsState } from '../../src/renderer/state/settings.svelte'
import { memoryStore } from './fixtures/memory-store'
import { DATASET } from './fixtures/fake-engine'
import { runRecord } from './fixtures/runs'

describe('the latest request', () => {
  it('writes, and an overtaken one does not, whichever answers first', async () => {
    const newest = latest()
    const written: string[] = []
    let answerFirst = (_value: string): void => {}
    const first = newest.run(
      () => new Promise<string>((done) => (answerFirst = done)),
      (value) => written.push(value)
    )
    await newest.run(
      () => Promise.resolve('second'),
      (value) => written.push(value)
    )
    answerFirst('first')
    await first
    expect(written).toEqual(['second'])
  })
  it('throws its error, and an overtaken error is dropped', async () => {
    const newest = latest()
    const fail = (): Promise<never> => Promise.reject(new Error('no'))
    await expect(newest.run(fail, () => {})).rejects.toThrow('no')
    const overtaken = newest.run(fail, () => {})
    newest.cancel()
    await expect(overtaken).resolves.toBeUndefined()
  })
})

describe('the settings', () => {
  it('survive a restart', () => {
    const values: Record<string, unknown> = {}
    const before = new SettingsState(memoryStore(values))
    before.toggle('log')
    before.setNetwork({ ...DEFAULT_NETWORK, epochs: 7, seeds: 2 })
    const after = new SettingsState(memoryStore(JSON.parse(JSON.stringify(values))))
    expect(after.checked).toEqual(['raw', 'unit', 'standardised', 'log'])
    expect(after.network.epochs).toBe(7)
    expect(after.configs()).toHaveLength(8)
  })
  it('fall back to the defaults where what was stored is not valid', () => {
    expect(settingsFrom({ checked: ['nothing'] })).toEqual(DEFAULT_SETTINGS)
    const stored = { ...DEFAULT_SETTINGS, network: { ...DEFAULT_NETWORK, batch: -3 } }
    expect(settingsFrom(stored).network).toEqual(DEFAULT_NETWORK)
  })
  it('give every choice the same seeds', () => {
    const configs = configsOf({ ...DEFAULT_SETTINGS, network: { ...DEFAULT_NETWORK, seeds: 2 } })
    expect(configs.map(({ choice, seed }) => [choice.id, seed])).toEqual([
      ['raw', 0],
      ['unit', 0],
      ['standardised', 0],
      ['raw', 1],
      ['unit', 1],
      ['standardised', 1]
    ])
  })
})

describe('numbers that are typed', () => {
  it('are told what is wrong with them', () => {
    expect(parseNumber('', {}).error).toBeDefined()
    expect(parseNumber('abc', {}).error).toContain('not a number')
    expect(parseNumber('2.5', { integer: true }).error).toBe('Whole numbers only.')
    expect(parseNumber('0', { min: 1 }).error).toBe('At least 1.')
  })
  it('may have a true minus sign, or be absent where that is allowed', () => {
    expect(parseNumber('−3', {}).value).toBe(-3)
    expect(parseNumber(' ', { optional: true })).toEqual({})
    expect(parseNumbers('128, 64;32', { integer: true }).values).toEqual([128, 64, 32])
  })
})

describe('the network in three lines', () => {
  it('names decay by what the optimiser does, never L2 for AdamW', () => {
    const decaying = (id: 'adam' | 'adamw') =>
      networkLines(
        {
          ...DEFAULT_NETWORK,
          optimiser: { ...DEFAULT_NETWORK.optimiser, id },
          weightDecay: { kind: 'l2', factor: 0.01 }
        },
        DATASET
      )[1]
    expect(decaying('adam')).toContain('L2 penalty 0.01')
    expect(decaying('adamw')).toContain('decoupled decay 0.01')
    expect(decaying('adamw')).not.toContain('L2')
  })
})

describe('the layers in the side bar', () => {
  const lineOf = (layers: string, channels = 1) =>
    networkLines({ ...DEFAULT_NETWORK, layers: parseLayers(layers) }, { ...DATASET, channels })[0]
  it('are units where all are dense', () => {
    expect(lineOf('128,64')).toBe('784 → 128 ReLU → 64 ReLU → 10 softmax')
    expect(lineOf('none')).toBe('784 → 10 softmax')
  })
  it('are a preset by its name', () => {
    expect(lineOf('lenet-5')).toBe('28 × 28 → LeNet-5, ReLU → 10 softmax')
    expect(lineOf('small-modern', 3)).toBe('28 × 28 × 3 → Small modern, ReLU → 10 softmax')
  })
  it('are the first of a long list, all of it in the tooltip', () => {
    const text = 'conv3x3-16,bn,pool2,conv3x3-32,bn,tanh,gap,dense-64,dropout-0.5'
    expect(lineOf(text)).toBe(
      '28 × 28 → conv3x3-16, bn, pool2, conv3x3-32, bn tanh, 3 more → 10 softmax'
    )
    expect(layersTitle({ ...DEFAULT_NETWORK, layers: parseLayers(text) })).toBe(
      'conv3x3-16, bn, pool2, conv3x3-32, bn, tanh, gap, dense-64, dropout-0.5'
    )
    expect(layersTitle(DEFAULT_NETWORK)).toBeUndefined()
  })
})

describe('the network as typed', () => {
  it('comes back the same', () => {
    expect(networkOf(draftOf(DEFAULT_NETWORK), DEFAULT_NETWORK, DATASET).network).toEqual(
      DEFAULT_NETWORK
    )
  })
  it('takes one factor for all layers, or one per layer', () => {
    const start = draftOf(DEFAULT_NETWORK)
    const typed = (texts: Readonly<Record<string, string>>) => ({
      ...start,
      texts: { ...start.texts, layers: '64, 32', initFactors: '0.5', ...texts }
    })
    const draft = typed({})
    expect(networkOf(draft, DEFAULT_NETWORK, DATASET).network?.initFactors).toEqual([0.5, 0.5, 0.5])
    const wrong = typed({ stepFactors: '1, 2' })
    expect(networkOf(wrong, DEFAULT_NETWORK, DATASET).errors.stepFactors).toContain('3 factors')
    const more = typed({ epsilonFactors: '255, 1, 1', decayFactors: '2' })
    expect(networkOf(more, DEFAULT_NETWORK, DATASET).network).toMatchObject({
      epsilonFactors: [255, 1, 1],
      decayFactors: [2, 2, 2]
    })
  })
  it('judges the parameters of the chosen records only, and keeps those of others', () => {
    const before = { ...DEFAULT_NETWORK, leakySlope: 0.3 }
    const start = draftOf(before)
    const relu = { ...start, texts: { ...start.texts, leakySlope: 'steep' } }
    expect(networkOf(relu, before, DATASET).network?.leakySlope).toBe(0.3)
    const leaky = { ...relu, activation: 'leaky-relu' as const }
    expect(networkOf(leaky, before, DATASET).errors.leakySlope).toContain('not a number')
  })
  it('is refused on images that a layer cannot be for, and told for an example without any', () => {
    const draft = draftOf({ ...DEFAULT_NETWORK, layers: parseLayers('pool7,pool5') })
    const { network, errors } = networkOf(draft, DEFAULT_NETWORK, DATASET)
    expect(network).toBeUndefined()
    expect(errors.layers).toContain('Layer 2, Max pooling 2: its window of 5 × 5')
    expect(networkOf(draft, DEFAULT_NETWORK, undefined).errors.layers).toBeUndefined()
    const large = networkOf(draft, DEFAULT_NETWORK, { ...DATASET, height: 64, width: 64 })
    expect(large.errors.layers).toBeUndefined()
    expect(planOfDraft(draft, undefined)).toMatchObject({
      shape: [28, 28, 1],
      of: 'an example: no data set is open'
    })
  })
  it('is refused with a batch that memory is not for', () => {
    const draft = draftOf({ ...DEFAULT_NETWORK, layers: parseLayers('conv3x3-64,gap') })
    const typed = { ...draft, texts: { ...draft.texts, batch: '8192' } }
    // 784 + 2 x 50,176 + 64 + 10 values of 4 bytes, twice for each of 8,192 images
    expect(networkOf(typed, DEFAULT_NETWORK, DATASET).errors.batch).toContain(
      'A step of 8192 images takes about 6.63 GB of memory'
    )
    expect(networkOf(draft, DEFAULT_NETWORK, DATASET).errors.batch).toBeUndefined()
  })
  it('needs two different classes for one sigmoid', () => {
    const draft = {
      ...draftOf(DEFAULT_NETWORK),
      output: 'sigmoid' as const,
      classA: '2',
      classB: '2'
    }
    expect(networkOf(draft, DEFAULT_NETWORK, DATASET).errors.classB).toBeDefined()
    const right = networkOf({ ...draft, classB: '6' }, DEFAULT_NETWORK, DATASET)
    expect(right.network?.classes).toEqual([2, 6])
  })
})

describe('the time that training will take', () => {
  const estimate = (layers: string, runs: RunRecord[]) =>
    trainingEstimate(
      {
        ...DEFAULT_SETTINGS,
        network: { ...DEFAULT_NETWORK, layers: parseLayers(layers) }
      },
      DATASET,
      runs,
      2
    )

  it('is absent before a rate was measured', () => {
    expect(estimate('128', [])).toBeUndefined()
  })
  it('is images over the measured rate, in rounds of as many runs as there are trainers', () => {
    const run = runRecord({ imagesPerSecond: 100000 })
    // 3 choices on 2 trainers: 2 rounds of 3 epochs of 60,000 images
    const found = estimate('128', [run])
    expect(found?.by).toBe('measured')
    expect(found?.seconds).toBeCloseTo(3.6, 10)
  })
  it('is by the multiply-adds of the nearest network where this one was not trained yet', () => {
    const far = runRecord({ imagesPerSecond: 1, config: { layers: [dense(4096)] } })
    const near = runRecord({ imagesPerSecond: 100000, config: { layers: [dense(128)] } })
    const found = estimate('256', [far, near])
    expect(found?.by).toBe('work')
    // 784 x u + u + 10 u multiply-adds for u units: twice as many
    expect(found?.seconds).toBeCloseTo(7.2, 10)
  })
  it('takes no rate of another batch, and none for a network that cannot be', () => {
    const run = runRecord({ imagesPerSecond: 100000, config: { batch: 7 } })
    expect(estimate('256', [run])).toBeUndefined()
    expect(estimate('pool7,pool7', [runRecord({ imagesPerSecond: 1e5 })])).toBeUndefined()
  })
})
