import { describe, expect, it } from 'vitest'
import { outputOf } from '../../../src/core/network/outputs'

/** Second derivatives of the cross-entropy by the logits: diag(p) − p pᵀ; its eigenvalue along v. */
function along(p: readonly number[], v: readonly number[]): number {
  const dot = p.reduce((sum, share, at) => sum + share * v[at]!, 0)
  const square = p.reduce((sum, share, at) => sum + share * v[at]! ** 2, 0)
  return (square - dot ** 2) / v.reduce((sum, value) => sum + value ** 2, 0)
}

describe('the outputs', () => {
  it('softmax has a unit a class; its curvature is 1 / k at even probabilities, at most 1 / 2', () => {
    const { units, hessian } = outputOf('softmax')
    expect(units(10)).toBe(10)
    expect(along(Array<number>(4).fill(0.25), [1, -1, 0, 0])).toBeCloseTo(hessian.even(4), 12)
    expect(along([0.5, 0.5, 0], [1, -1, 0])).toBeCloseTo(hessian.most, 12)
  })

  it('a sigmoid has one unit for two classes, and the curvature p (1 − p), at most 1 / 4', () => {
    const { units, classes, hessian } = outputOf('sigmoid')
    expect(units(2)).toBe(1)
    expect(classes).toBe(2)
    expect(0.5 * (1 - 0.5)).toBe(hessian.most)
    expect(hessian.even(2)).toBe(hessian.most)
  })
})
