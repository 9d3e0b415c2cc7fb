import { describe, expect, test } from 'vitest'
import { dropoutCounter, dropoutKey, dropoutMask } from '../../../src/core/network/layers/philox'
import type { Draw } from '../../../src/core/network/layers/philox'
import { Graph } from '../../../src/main/trainer/native/tensorflow/graph'
import type { Tensor } from '../../../src/main/trainer/native/tensorflow/graph'
import { Ops } from '../../../src/main/trainer/native/tensorflow/ops'
import { NativeGraph } from '../../../src/main/trainer/native/tensorflow/runtime'
import { savedModel } from '../../../src/main/trainer/native/tensorflow/saved-model'
import { nativeAvailable } from './native-available'

/** What TensorFlow's own StatelessRandomUniformV2 draws with Philox. */
function drawn(count: number, draw: Draw): Float32Array {
  const graph = new Graph()
  const ops = new Ops(graph)
  const longs = (name: string, count: number): Tensor =>
    graph.op('Bitcast', [ops.reshape(ops.input(name, 'int32'), [count, 2])], 'uint64', {
      attributes: { T: { type: 'int32' }, type: { type: 'uint64' } }
    })
  const inputs = [ops.constant('int32', [count]), longs('key', 1), longs('counter', 2)]
  const numbers = graph.op(
    'StatelessRandomUniformV2',
    [...inputs, ops.constant('int32', 1)],
    'float',
    { attributes: { dtype: { type: 'float' }, Tshape: { type: 'int32' } } }
  )
  ops.output('numbers', numbers)
  const native = new NativeGraph(savedModel(graph.nodes))
  try {
    const feed = (name: string, values: readonly number[]) => {
      return { name, shape: [values.length], values: Int32Array.from(values, (word) => word | 0) }
    }
    const feeds = [feed('key', dropoutKey(draw)), feed('counter', dropoutCounter(draw))]
    return native.run(feeds, ['numbers'])[0] as Float32Array
  } finally {
    native.dispose()
  }
}

describe.skipIf(!nativeAvailable)('dropout keeps what TensorFlow would, to the value:', () => {
  test.each([
    [{ seed: 0, step: 0, stream: 0 }, 0.5],
    [{ seed: 7, step: 3, stream: 2 }, 0.1],
    [{ seed: 2 ** 40 + 5, step: 2_000_000, stream: 1 }, 0.95],
    [{ seed: 4294967295, step: 1, stream: 0 }, 0.3]
  ])('%o, rate %d', (draw, rate) => {
    const count = 4099
    const numbers = drawn(count, draw)
    const kept = Uint8Array.from(numbers, (u) => (u < Math.fround(rate) ? 0 : 1))
    expect(dropoutMask(count, rate, draw)).toEqual(kept)
    expect(kept.reduce((sum, one) => sum + one, 0) / count).toBeCloseTo(1 - rate, 1)
  })
})
