import { describe, expect, it } from 'vitest'
import { constantsFor, KNOWN_CONSTANTS } from '../../../src/core/preprocessing/constants/known'
import { recogniseConstants } from '../../../src/core/preprocessing/constants/recognise'
import type { StoredValues } from '../../../src/core/preprocessing/constants/recognise'

describe('the constants of others', () => {
  const [mnist, , imageNet] = KNOWN_CONSTANTS
  // https://github.com/pytorch/examples/blob/main/mnist/main.py and torchvision's model pages
  it('come in the units of the data set', () => {
    expect(constantsFor(mnist!, { channels: 1, dtype: 'uint8' }, 255)).toEqual({
      centre: [33.3285],
      divisor: [78.5655]
    })
    expect(constantsFor(imageNet!, { channels: 3, dtype: 'uint8' }, 255)).toEqual({
      centre: [123.675, 116.28, 103.53],
      divisor: [58.395, 57.12, 57.375]
    })
    expect(constantsFor(imageNet!, { channels: 3, dtype: 'float32' }, 1)?.centre).toEqual([
      0.485, 0.456, 0.406
    ])
  })

  it('are not offered where they do not fit', () => {
    expect(constantsFor(imageNet!, { channels: 1, dtype: 'uint8' }, 255)).toBeUndefined()
    expect(constantsFor(imageNet!, { channels: 3, dtype: 'float32' }, 4095)).toBeUndefined()
  })
})

/** mean and std of its 60,000 training images, and of all 70,000 (test: 73.1466 and 89.8733) */
const FASHION: StoredValues = {
  ...{ type: 'uint8', min: 0, max: 255 },
  ...{ mean: [72.94035], std: [90.02118] },
  // (6 x 72.94035 + 73.1466) / 7; root of (6 (90.02118^2 + 72.94035^2) + 89.8733^2 + 73.1466^2) / 7 - mean^2
  all: { mean: [72.9698], std: [90.0001] }
}
const RGB: StoredValues = {
  ...{ type: 'uint8', min: 0, max: 255 },
  ...{ mean: [120, 115, 100], std: [60, 58, 56] }
}
const FLOATS: StoredValues = { type: 'float32', min: 0, max: 1, mean: [0.25], std: [0.3] }
const IMAGENET = { centre: [0.485, 0.456, 0.406], divisor: [0.229, 0.224, 0.225] }
const times = (values: readonly number[], factor: number) => values.map((value) => value * factor)
const scaled = ({ centre, divisor }: typeof IMAGENET, factor: number) => ({
  centre: times(centre, factor),
  divisor: times(divisor, factor)
})

