import { describe, expect, it } from 'vitest'
import { checkedAsk } from '../../../src/core/experiment/kinds'
import { BATCH_NORM } from '../../../src/core/experiment/kinds/batch-norm'
import { TUTORIAL_CONFIG } from '../../../src/core/network/config'
import type { RunConfig } from '../../../src/core/network/config'
import { firstLayer } from '../../../src/core/network/layers/first-layer'
import { layersText, parseLayers } from '../../../src/core/network/layers/text'
import type { ExperimentFacts } from '../../../src/core/study/experiment'
import { runRecord } from '../../renderer/fixtures/runs'

const facts: ExperimentFacts = {
  ...{ features: 784, classes: 10, trainCount: 60000, testCount: 10000 },
  inputs: [
    { choice: { id: 'raw' }, mean: 73, std: 90, affine: { scale: 1, offset: 0 } },
    { choice: { id: 'unit' }, mean: 0.29, std: 0.35, affine: { scale: 1 / 255, offset: 0 } }
  ]
}
const ask = (layers: string, seeds = [0, 1, 2]) => ({
  config: { ...TUTORIAL_CONFIG, layers: parseLayers(layers) },
  ...({ from: { id: 'raw' }, to: { id: 'unit' }, seeds } as const)
})

const hasIt = (config: RunConfig): boolean => firstLayer(config).behind === 'batch-norm'

/** The outcome where each run ends at an accuracy by its network, choice and seed. */
function outcome(
  layers: string,
  accuracy: (batchNorm: boolean, choice: string, seed: number) => number,
  seeds?: number[]
) {
  const asked = ask(layers, seeds)
  const runs = BATCH_NORM.plan(asked, facts, []).map((config, at) =>
    runRecord({ id: `${at}`, config }, [
      0.1,
      accuracy(hasIt(config), config.choice.id, config.seed)
    ])
  )
  return BATCH_NORM.outcome(asked, facts, runs)
}

const layersOf = (layers: string): string[] => [
  ...new Set(BATCH_NORM.plan(ask(layers), facts, []).map((config) => layersText(config.layers)))
]

describe('with batch normalisation and without', () => {
  it.each([
    ['dense-128', 'dense-128', 'dense-128,bn'],
    ['dense-128,bn', 'dense-128', 'dense-128,bn'],
    ['conv3x3-8,tanh,pool2', 'conv3x3-8,tanh,pool2', 'conv3x3-8,bn,tanh,pool2'],
    ['conv3x3-8/nobias,bn,tanh', 'conv3x3-8/nobias,tanh', 'conv3x3-8/nobias,bn,tanh'],
    ['bn,dense-8', 'bn,dense-8', 'bn,dense-8,bn'],
    ['dense-8,ln,dense-8', 'dense-8,ln,dense-8', 'dense-8,bn,dense-8']
  ])('%s is trained as %s and as %s', (layers, without, with_) => {
    expect(layersOf(layers)).toEqual([without, with_])
  })

  it('each choice is trained with every seed: 2 x 2 x 3 runs', () => {
    const planned = BATCH_NORM.plan(ask('lenet-5'), facts, [])
    expect(planned).toHaveLength(12)
    expect(planned.filter(({ choice }) => choice.id === 'raw')).toHaveLength(6)
  })

  it('the gap, its spread, and what batch normalisation takes of it are told', () => {
    // without: gaps .10 .12 .14; with: .001, 0, -.001; taken .099 .12 .141
    const { sentence, data, tables, notes } = outcome('dense-128', (batchNorm, choice, seed) =>
      choice === 'raw' ? 0.7 : batchNorm ? 0.7 + 0.001 * (1 - seed) : 0.8 + 0.02 * seed
    )
    expect(sentence).toContain('with batch normalisation behind the first layer')
    expect(sentence).toContain('no difference seen')
    expect(sentence).toContain('12.0 points ± 2.0 points (70.0 % against 82.0 %) without')
    expect(sentence).toContain('batch normalisation takes 12.0 points')
    const { interaction, interactionSpread } = data as Record<string, number>
    expect(interaction).toBeCloseTo(0.12, 12)
    expect(interactionSpread).toBeCloseTo(0.021, 12)
    expect(tables[0]!.rows).toHaveLength(2)
    expect(notes.join(' ')).toContain('the same function of the weights under both')
  })

  it('a difference smaller than its spread is none that is seen', () => {
    // gaps without .1 .2 .3, with .2 .2 .2
    const { sentence } = outcome('dense-128', (batchNorm, choice, seed) =>
      choice === 'raw' ? 0.5 : batchNorm ? 0.7 : 0.6 + 0.1 * seed
    )
    expect(sentence).toContain('no difference seen in what the choice is worth')
  })

  it.each([
    ['with', true],
    ['without', false]
  ])('where networks %s it have learned nothing, nothing is said of the gap', (where, which) => {
    // ten classes of as many images: 10 % is what always naming one gives
    const { sentence } = outcome('dense-128', (batchNorm, choice) =>
      batchNorm === which ? 0.1 : choice === 'raw' ? 0.7 : 0.8
    )
    expect(sentence).not.toContain('gap')
    expect(sentence).toContain(`away: ${where} batch normalisation, no network does better`)
    expect(sentence).toContain('10.0 %')
  })

  it('with one seed it may be chance', () => {
    const { sentence, notes } = outcome('dense-128', () => 0.5, [0])
    expect(sentence).toContain('may be chance')
    expect(notes.join(' ')).toContain('fewer than 3 seeds')
  })

  // 60,000 images in batches of 32 are 1,875 steps: .99 ^ 1875 is 7e-9, .9999 ^ 1875 is 82.9 %
  it('says so where the moving moments are those of the start', () => {
    const notesOf = (layers: string): string => outcome(layers, () => 0.5).notes.join(' ')
    expect(notesOf('dense-8,bn')).not.toContain('moving')
    expect(notesOf('dense-8,bn/m0.9999')).toContain('82.9 % of them is still the 0 and 1')
  })

  it('nothing is said before all runs have ended', () => {
    expect(BATCH_NORM.outcome(ask('dense-128'), facts, []).sentence).toContain('nothing is said')
  })

  it.each(['none', 'residual-8,gap'])('is not asked of %s', (layers) => {
    expect(() => checkedAsk(BATCH_NORM, ask(layers))).toThrow('behind which batch normalisation')
  })
})
