import { describe, expect, test } from 'vitest'
import { TUTORIAL_CONFIG } from '../../../../src/core/network/config'
import { forward } from '../../../../src/core/network/layers/forward'
import { networkPlan } from '../../../../src/core/network/layers/plan'
import { parseLayers } from '../../../../src/core/network/layers/text'
import { initialWeights } from '../../../../src/core/network/weights'

type Image = readonly [number, number, number]

/** The output of the last node of a layer, and how often the pass paused. */
function outputOf(
  text: string,
  input: Image,
  values: readonly number[],
  weights: Readonly<Record<number, readonly number[]>> = {},
  layer = 0
): { output: number[]; pauses: number } {
  const config = { ...TUTORIAL_CONFIG, layers: parseLayers(text) }
  const plan = networkPlan(config, input, 2)
  const set = initialWeights(config, plan).map((initial, at) =>
    weights[at] ? Float32Array.from(weights[at]) : initial
  )
  const steps = forward(plan, set, Float32Array.from(values), config)
  let pauses = 0
  for (;;) {
    const step = steps.next()
    if (step.done) {
      const last = plan.nodes.filter((node) => node.layer <= layer).length - 1
      return { output: Array.from(step.value[last]!), pauses }
    }
    pauses++
  }
}

describe('a forward pass at rest', () => {
  const nine = [1, 2, 3, 4, 5, 6, 7, 8, 9]

  test('of a dense layer is x W + b and its activation', () => {
    // (1, 2) [[1, -1], [2, 3]] + (0.5, -9) = (5.5, -4), of which relu leaves (5.5, 0)
    const given = { 0: [1, -1, 2, 3], 1: [0.5, -9] }
    expect(outputOf('dense-2', [1, 2, 1], [1, 2], given).output).toEqual([5.5, 0])
  })

  test('of a valid convolution correlates each window with the kernel', () => {
    // 1 x1 + 2 x2 + 3 x4 + 4 x5: 1 + 4 + 12 + 20 = 37, 47, 67, 77
    const given = { 0: [1, 2, 3, 4], 1: [0] }
    expect(outputOf('conv2x2-1/valid', [3, 3, 1], nine, given).output).toEqual([37, 47, 67, 77])
  })

  test('pads “same” as TensorFlow does: an odd place of padding lies behind', () => {
    // size 2: nothing before, one behind; the last column sees x3 and the padding: 3 + 3 x 6 = 21
    const given = { 0: [1, 2, 3, 4], 1: [0] }
    const { output } = outputOf('conv2x2-1', [3, 3, 1], nine, given)
    expect(output).toEqual([37, 47, 21, 67, 77, 33, 23, 26, 9])
  })

  test('of a strided convolution pads by what the last window lacks', () => {
    // 4 x 4, size 3, stride 2: 2 places, padding 1 behind alone; a kernel of ones sums each window
    const image = Array.from({ length: 16 }, (_, i) => i)
    const given = { 0: Array.from({ length: 9 }, () => 1), 1: [0] }
    const { output } = outputOf('conv3x3-1/s2', [4, 4, 1], image, given)
    // rows 0-2, columns 0-2: 45; columns 2-3: 39; rows 2-3: 8+9+10+12+13+14 = 66; 10+11+14+15 = 50
    expect(output).toEqual([45, 39, 66, 50])
  })

  test('of a convolution sums over channels, each filter by itself', () => {
    // 1 x 1 window: (2, 3) [[1, 0], [0, 10]] + (0, 1)
    const given = { 0: [1, 0, 0, 10], 1: [0, 1] }
    expect(outputOf('conv1x1-2', [1, 1, 2], [2, 3], given).output).toEqual([2, 31])
  })

  test('of pools takes the greatest and the mean, and padding does not count', () => {
    expect(outputOf('pool2', [3, 3, 1], nine).output).toEqual([5])
    expect(outputOf('pool2/same', [3, 3, 1], nine).output).toEqual([5, 6, 8, 9])
    expect(outputOf('avgpool2/same', [3, 3, 1], nine).output).toEqual([3, 4.5, 7.5, 9])
    expect(outputOf('gap', [1, 2, 2], [1, 10, 3, 30]).output).toEqual([2, 20])
  })

  test('of batch normalisation uses the moving moments', () => {
    // scale 2, shift 1, mean 3, variance 4 - 0.001: (5 - 3) / 2 x 2 + 1 = 3
    const given = { 0: [2], 1: [1], 2: [3], 3: [3.999] }
    const { output } = outputOf('bn', [1, 2, 1], [5, 3], given)
    expect(output[0]).toBeCloseTo(3, 6)
    expect(output[1]).toBe(1)
  })

  test('of layer normalisation takes the moments of each place', () => {
    // (1, 3): mean 2, variance 1, epsilon .001: +-1 / sqrt(1.001)
    const { output } = outputOf('ln', [1, 1, 2], [1, 3])
    expect(output[0]).toBeCloseTo(-1 / Math.sqrt(1.001), 6)
    expect(output[1]).toBeCloseTo(1 / Math.sqrt(1.001), 6)
  })

  test('drops nothing out, and adds what goes around a residual block', () => {
    expect(outputOf('dropout-0.5', [1, 2, 1], [5, -3]).output).toEqual([5, -3])
    // both kernels 0: what came in is all that is left, and relu takes its negative part
    const zeros = { 0: [...Array(9).keys()].map(() => 0), 5: [...Array(9).keys()].map(() => 0) }
    expect(outputOf('residual-1', [1, 2, 1], [5, -3], zeros).output).toEqual([5, 0])
  })

  test('pauses within a large layer, so that nothing waits long', () => {
    // 64 x 64 places x 16 filters x 9 x 3: 1.8 million; 64 filters: 7.1 million
    const image = new Array<number>(64 * 64 * 3).fill(1)
    expect(outputOf('conv3x3-64', [64, 64, 3], image).pauses).toBeGreaterThanOrEqual(3)
    expect(outputOf('dense-700', [64, 64, 3], image).pauses).toBeGreaterThanOrEqual(4)
  })
})
