import { describe, expect, it } from 'vitest'
import { TUTORIAL_CONFIG } from '../../../../src/core/network/config'
import { MOST_WEIGHTS } from '../../../../src/core/network/layers/builder'
import { checkedOn, checkedPlan } from '../../../../src/core/network/layers/checked'
import { stepBytes } from '../../../../src/core/network/layers/memory'
import { networkPlan, planOn } from '../../../../src/core/network/layers/plan'
import { parseLayers, presetOf } from '../../../../src/core/network/layers/text'
import { NormscopeError } from '../../../../src/core/error'

const configOf = (text: string) => ({ ...TUTORIAL_CONFIG, layers: parseLayers(text) })
const check = (text: string, shape = [28, 28, 1] as const, classes = 10) =>
  checkedPlan(configOf(text), shape, classes)

describe('a checked plan', () => {
  it('is the plan where every layer can be', () => {
    expect(check('lenet-5').plan?.weights).toBe(61_706)
  })

  it('names the layer that cannot be, with the reason, and has those before it', () => {
    const { refused, ...rest } = check('conv3x3-4,pool7,pool7,flatten,dense-8')
    expect(refused?.layer).toBe(2)
    expect(refused?.reason).toBe('its window of 7 × 7 is larger than the 4 × 4 that come in.')
    expect(refused).toBeInstanceOf(NormscopeError)
    expect('before' in rest && rest.before.map(({ shape }) => shape.join('x'))).toEqual([
      '28x28x4',
      '4x4x4'
    ])
  })

  // 784 x 8192 = 6,422,528 and 8192 x 8192 = 67,108,864 weights
  it('refuses more weights than memory is for', () => {
    expect(check('dense-8192').plan?.weights).toBeLessThan(MOST_WEIGHTS)
    const { refused } = check('dense-8192,dense-8192')
    expect(refused?.layer).toBe(1)
    expect(refused?.reason).toContain('67,108,864 weights')
  })

  it('refuses the output layer like any other', () => {
    // 224 x 224 x 64 values to 100 classes: 321,126,400 weights
    const { refused } = check('conv3x3-64', [224, 224, 3] as never, 100)
    expect(refused?.message).toContain('Layer 2, Output: it alone has 321,126,400 weights')
  })

  // 512 x 512 x 64 = 16,777,216
  it('refuses more values for an image than memory is for', () => {
    expect(check('conv3x3-64,gap', [512, 512, 1] as never).refused?.message).toContain(
      'Layer 1, Convolution: 512 × 512 × 64 would come out of it, 16,777,216 values'
    )
  })
})

describe('a plan on a data set', () => {
  const images = { height: 28, width: 28, channels: 1, classNames: ['a', 'b', 'c'] }
  it('has an output for each of its classes, or for two of them', () => {
    const outputs = (config: object) =>
      planOn({ ...TUTORIAL_CONFIG, ...config }, images).layers.at(-1)?.shape
    expect(outputs({})).toEqual([3])
    expect(outputs({ classes: [0, 2], output: 'softmax' })).toEqual([2])
    expect(outputs({ classes: [0, 2], output: 'sigmoid' })).toEqual([1])
  })
})

// 101,770 weights 7 times; 784 + 128 + 128 + 10 values, each twice for 32 images; 4 bytes
it('the memory of a step counts weights and values', () => {
  const plan = networkPlan(TUTORIAL_CONFIG, [28, 28, 1], 10)
  expect(stepBytes(plan, 32)).toBe(4 * (7 * 101_770 + 2 * 32 * 1050))
})

it('a preset is known however its layers are written', () => {
  expect(presetOf(parseLayers('128'))?.id).toBe('tutorial')
  expect(
    presetOf(parseLayers('conv5-6, maxpool2, conv5x5-16/valid, pool2x2, flatten, 120, dense84'))?.id
  ).toBe('lenet-5')
  expect(presetOf(parseLayers('128,64'))).toBeUndefined()
})

it('is made for the images of a data set, and for two of its classes', () => {
  const dataset = { height: 28, width: 28, channels: 1, classNames: ['a', 'b', 'c'] }
  const outputs = (classes?: readonly [number, number]) =>
    checkedOn({ ...configOf('dense-8'), classes }, dataset).plan?.layers.at(-1)?.shape
  expect(outputs()).toEqual([3])
  expect(outputs([0, 2])).toEqual([2])
  expect(() => checkedOn({ ...configOf('dense-8'), output: 'none' as never }, dataset)).toThrow()
})
