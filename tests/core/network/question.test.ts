import { expect, it } from 'vitest'
import { TUTORIAL_CONFIG } from '../../../src/core/network/config'
import { questionConfigs } from '../../../src/core/network/question'

it('The question is asked by raw and divided pixels under both losses, all else being equal', () => {
  const configs = questionConfigs({ epochs: 2, seed: 7 })
  expect(configs.map(({ choice, loss }) => [choice.id, loss])).toEqual([
    ['raw', 'clipped'],
    ['unit', 'clipped'],
    ['raw', 'exact'],
    ['unit', 'exact']
  ])
  for (const { choice: _, loss: __, ...others } of configs) {
    const { choice: ___, loss: ____, ...tutorial } = TUTORIAL_CONFIG
    expect(others).toEqual({ ...tutorial, epochs: 2, seed: 7 })
  }
})

it('Without a change the question has the settings of the tutorial', () => {
  const [, tutorial] = questionConfigs()
  expect(tutorial).toEqual({ ...TUTORIAL_CONFIG, choice: { id: 'unit' }, loss: 'clipped' })
})
