import { describe, expect, test } from 'vitest'
import { TUTORIAL_CONFIG } from '../../../../src/core/network/config'
import {
  layerActivations,
  networkPlan,
  weightedLayers
} from '../../../../src/core/network/layers/plan'
import { PRESETS } from '../../../../src/core/network/layers/presets'
import { parseLayers } from '../../../../src/core/network/layers/text'

const planOf = (
  text: string,
  input: readonly [number, number, number] = [28, 28, 1],
  classes = 10
) => networkPlan({ ...TUTORIAL_CONFIG, layers: parseLayers(text) }, input, classes)

describe('a plan', () => {
  // Keras' summary of Dense(128), Dense(10) on 28 x 28: 100,480 and 1,290 parameters
  test('of the tutorial has as many weights as Keras says', () => {
    const plan = planOf('tutorial')
    expect(plan.layers.map(({ weights }) => weights)).toEqual([100_480, 1_290])
    expect(plan.layers.map(({ shape }) => shape)).toEqual([[128], [10]])
    expect(plan.layers[0]!.share).toBeCloseTo((784 * 128 + 128) / (784 * 128 + 128 + 1280), 12)
  })

  // LeNet-5 with padding "same" in front: 156 + 2,416 + 48,120 + 10,164 + 850 (LeCun et al. 1998, its
  // third layer connected fully)
  test('of LeNet-5 has 61,706 weights', () => {
    const plan = planOf('lenet-5')
    expect(plan.layers.map(({ weights }) => weights)).toEqual([
      156, 0, 2416, 0, 0, 48_120, 10_164, 850
    ])
    expect(plan.weights).toBe(61_706)
    expect(plan.layers.map(({ shape }) => shape.join('x'))).toEqual([
      '28x28x6',
      '14x14x6',
      '10x10x16',
      '5x5x16',
      '400',
      '120',
      '84',
      '10'
    ])
  })

  test('counts what batch normalisation learns apart from what it keeps', () => {
    const [, norm] = planOf('conv3x3-16/nobias,bn').layers
    expect(norm).toMatchObject({ weights: 32, kept: 32, activation: 'relu' })
  })

  test('gives a residual block that changes the shape a convolution of 1 x 1', () => {
    const shapes = (text: string) =>
      planOf(text).parameters.flatMap(({ role, shape }) =>
        role === 'kernel' ? [shape.join('x')] : []
      )
    expect(shapes('conv3x3-8,residual-8').slice(1, -1)).toEqual(['3x3x8x8', '3x3x8x8'])
    expect(shapes('conv3x3-8,residual-16/s2').slice(1, -1)).toEqual([
      '3x3x8x16',
      '3x3x16x16',
      '1x1x8x16'
    ])
  })

  test.each([
    ['dense-8,conv3x3-4', 'Layer 2, Convolution: it needs height, width and channels'],
    ['pool7,pool7', 'Layer 2, Max pooling 2: its window of 7 × 7 is larger than the 4 × 4'],
    ['gap,pool2', 'Layer 2, Max pooling: it needs height, width and channels']
  ])('refuses %s with the reason', (text, reason) => {
    expect(() => planOf(text)).toThrow(reason)
  })

  // TensorFlow: same ceil(n / s), valid floor((n - k) / s) + 1
  test.each([
    ['conv3x3-4/s2', '14x14x4'],
    ['conv5x5-4/s3/valid', '8x8x4'],
    ['pool3/s2/same', '14x14x1'],
    ['avgpool3/s2', '13x13x1']
  ])('infers the shape behind %s', (text, shape) => {
    expect(planOf(text).layers[0]!.shape.join('x')).toBe(shape)
  })
})

describe('the network’s activation', () => {
  const of = (text: string) => layerActivations({ layers: parseLayers(text), activation: 'tanh' })

  test('stands behind a normalisation that follows directly', () => {
    expect(of('conv3x3-4,bn,pool2,dense-8')).toEqual([undefined, 'tanh', undefined, 'tanh'])
  })
  test('stays where one is written', () => {
    expect(of('dense-8,relu,bn')).toEqual(['relu', undefined])
    expect(of('dense-8,bn,relu')).toEqual([undefined, 'relu'])
  })
  test('is not behind a normalisation of the input', () => {
    expect(of('bn,dense-8')).toEqual([undefined, 'tanh'])
  })
})

test.each(PRESETS.map(({ id }) => id))(
  'the preset %s is a network for 28 x 28 and 32 x 32 x 3',
  (id) => {
    for (const input of [
      [28, 28, 1],
      [32, 32, 3]
    ] as const) {
      expect(planOf(id, input).layers.at(-1)!.shape).toEqual([10])
    }
  }
)

describe('the layers whose gradients are recorded', () => {
  test.each([...PRESETS.map(({ layers }) => layers), 'bn,dropout-0.5,dense-3,ln', 'flatten'])(
    'of %s are those that have weights',
    (text) => {
      const plan = planOf(text)
      const weighted = plan.layers.filter(({ weights }) => weights > 0)
      expect(weightedLayers(parseLayers(text))).toEqual(weighted.map(({ name }) => name))
    }
  )
})
