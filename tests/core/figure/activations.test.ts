import { describe, expect, it } from 'vitest'
import { derivativeFigure } from '../../../src/core/figure/activations'
import { activationOf } from '../../../src/core/network/activations'

describe('the derivative over pre-activations', () => {
  it('keeps to an axis that can be drawn when the network diverged', () => {
    const z = { mean: NaN, std: Infinity, min: -Infinity, max: NaN, counts: [0, 0] }
    const figure = derivativeFigure(
      { id: 'raw' },
      activationOf('tanh'),
      z,
      1,
      'all 10 test images',
      {
        of: 'the hidden layer',
        unit: 'unit'
      }
    )
    expect([figure.x.min, figure.x.max]).toEqual([-6, 6])
    expect(figure.marks.filter(({ kind }) => kind === 'steps')).toEqual([])
    expect(figure.definition).toContain('of the hidden layer over all 10 test images')
    expect(figure.summary).toContain('std not finite')
  })
})
