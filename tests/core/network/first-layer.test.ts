import { describe, expect, it } from 'vitest'
import { TUTORIAL_CONFIG } from '../../../src/core/network/config'
import type { RunConfig } from '../../../src/core/network/config'
import { cannotMove, equivalent, has, offsetVanishes } from '../../../src/core/network/equivalent'
import { firstLayer, withActivation } from '../../../src/core/network/layers/first-layer'
import { layersText, parseLayers } from '../../../src/core/network/layers/text'

const of = (layers: string): RunConfig => ({ ...TUTORIAL_CONFIG, layers: parseLayers(layers) })

describe('the first layer of a network', () => {
  it.each([
    ['dense-8', { at: 0, kind: 'dense', seesValues: true, padded: false, bias: true }],
    ['none', { at: 0, kind: 'dense', name: 'Output', seesValues: true, bias: true }],
    ['flatten,dropout-0.2,dense-8/nobias', { at: 2, seesValues: true, bias: false }],
    ['pool2,dense-8', { at: 1, seesValues: false }],
    ['conv3x3-4', { kind: 'conv', seesValues: false, padded: true }],
    ['conv3x3-4/valid', { padded: false }],
    ['conv1x1-4', { padded: false }],
    ['bn,dense-8', { at: 1, before: 0, normalisedInput: 'batch-norm' }],
    ['dense-8,ln', { behind: 'layer-norm' }],
    ['residual-4', { kind: 'residual', behind: 'batch-norm', padded: true }]
  ])('%s', (layers, expected) => {
    expect(firstLayer(of(layers))).toMatchObject(expected)
  })

  it('has no normalisation behind it where an activation stands between', () => {
    expect(firstLayer(of('dense-8,relu,bn')).behind).toBeUndefined()
  })
})

describe('training that is the same on a scaled input', () => {
  it('behind a normalisation of the input moves its epsilon alone, with the square', () => {
    const config = of('bn,dense-8')
    const moved = equivalent(config, { scale: 10, offset: 3 }, 'init')
    expect(layersText(moved.layers)).toBe('bn/e0.1,dense-8')
    expect(moved).toEqual({
      ...config,
      ...{ input: { scale: 10, offset: 3 }, layers: moved.layers }
    })
    expect(has(config, 'init')).toBe(false)
  })

  it('moves the kernel of a convolution as that of a dense layer', () => {
    const moved = equivalent(of('conv3x3-4,dense-8'), { scale: 10, offset: 0 })
    expect(moved.initFactors[0]).toBe(0.1)
  })

  it('leaves biases alone where a batch normalisation takes an offset away', () => {
    expect(equivalent(of('dense-8,bn'), { scale: 1, offset: 2 }).startBias).toBe('zero')
    expect(equivalent(of('dense-8,ln'), { scale: 1, offset: 2 }).startBias).toBe('undo-offset')
  })

  it.each([
    ['bn,dense-8', true],
    ['dense-8,bn', true],
    ['conv3x3-4/valid,bn', true],
    // zeros around the image do not move along
    ['conv3x3-4,bn', false],
    ['dropout-0.5,dense-8,bn', false],
    ['dense-8,relu,bn', false],
    ['dense-8', false]
  ])('an offset before %s vanishes: %s', (layers, vanishes) => {
    expect(offsetVanishes(of(layers))).toBe(vanishes)
  })

  it('cannot be found for a residual block, whose kernels share their factors', () => {
    expect(cannotMove(of('residual-4'))).toBe(true)
    expect(cannotMove(of('conv3x3-4/nobias,bn,residual-4'))).toBe(false)
  })
})

it('another activation takes the place of written ones, but for linear', () => {
  const changed = withActivation(of('dense-8,tanh,dense-8,linear,dense-8'), 'sigmoid')
  expect(changed.activation).toBe('sigmoid')
  expect(layersText(changed.layers)).toBe('dense-8,sigmoid,dense-8,linear,dense-8')
})
