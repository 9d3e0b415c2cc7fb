import { describe, expect, test } from 'vitest'
import { dense, layerSpec } from '../../../../src/core/network/layers/layers'
import { PRESETS } from '../../../../src/core/network/layers/presets'
import { layersName, layersText, parseLayers } from '../../../../src/core/network/layers/text'

describe('layers as text', () => {
  test('are read with the activation behind the layer that it belongs to', () => {
    expect(parseLayers('conv3x3-16,bn,relu,pool2,flatten,dense-128')).toEqual([
      layerSpec('conv', { filters: 16, size: 3 }),
      layerSpec('batch-norm', {}, 'relu'),
      layerSpec('max-pool', { size: 2 }),
      layerSpec('flatten'),
      dense(128)
    ])
  })

  test('take options behind slashes', () => {
    expect(parseLayers('conv5x5-6/s2/valid/nobias')).toEqual([
      {
        kind: 'conv',
        filters: 6,
        size: 5,
        stride: 2,
        padding: 'valid',
        bias: 'no'
      }
    ])
    expect(parseLayers('bn/m0.9/e1e-5')).toEqual([
      { kind: 'batch-norm', momentum: 0.9, epsilon: 1e-5 }
    ])
    expect(parseLayers('pool3')).toEqual([
      { kind: 'max-pool', size: 3, stride: 3, padding: 'valid' }
    ])
  })

  test.each([
    ...PRESETS.map(({ layers }) => layers),
    'none',
    'conv5x5-6/valid/nobias,pool3/s2/same,avgpool2,dropout-0.25,ln/e0.01,residual-8/s2,tanh,gap',
    'dense-128/nobias,lecun-tanh,bn/m0.9,dense-64'
  ])('are written as they are read: %s', (text) => {
    expect(parseLayers(layersText(parseLayers(text)))).toEqual(parseLayers(text))
  })

  test('are short where they are plain', () => {
    expect(layersText(parseLayers('128, 64'))).toBe('dense-128,dense-64')
    expect(layersName(parseLayers('128,64'))).toBe('128-64')
    expect(layersName([])).toBe('no hidden layer')
    expect(layersName(parseLayers('dense-8,tanh'))).toBe('dense-8,tanh')
  })

  test.each([
    ['relu,dense-8', 'An activation stands behind the layer it belongs to.'],
    ['pool2,relu', 'Max pooling has no activation'],
    ['dense-8,relu,tanh', 'has relu already'],
    ['conv9x9-4', 'Window is a whole number from 1 to 7, not 9.'],
    ['dense-0', 'Units is a whole number from 1 to 8192, not 0.'],
    ['conv3x5-4', 'A layer is one of dense-128, conv3x3-16'],
    ['conv3x3-4/wide', 'Options of convolution are sN (stride), same, valid, bias, nobias.'],
    ['gap/s2', 'Global average pooling has no options.'],
    ['128,,64', '“” cannot be read as layers']
  ])('%s is refused with what it could be', (text, reason) => {
    expect(() => parseLayers(text)).toThrow(reason)
  })
})
