import { dense } from '../../src/core/network/layers/layers'
import { describe, expect, it } from 'vitest'
import { engineSchemas } from '../../src/contract/engine'
import type { EngineMethod } from '../../src/contract/engine'
import { TUTORIAL_CONFIG } from '../../src/core/network/config'

const many = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item)
const custom = (count: number) => ({ id: 'custom', centre: many(count, 1), divisor: [1] })
const indices = { split: 'train', sortBy: 'index', descending: false } as const

describe('lists and texts in calls', () => {
  it.each<[string, EngineMethod, (count: number) => unknown, number, number]>([
    [
      'paths',
      'openDataset',
      (n) => ({ paths: Array.from({ length: n }, (_, at) => `${at}`) }),
      100_000,
      100_001
    ],
    ['a path', 'openDataset', (n) => ({ paths: ['a'.repeat(n)] }), 4096, 100_000],
    [
      'thumbnails',
      'thumbnails',
      (n) => ({ split: 'train', indices: new Uint32Array(n) }),
      4096,
      4097
    ],
    ['classes', 'imageIndices', (n) => ({ ...indices, classes: many(n, 0) }), 1000, 100_000],
    ['runs to remove', 'removeRuns', (n) => ({ ids: many(n, 'a') }), 1000, 100_000],
    ['constants', 'fittedChoices', (n) => ({ choices: [custom(n)] }), 3, 4],
    ['choices', 'fittedChoices', (n) => ({ choices: many(n, { id: 'raw' }) }), 15, 16],
    [
      'factors',
      'enqueue',
      (n) => ({
        configs: [
          {
            ...TUTORIAL_CONFIG,
            layers: many(n - 1, dense(8)),
            initFactors: many(n, 1),
            stepFactors: many(n, 1),
            epsilonFactors: many(n, 1),
            decayFactors: many(n, 1)
          }
        ]
      }),
      65,
      100_000
    ]
  ])('%s have a limit', (_, method, input, fine, tooMany) => {
    expect(engineSchemas[method].safeParse(input(fine)).error).toBeUndefined()
    expect(engineSchemas[method].safeParse(input(tooMany)).success).toBe(false)
  })
})
