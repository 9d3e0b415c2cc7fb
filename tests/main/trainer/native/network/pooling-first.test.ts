import { expect, test } from 'vitest'
import type { RunConfig } from '../../../../../src/core/network/config'
import { TUTORIAL_CONFIG } from '../../../../../src/core/network/config'
import { networkPlan } from '../../../../../src/core/network/layers/plan'
import type { NetworkPlan } from '../../../../../src/core/network/layers/plan'
import { parseLayers } from '../../../../../src/core/network/layers/text'
import { poolingFirst } from '../../../../../src/main/trainer/native/network/pooling-first'

function plan(layers: string, activation: RunConfig['activation'] = 'relu'): NetworkPlan {
  return networkPlan({ ...TUTORIAL_CONFIG, activation, layers: parseLayers(layers) }, [8, 8, 1], 3)
}

const row = ({ nodes }: NetworkPlan): string[] =>
  nodes.map(({ op, inputs, shape }) => `${op}(${inputs.join()}) ${shape.join('x')}`)

test('relu stands behind the max pooling that follows it, on what is left', () => {
  expect(row(poolingFirst(plan('conv3x3-4,pool2')))).toEqual([
    'input() 8x8x1',
    'conv(0) 8x8x4',
    'max-pool(1) 4x4x4',
    'activation(2) 4x4x4',
    'dense(3) 3'
  ])
})

test('behind batch normalisation too, and pooling after pooling stays', () => {
  const moved = poolingFirst(plan('conv3x3-4,bn,pool2,pool2'))
  expect(moved.nodes.map(({ op }) => op)).toEqual([
    'input',
    'conv',
    'batch-norm',
    'max-pool',
    'activation',
    'max-pool',
    'dense'
  ])
})

test.each([
  ['another activation', plan('conv3x3-4,pool2', 'tanh')],
  ['another pooling', plan('conv3x3-4,avgpool2')],
  ['nothing between', plan('pool2,conv3x3-4')]
])('a plan with %s stays as it is', (_what, given) => {
  expect(poolingFirst(given).nodes).toEqual(given.nodes)
})
