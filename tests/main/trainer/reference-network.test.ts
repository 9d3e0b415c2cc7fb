import { describe, expect, test } from 'vitest'
import { TUTORIAL_CONFIG } from '../../../src/core/network/config'
import { Builder } from '../../../src/core/network/layers/builder'
import type { NodeRef, Operation, PlanNode } from '../../../src/core/network/layers/builder'
import type { LayerSpec } from '../../../src/core/network/layers/layers'
import { dropoutMask } from '../../../src/core/network/layers/philox'
import { parseLayers } from '../../../src/core/network/layers/text'
import type { Shape } from '../../../src/core/network/layers/shape'
import { caseOf, referenceOf } from './native/fixture'
import { passReference, trainReference } from './reference-network'
import type { ReferenceInput } from './reference-network'
import type { ReferenceOperation, ReferencePlace } from './reference-operation'
import { REFERENCE_OPERATIONS } from './reference-operations'

/** One operation on images given one after another, and what comes back for a gradient. */
function apply(
  build: (at: Builder) => NodeRef,
  shape: Shape,
  x: readonly number[],
  {
    weights = [],
    dy,
    training
  }: Pick<Partial<ReferencePlace>, 'weights' | 'training'> & {
    readonly dy?: readonly number[]
  } = {}
) {
  const builder = new Builder(shape)
  builder.begin(0, 'one', 0)
  const node = builder.nodes[build(builder)]!
  const images = x.length / shape.reduce((product, side) => product * side, 1)
  const gradients = weights.map((values) => new Float64Array(values.length))
  const moments = new Map<number, Float64Array>()
  const values = TUTORIAL_CONFIG
  const at = { images, shapes: [shape], weights, gradients, values, training, moments }
  const { forward, backward } = REFERENCE_OPERATIONS[
    node.op as Exclude<PlanNode['op'], 'input'>
  ] as ReferenceOperation<Operation>
  const inputs = [Float64Array.from(x)]
  return {
    y: [...forward(node, inputs, at)],
    dx: dy && [...backward(node, Float64Array.from(dy), inputs, at)[0]!],
    gradients: gradients.map((values) => [...values]),
    moments: [...moments.values()].map((values) => [...values])
  }
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1)

