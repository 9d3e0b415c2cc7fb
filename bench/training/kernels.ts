// Images per second that the kernels of a step allow: the two large products of 784-128-10 and Adam on its large
// kernel, nothing else, in a loop of the same library; Adam is the one that trains. `kernels.ts BATCH`; prints JSON.
import { TUTORIAL_CONFIG } from '../../src/core/network/config'
import { createRandom } from '../../src/core/random'
import { OPTIMISER_NODES } from '../../src/main/trainer/native/network/optimisers'
import { hasKernels } from '../../src/main/trainer/native/tensorflow/binding'
import { Graph } from '../../src/main/trainer/native/tensorflow/graph'
import { Ops } from '../../src/main/trainer/native/tensorflow/ops'
import { NativeGraph } from '../../src/main/trainer/native/tensorflow/runtime'
import type { Feed } from '../../src/main/trainer/native/tensorflow/runtime'
import { savedModel } from '../../src/main/trainer/native/tensorflow/saved-model'
import { whileLoop } from '../../src/main/trainer/native/tensorflow/while-loop'

const [INPUTS, UNITS] = [784, 128]

/** What takes so many steps. */
function kernelLoop(batch: number): (steps: number) => void {
  const ops = new Ops(new Graph(), hasKernels())
  const total = ops.input('total', 'int32')
  const sizes = {
    y: [batch, UNITS],
    x: [batch, INPUTS],
    g: [batch, UNITS],
    w: [INPUTS, UNITS],
    m: [INPUTS, UNITS],
    v: [INPUTS, UNITS]
  }
  const names = Object.keys(sizes) as (keyof typeof sizes)[]
  const held = Object.fromEntries(
    names.map((name) => [name, ops.variable(name, 'float', sizes[name])])
  ) as Record<keyof typeof sizes, ReturnType<Ops['variable']>>
  const set = names.map((name) =>
    ops.assign(held[name], ops.unary('DeepCopy', ops.input(`set_${name}`, 'float')))
  )
  ops.output('set', ops.constant('int32', 1), set)
  const { optimiser } = TUTORIAL_CONFIG
  const rates = ops.constant('float', [1e-3])
  const first = ops.constant('int32', 0)
  const [done] = whileLoop(
    ops.graph,
    'kernels',
    [ops.constant('int32', 0)],
    ([i]) => ops.compare('Less', i!, total),
    ([i]) => {
      const x = ops.read(held.x)
      const product = ops.matMul(x, ops.read(held.w))
      const gradient = ops.matMul(x, ops.read(held.g), 'first')
      const { apply, together } = OPTIMISER_NODES.adam
      const parameter = { variable: held.w, slots: [held.m, held.v] }
      // kept, for what nobody uses is not computed
      const kept = ops.assign(held.y, product)
      const change = { parameter, gradient, factor: 1, epsilon: optimiser.epsilon, decay: 0 }
      const applied = ops.own
        ? together!(ops, optimiser, [change], rates, first)
        : apply(ops, optimiser, parameter, gradient, ops.gather(rates, first), [kept])
      return [ops.binary('AddV2', i!, ops.constant('int32', 1), [applied, kept])]
    }
  )
  ops.output('done', done!)
  const graph = new NativeGraph(savedModel(ops.graph.nodes))
  const random = createRandom(0, 'kernels')
  const feeds = names.map((name): Feed => {
    const shape = sizes[name]
    const scale = name === 'm' || name === 'v' ? 0 : 0.01
    const values = Float32Array.from(
      { length: shape[0]! * shape[1]! },
      () => scale * random.uniform()
    )
    return { name: `set_${name}`, shape, values }
  })
  graph.run(feeds, ['set'])
  return (steps) =>
    void graph.run([{ name: 'total', shape: [], values: Int32Array.of(steps) }], ['done'])
}

const batch = Number(process.argv[2])
const STEPS = 400
const loop = kernelLoop(batch)
loop(STEPS)
const began = performance.now()
let steps = 0
while (performance.now() - began < 1000) {
  loop(STEPS)
  steps += STEPS
}
console.log(JSON.stringify({ rate: (1000 * steps * batch) / (performance.now() - began) }))