describe('constants that a person gives', () => {
  const one = (centre: number, divisor: number, stored = FASHION) =>
    recogniseConstants({ centre: [centre], divisor: [divisor] }, stored)

  it.each([
    ['the mean and std of these training images', 72.94, 90.02, FASHION],
    ['the constants of MNIST', 33.3285, 78.5655, FASHION],
    ['the constants of MNIST', 33, 79, FASHION],
    ['the constants of Fashion-MNIST', 0.286, 0.353, FLOATS],
    ['constants for the range from 0 to 1', 0, 255, FASHION],
    ['0.5 and 0.5, for the range from −1 to 1', 127.5, 127.5, FASHION],
    ['0.5 and 0.5, for the range from −1 to 1', 0.5, 0.5, FLOATS]
  ])('are known as %s where they are right: %d and %d', (name, centre, divisor, stored) => {
    const { recognised, intended } = one(centre, divisor, stored)
    expect(recognised).toMatchObject({ name, mistakes: [] })
    expect(intended).toBeUndefined()
  })

  it.each([
    // weiaicunzai/pytorch-cifar100, conf/global_settings.py; kuangliu/pytorch-cifar, main.py
    [
      'the constants of CIFAR-100',
      [0.50707516, 0.48654887, 0.44091784],
      [0.26733429, 0.25643846, 0.27615047]
    ],
    ['the constants of CIFAR-10', [0.4914, 0.4822, 0.4465], [0.247, 0.2435, 0.2616]],
    ['the constants of CIFAR-10 as it is often', [0.4914, 0.4822, 0.4465], [0.2023, 0.1994, 0.201]],
    ['the constants of ImageNet', IMAGENET.centre, IMAGENET.divisor]
  ])('of three channels are known as %s', (name, centre, divisor) => {
    const { recognised } = recogniseConstants(scaled({ centre, divisor }, 255), RGB)
    expect(recognised?.name.startsWith(name)).toBe(true)
    expect(recognised?.mistakes).toEqual([])
  })

  it.each([
    ['unit', IMAGENET],
    ['order', { centre: [103.53, 116.28, 123.675], divisor: [57.375, 57.12, 58.395] }],
    ['white-plus-one', scaled(IMAGENET, 256)],
    ['variance', { centre: times(IMAGENET.centre, 255), divisor: [3409.976, 3262.694, 3291.891] }],
    ['root', { centre: times(IMAGENET.centre, 255), divisor: [7.641662, 7.557777, 7.574629] }],
    ['unit,variance', { centre: IMAGENET.centre, divisor: [0.052441, 0.050176, 0.050625] }],
    ['unit,order', { centre: [0.406, 0.456, 0.485], divisor: [0.225, 0.224, 0.229] }]
  ])('of ImageNet with the mistake %s are told, with what was meant', (mistakes, given) => {
    const { recognised } = recogniseConstants(given, RGB)
    expect(recognised?.name).toBe('the constants of ImageNet')
    expect(recognised?.mistakes.join()).toBe(mistakes)
    expect(recognised?.meant).toEqual({
      centre: [123.675, 116.28, 103.53],
      divisor: [58.395, 57.12, 57.375]
    })
  })

  it('say what they do to the images, against what was meant', () => {
    const { after, intended, sentence } = recogniseConstants(IMAGENET, RGB)
    // (120 - 0.485) / 0.229, 60 / 0.229; (120 - 123.675) / 58.395, 60 / 58.395
    expect(after.mean[0]).toBeCloseTo(521.9, 1)
    expect(after.std[0]).toBeCloseTo(262.009, 3)
    expect(intended?.mean[0]).toBeCloseTo(-0.062933, 6)
    expect(intended?.std[0]).toBeCloseTo(1.027485, 6)
    expect(sentence).toBe(
      'These are the constants of ImageNet, but they are for values from 0 to 1, and these pixels are values from 0 to 255. They give the training images mean 522, 511, 443 and std 262, 259, 249; with 123.7, 116.3, 103.5 and 58.4, 57.12, 57.38, it would be mean −0.0629, −0.0224, −0.0615 and std 1.03, 1.02, 0.976.'
    )
  })

  it('from training and test images together are leakage, unless digits cannot tell', () => {
    const { recognised, intended } = one(72.97, 90.0)
    expect(recognised).toMatchObject({
      mistakes: ['leakage'],
      meant: { centre: [72.94035], divisor: [90.02118] }
    })
    expect(intended?.mean[0]).toBeCloseTo(0, 12)
    expect(one(73, 90).recognised?.mistakes).toEqual([])
    const same = { ...FASHION, all: { mean: FASHION.mean, std: FASHION.std } }
    expect(one(72.94, 90.02, same).recognised?.mistakes).toEqual([])
  })

  it.each([
    ['256 for 255', 0, 256, FASHION, ['white-plus-one']],
    ['a mean of 128', 128, 128, FASHION, ['white-plus-one']],
    ['0.5 on bytes', 0.5, 0.5, FASHION, ['unit']],
    ['255 on values that are in [0, 1]', 0, 255, FLOATS, ['unit']],
    ['own mean and std, in [0, 1]', 0.28604, 0.35302, FASHION, ['unit']]
  ] as const)('of a range: %s', (_, centre, divisor, stored, mistakes) => {
    expect(one(centre, divisor, stored).recognised?.mistakes).toEqual(mistakes)
  })

  it('of 16 bits are held against their white', () => {
    const deep: StoredValues = { ...{ type: 'uint16', min: 0, max: 4095 }, mean: [900], std: [700] }
    expect(one(0, 65535, deep).recognised?.mistakes).toEqual([])
    expect(one(0, 255, deep).recognised?.mistakes).toEqual(['unit'])
  })

  it('of nobody are measured all the same; none at all are no division', () => {
    expect(one(12, 34).recognised).toBeUndefined()
    // (72.94035 - 12) / 34 and 90.02118 / 34
    expect(one(12, 34).sentence).toBe('They give the training images mean 1.79 and std 2.65.')
    expect(one(0, 1).recognised).toBeUndefined()
    const centred: StoredValues = { ...{ type: 'float32', min: -1, max: 1 }, mean: [0], std: [0.5] }
    expect(one(0.1307, 0.3081, centred).recognised).toBeUndefined()
  })
})
