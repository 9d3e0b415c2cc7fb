import { expect, it } from 'vitest'
import { TUTORIAL_CONFIG } from '../../../src/core/network/config'
import { questionConfigs } from '../../../src/core/network/question'

it('The question is asked by raw and divided pixels under three losses, all else being equal', () => {
  const configs = questionConfigs({ epochs: 2, seeds: [7] })
  expect(configs.map(({ choice, loss }) => [choice.id, loss])).toEqual([
    ['raw', 'clipped-2018'],
    ['unit', 'clipped-2018'],
    ['raw', 'clipped'],
    ['unit', 'clipped'],
    ['raw', 'exact'],
    ['unit', 'exact']
  ])
  const shared = configs.map(({ choice: _, loss: __, ...others }) => others)
  expect(new Set(shared.map((others) => JSON.stringify(others))).size).toBe(1)
  expect(shared[0]).toMatchObject({ epochs: 2, seed: 7 })
})

it('Without a change it has the settings of 2018: AdamOptimizer’s epsilon, 5 epochs, three seeds', () => {
  const configs = questionConfigs()
  expect(configs).toHaveLength(18)
  expect(new Set(configs.map(({ seed }) => seed))).toEqual(new Set([0, 1, 2]))
  expect(configs[1]).toEqual({
    ...TUTORIAL_CONFIG,
    optimiser: { ...TUTORIAL_CONFIG.optimiser, epsilon: 1e-8 },
    epochs: 5,
    seed: 0,
    choice: { id: 'unit' },
    loss: 'clipped-2018'
  })
  // what other training starts from has Keras' default of today
  expect(TUTORIAL_CONFIG.optimiser.epsilon).toBe(1e-7)
})
