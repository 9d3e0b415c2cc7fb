import { expect, test } from 'vitest'
import type { PlanNode } from '../../../../../src/core/network/layers/builder'
import { networkPlan } from '../../../../../src/core/network/layers/plan'
import { parseLayers } from '../../../../../src/core/network/layers/text'
import { createRandom } from '../../../../../src/core/random'
import type { OperationOf } from '../../../../../src/core/network/layers/builder'
import type { Pass } from '../../../../../src/main/trainer/native/network/operation'
import { MAX_POOLING } from '../../../../../src/main/trainer/native/network/pooling'
import { Graph } from '../../../../../src/main/trainer/native/tensorflow/graph'
import { Ops } from '../../../../../src/main/trainer/native/tensorflow/ops'
import { NativeGraph } from '../../../../../src/main/trainer/native/tensorflow/runtime'
import { savedModel } from '../../../../../src/main/trainer/native/tensorflow/saved-model'

const HEIGHT = 7
const WIDTH = 6
const CHANNELS = 3

// 7 x 6 with "same" and stride 2: 4 x 3 places; rows have 1 of padding before, columns none
test.each([
  ['pool2', 0, 0],
  ['pool3/s2/same', -1, 0],
  ['pool3/s1', 0, 0]
])('the gradient of %s goes to the first greatest value of each window', (layers, top, left) => {
  const network = { layers: parseLayers(layers), activation: 'relu', output: 'softmax' } as const
  const plan = networkPlan(network, [HEIGHT, WIDTH, CHANNELS], 2)
  const node = plan.nodes[1] as PlanNode<OperationOf<'max-pool'>>
  const [height = 0, width = 0] = node.shape
  const ops = new Ops(new Graph())
  const [x, upstream] = [ops.input('x', 'float'), ops.input('upstream', 'float')]
  const pass = { ops } as Pass
  const { output } = MAX_POOLING.forward(pass, node, [x])
  const back = MAX_POOLING.backward(pass, node, { inputs: [x], output }, upstream, true)
  ops.output('y', output)
  ops.output('dx', back.inputs[0]!)

  const random = createRandom(1, 'values')
  const images = 2
  // few different values: many windows have their greatest more than once
  const values = Float32Array.from({ length: images * HEIGHT * WIDTH * CHANNELS }, () =>
    random.integer(5)
  )
  const arriving = Float32Array.from(
    { length: images * height * width * CHANNELS },
    (_, i) => i + 1
  )
  const greatest = new Float32Array(arriving.length)
  const expected = new Float32Array(values.length)
  arriving.forEach((gradient, i) => {
    const channel = i % CHANNELS
    const column = Math.floor(i / CHANNELS) % width
    const row = Math.floor(i / CHANNELS / width) % height
    const image = Math.floor(i / CHANNELS / width / height)
    let [best, at] = [-Infinity, -1]
    for (let y = row * node.stride + top; y < row * node.stride + top + node.size; y++) {
      for (let x = column * node.stride + left; x < column * node.stride + left + node.size; x++) {
        if (y < 0 || y >= HEIGHT || x < 0 || x >= WIDTH) continue
        const place = ((image * HEIGHT + y) * WIDTH + x) * CHANNELS + channel
        if (values[place]! > best) [best, at] = [values[place]!, place]
      }
    }
    greatest[i] = best
    expected[at]! += gradient
  })
  const graph = new NativeGraph(savedModel(ops.graph.nodes))
  const feeds = [
    { name: 'x', shape: [images, HEIGHT, WIDTH, CHANNELS], values },
    { name: 'upstream', shape: [images, height, width, CHANNELS], values: arriving }
  ]
  expect(graph.run(feeds, ['y', 'dx'])).toEqual([greatest, expected])
  graph.dispose()
})
