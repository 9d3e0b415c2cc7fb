import { describe, expect, test } from 'vitest'
import type { RunConfig } from '../../../../src/core/network/config'
import { parseLayers } from '../../../../src/core/network/layers/text'
import type { PreprocessingForm } from '../../../../src/core/preprocessing/preprocessing'
import { NativeSession } from '../../../../src/main/trainer/native/native-session'
import { hasKernels } from '../../../../src/main/trainer/native/tensorflow/binding'
import { Graph } from '../../../../src/main/trainer/native/tensorflow/graph'
import { Ops } from '../../../../src/main/trainer/native/tensorflow/ops'
import { NativeGraph } from '../../../../src/main/trainer/native/tensorflow/runtime'
import type { Feed } from '../../../../src/main/trainer/native/tensorflow/runtime'
import { savedModel } from '../../../../src/main/trainer/native/tensorflow/saved-model'
import { evaluateAll } from '../whole-split'
import { nativeAvailable } from '../native-available'
import { caseOf, firstTest, inputOf, ORDER, weightsOf } from './fixture'
import type { Case } from './fixture'

const available = nativeAvailable && hasKernels()

const layers = (text: string, change: Partial<RunConfig> = {}): Partial<RunConfig> => ({
  ...change,
  layers: parseLayers(text)
})
const each: PreprocessingForm = {
  kind: 'affine',
  centre: Array.from({ length: 12 }, (_, i) => 90 + 7 * i),
  divisor: Array.from({ length: 12 }, (_, i) => 60 + 5 * i)
}
const { optimiser } = caseOf().config
const adamw = { ...optimiser, id: 'adamw' } as const

const CASES: readonly (readonly [name: string, Case])[] = [
  ['x / 255', caseOf()],
  ['constants of each value', caseOf({}, each)],
  ['a centre for all and a divisor for each', caseOf({}, { ...each, centre: [127.5] })],
  [
    'L2, factors by layer',
    caseOf({
      weightDecay: { kind: 'l2', factor: 0.01 },
      stepFactors: [0.3, 2],
      epsilonFactors: [10, 1]
    })
  ],
  ['AdamW', caseOf({ optimiser: adamw, weightDecay: { kind: 'decoupled', factor: 0.1 } })],
  ['batch normalisation and dropout', caseOf(layers('dense-16,bn,relu,dropout-0.3'))],
  ['momentum', caseOf({ optimiser: { ...optimiser, id: 'momentum', learningRate: 0.05 } })]
]

describe.runIf(available)('own kernels give the bits of TensorFlow’s own operations:', () => {
  test.each(CASES)('%s', (_, given) => {
    const [own, plain] = [true, false].map((kernels) => {
      const session = new NativeSession(inputOf(given), 30, kernels)
      session.initialise(weightsOf(given))
      const before = evaluateAll(session, 'train')
      const first = session.steps(ORDER.subarray(0, 400), 0)
      const second = session.steps(ORDER.subarray(400), 50)
      const found = {
        before,
        first,
        second,
        after: evaluateAll(session, 'test'),
        pull: session.pull(firstTest(20)),
        weights: session.read()
      }
      session.dispose()
      return found
    })
    expect(own).toEqual(plain)
    expect(own!.weights).not.toEqual(weightsOf(given))
  })
})

/** What an operation gives for some inputs, or says against them. */
function computed(name: string, inputs: readonly (readonly [Feed['shape'], Feed['values']])[]) {
  const ops = new Ops(new Graph(), true)
  const feeds = inputs.map(([shape, values], at): Feed => ({ name: `in${at}`, shape, values }))
  const given = feeds.map(({ values, name: of }) =>
    ops.input(
      of,
      values instanceof Uint8Array ? 'uint8' : values instanceof Int32Array ? 'int32' : 'float'
    )
  )
  if (name === 'NormscopeRows') ops.output('out', ops.graph.op(name, given, 'float'))
  else ops.output('out', ops.constant('int32', 1), [ops.effect(name, given)])
  const graph = new NativeGraph(savedModel(ops.graph.nodes))
  try {
    return [...graph.run(feeds, ['out'])[0]!]
  } finally {
    graph.dispose()
  }
}

describe.runIf(available)('an own kernel', () => {
  const images = [[3, 2], Uint8Array.of(0, 255, 10, 20, 30, 40)] as const
  const rows = (...places: number[]) => [[2, 2], Int32Array.from(places)] as const
  const step = (at: number) => [[], Int32Array.of(at)] as const
  const one = (value: number) => [[1], Float32Array.of(value)] as const

  test('takes the images of the step that is asked for', () => {
    const given = [images, rows(0, 0, 2, 1), step(1), one(10), one(20)]
    expect(computed('NormscopeRows', given)).toEqual([1, 1.5, 0, 0.5])
  })

  test.each([
    ['there is no such image', [images, rows(0, 3, 0, 0), step(0), one(0), one(1)]],
    ['there is no such step', [images, rows(0, 0, 0, 0), step(2), one(0), one(1)]],
    [
      'centre and divisor must be',
      [images, rows(0, 0, 0, 0), step(0), [[3], new Float32Array(3)], one(1)]
    ]
  ] as const)('says: %s', (message, given) => {
    expect(() => computed('NormscopeRows', given)).toThrow(message)
  })

  test('says where there is no room for images', () => {
    expect(() => computed('NormscopePut', [images, step(2), images])).toThrow('no room')
  })
})
