import { describe, expect, it } from 'vitest'
import { TUTORIAL_CONFIG } from '../../../../src/core/network/config'
import { planOn } from '../../../../src/core/network/layers/plan'
import { dense } from '../../../../src/core/network/layers/layers'
import { initialWeights } from '../../../../src/core/network/weights'
import { OpenSet } from '../../../../src/main/engine/dataset/open-set'
import { initialWeightsOf } from '../../../../src/main/engine/figures/initial-weights'
import type { Dataset } from '../../../../src/core/dataset/dataset'

const split = { count: 4, pixels: { path: '/none', offset: 0 } }
const dataset: Dataset = {
  ...{ id: 'four', name: 'Four images', format: 'idx', height: 2, width: 2, channels: 1 },
  ...{ dtype: 'uint8', classNames: ['a', 'b'], splits: { train: split, test: split } },
  ...{ sources: [], warnings: [] }
}
const config = { ...TUTORIAL_CONFIG, layers: [dense(3)] }
const of = (set: OpenSet, change: Partial<typeof config>) => {
  const asked = { ...config, ...change }
  return initialWeightsOf(set, asked, planOn(asked, dataset))
}

describe('the initial weights of a network', () => {
  it('are drawn once for all choices', () => {
    const set = new OpenSet(dataset)
    const drawn = of(set, {})
    expect(of(set, { choice: { id: 'raw' }, epochs: 9 })).toBe(drawn)
    expect(drawn).toEqual(initialWeights(config, planOn(config, dataset)))
  })

  it('are others with another seed, other layers or another set', () => {
    const set = new OpenSet(dataset)
    const drawn = of(set, {})
    expect(of(set, { seed: 1 })[0]).not.toEqual(drawn[0])
    expect(of(set, { layers: [dense(5)] })[0]).toHaveLength(20)
    expect(of(set, {})).toEqual(drawn)
    expect(of(new OpenSet(dataset), {})).not.toBe(drawn)
  })
})