describe('the float64 network, by hand:', () => {
  test('a convolution “same” with stride 2 puts the odd row and column of zeros behind', () => {
    const ones = new Array<number>(9).fill(1)
    const window = { size: 3, stride: 2, padding: 'same' } as const
    const found = apply((at) => at.conv(0, 1, window, true), [4, 4, 1], upTo(16), {
      weights: [ones, [100]],
      dy: [1, 0, 0, 10]
    })
    expect(found.y).toEqual([154, 145, 172, 154])
    // the first window covers rows and columns 1 to 3, the last 3 and 4
    expect(found.dx).toEqual([1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 11, 10, 0, 0, 10, 10])
    expect(found.gradients).toEqual([[111, 122, 3, 155, 166, 7, 9, 10, 11], [11]])
  })

  test('a convolution “valid” adds up channels, kernel [height, width, inputs, outputs]', () => {
    const window = { size: 1, stride: 1, padding: 'valid' } as const
    const found = apply((at) => at.conv(0, 2, window, false), [1, 2, 2], [1, 2, 3, 4], {
      weights: [[1, 10, 100, 1000]]
    })
    expect(found.y).toEqual([201, 2010, 403, 4030])
  })

  test('max pooling “same” does not count the padding, and the first of equals has the gradient', () => {
    const window = { size: 2, stride: 2, padding: 'same' } as const
    const found = apply(
      (at) => at.pool(0, 'max-pool', window),
      [3, 3, 1],
      [-1, -1, -3, -4, -5, -6, -7, -8, -9],
      { dy: [1, 2, 3, 4] }
    )
    expect(found.y).toEqual([-1, -3, -7, -9])
    expect(found.dx).toEqual([1, 0, 2, 0, 0, 0, 3, 0, 4])
  })

  test('average pooling divides by the places within the image', () => {
    const same = { size: 2, stride: 2, padding: 'same' } as const
    const found = apply((at) => at.pool(0, 'average-pool', same), [3, 3, 1], upTo(9), {
      dy: [4, 2, 2, 1]
    })
    expect(found.y).toEqual([3, 4.5, 7.5, 9])
    expect(found.dx).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1])
    const valid = { size: 2, stride: 1, padding: 'valid' } as const
    expect(apply((at) => at.pool(0, 'average-pool', valid), [3, 3, 1], upTo(9)).y).toEqual([
      3, 4, 6, 7
    ])
  })

  test('global average pooling is the mean of each channel', () => {
    const found = apply((at) => at.globalAverage(0), [1, 2, 2], [1, 10, 3, 30], { dy: [2, 4] })
    expect(found.y).toEqual([2, 20])
    expect(found.dx).toEqual([1, 2, 1, 2])
  })

  test('batch normalisation in training has the moments of the batch, at rest the moving ones', () => {
    // mean 2, variance 1, and sqrt(1 + 3) = 2
    const weights = [[6], [100], [5], [6]]
    const build = (at: Builder): NodeRef => at.batchNorm(0, 0.9, 3)
    const training = { seed: 0, step: 0 }
    const found = apply(build, [1], [1, 3], { weights, training, dy: [1, 0] })
    expect(found.y).toEqual([97, 103])
    expect(found.moments).toEqual([[2], [1]])
    // 6 (1 - 1/2 - (-1/2)(-1/4)) / 2 and 6 (-1/2 - (1/2)(-1/4)) / 2
    expect(found.dx).toEqual([1.125, -1.125])
    expect(found.gradients).toEqual([[-0.5], [1], [0], [0]])
    // (x - 5) / sqrt(6 + 3) x 6 + 100
    const rest = apply(build, [1], [1, 3], { weights, dy: [1, 0] })
    expect(rest.y).toEqual([92, 96])
    expect(rest.dx).toEqual([2, 0])
    expect(rest.moments).toEqual([])
  })

  test('layer normalisation has the moments of each image, at rest too', () => {
    const weights = [
      [6, 2],
      [100, 0]
    ]
    const found = apply((at) => at.layerNorm(0, 3), [2], [1, 3, 30, 10], { weights })
    expect(found.y).toEqual([97, 1, 100 + 60 / Math.sqrt(103), -20 / Math.sqrt(103)])
  })

  test('dropout in training scales up what it keeps, at rest it does nothing', () => {
    const build = (at: Builder): NodeRef => at.dropout(0, 0.75)
    const training = { seed: 3, step: 5 }
    const kept = [...dropoutMask(8, 0.75, { ...training, stream: 0 })]
    expect(new Set(kept).size).toBe(2)
    const found = apply(build, [4], upTo(8), { training, dy: upTo(8) })
    expect(found.y).toEqual(kept.map((one, i) => 4 * one * (i + 1)))
    expect(found.dx).toEqual(found.y)
    expect(apply(build, [4], upTo(8)).y).toEqual(upTo(8))
  })

  test('a step moves the moving moments by a share of the way to those of the batch', () => {
    const given = caseOf({ layers: parseLayers('bn/m0.75'), batch: 2 })
    const reference = referenceOf(given, 'train')
    const order = Int32Array.of(4, 9)
    const { weights } = trainReference({ ...reference, order })
    const seen = [4, 9].flatMap((row) => [...reference.inputs.slice(12 * row, 12 * row + 12)])
    const mean = seen.reduce((sum, x) => sum + x, 0) / 24
    const variance = seen.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 24
    expect(weights[2]![0]).toBeCloseTo(0.25 * mean, 12)
    expect(weights[3]![0]).toBeCloseTo(0.75 + 0.25 * variance, 12)
  })
})

/** All operations, one after another; tanh, so that differences are smooth. */
const NETWORKS: Readonly<Record<string, string>> = {
  convolutions:
    'conv3x3-3/s2,conv2x2-4/valid/nobias,ln,avgpool2/s1/same,pool2/s1/valid,dropout-0.3,flatten,dense-5,bn',
  'a residual block': 'bn,residual-3/s2,residual-3,pool3/s2/same,avgpool2,gap,ln,dense-4'
}

describe('the gradients of the float64 network are the slopes of its loss:', () => {
  for (const [name, text] of Object.entries(NETWORKS)) {
    test.each([
      ['in training', 7],
      ['at rest', undefined]
    ])(`${name} %s`, (_name, step) => {
      const layers: LayerSpec[] = parseLayers(text)
      const given = caseOf({ layers, activation: 'tanh' }, undefined, [7, 6, 2])
      const reference = referenceOf(given, 'train')
      // away from moments of 0 and 1, scales of 1 and shifts of 0
      const weights = reference.weights.map((values) =>
        Float64Array.from(values, (value, i) => value + 0.1 * Math.sin(i + 1) + 0.05)
      )
      const input: ReferenceInput = { ...reference, weights, order: Int32Array.of(1, 5, 8, 13, 40) }
      const loss = (): number => passReference(input, step).sums.loss / input.order.length
      const { gradients } = passReference(input, step)
      reference.plan.parameters.forEach(({ trained }, slot) => {
        if (!trained) return expect(gradients[slot]!.every((value) => value === 0)).toBe(true)
        const values = weights[slot]!
        for (let i = 0; i < values.length; i += Math.ceil(values.length / 7)) {
          const before = values[i]!
          const h = 1e-5
          values[i] = before + h
          const above = loss()
          values[i] = before - h
          const below = loss()
          values[i] = before
          expect(gradients[slot]![i]).toBeCloseTo((above - below) / (2 * h), 7)
        }
      })
    })
  }
})
