import { describe, expect, test } from 'vitest'
import type { RunConfig } from '../../../../src/core/network/config'
import { createRandom } from '../../../../src/core/random'
import { parseLayers } from '../../../../src/core/network/layers/text'
import type { PreprocessingForm } from '../../../../src/core/preprocessing/preprocessing'
import { NativeSession } from '../../../../src/main/trainer/native/native-session'
import { storedImages } from '../../../../src/main/trainer/native/stored-images'
import { hasDense, hasKernels } from '../../../../src/main/trainer/native/tensorflow/binding'
import { Graph } from '../../../../src/main/trainer/native/tensorflow/graph'
import { Ops } from '../../../../src/main/trainer/native/tensorflow/ops'
import { NativeGraph } from '../../../../src/main/trainer/native/tensorflow/runtime'
import type { Feed } from '../../../../src/main/trainer/native/tensorflow/runtime'
import { savedModel } from '../../../../src/main/trainer/native/tensorflow/saved-model'
import type { Attribute, DType } from '../../../../src/main/trainer/native/tensorflow/saved-model'
import type { SampleSums, SessionInput, Weights } from '../../../../src/main/trainer/session'
import { relativeError } from '../reference-network'
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
const momentum = { ...optimiser, id: 'momentum', learningRate: 0.05 } as const
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
  // the gradient of the biases before a normalisation is rounding alone, which Adam would make steps of
  [
    'batch normalisation and dropout',
    caseOf(layers('dense-16,bn,relu,dropout-0.3', { optimiser: momentum }))
  ],
  ['momentum', caseOf({ optimiser: momentum })],
  ['clipped loss, two hidden layers', caseOf(layers('dense-40,dense-16', { loss: 'clipped' }))],
  ['clipped loss of 2018, no hidden layer', caseOf({ layers: [], loss: 'clipped-2018' })],
  ['one sigmoid output', caseOf({ output: 'sigmoid' })]
]

interface Found {
  readonly sums: readonly SampleSums[]
  readonly pull: Float32Array | undefined
  readonly weights: Weights
}

/** What two calls of steps make of the first weights. */
function trained(given: Case, own: boolean, input = inputOf(given)): Found {
  const session = new NativeSession(input, 30, own)
  session.initialise(weightsOf(given))
  const before = evaluateAll(session, 'train')
  const first = session.steps(ORDER.subarray(0, 400), 0)
  const second = session.steps(ORDER.subarray(400), 50)
  const sums = [before, ...first.each, ...second.each, evaluateAll(session, 'test')]
  const found = { sums, pull: session.pull(firstTest(20)), weights: session.read() }
  session.dispose()
  return found
}

/** The same input with a background of 0 in half of each image. */
function withBackground(input: SessionInput): SessionInput {
  const behind = ({ count, pixels, labels }: SessionInput['train']) => ({
    count,
    labels,
    pixels: Uint8Array.from(pixels.subarray(0, pixels.length), (byte, at) =>
      at % 12 < 6 ? 0 : byte
    )
  })
  return { ...input, train: behind(input.train), test: behind(input.test) }
}

describe.runIf(available)('own kernels train as TensorFlow’s own operations do:', () => {
  const expectAlike = (given: Case, input = inputOf(given)): void => {
    const own = trained(given, true, input)
    const plain = trained(given, false, input)
    expect(relativeError(own.weights, plain.weights, weightsOf(given))).toBeLessThan(1e-5)
    const counts = ({ sums }: Found) => sums.map(({ loss: _, ...rest }) => rest)
    expect(counts(own)).toEqual(counts(plain))
    own.sums.forEach(({ loss }, at) => expect(loss / plain.sums[at]!.loss).toBeCloseTo(1, 5))
    // a pixel that is always 0 has no pull at all
    own.pull?.forEach((value, at) => {
      const expected = plain.pull![at]!
      expect(value === expected ? 1 : value / expected).toBeCloseTo(1, 3)
    })
    expect(own.weights).not.toEqual(weightsOf(given))
  }

  test.each(CASES)('%s', (_, given) => expectAlike(given))

  test.runIf(hasDense()).each([
    ['two hidden layers', layers('dense-40,dense-16')],
    ['no bias', layers('dense-40,bn,relu', { optimiser: momentum })]
  ])('images with a background, %s', (_, change) => {
    const given = caseOf(change)
    expectAlike(given, withBackground(inputOf(given)))
  })
})

interface Values {
  readonly shape: Feed['shape']
  readonly values: Feed['values'] | Float64Array
}

/** The outputs that an operation has, with their types; without any, it has an effect. */
const OUTPUTS: Readonly<Record<string, readonly DType[]>> = {
  NormscopeRows: ['float'],
  NormscopeDense: ['float'],
  NormscopeDenseGradient: ['float', 'float'],
  NormscopeNarrow: ['float'],
  NormscopeNarrowGradient: ['float', 'float', 'float'],
  NormscopeLoss: ['float', 'int32'],
  NormscopePut: []
}

/** What an operation gives for some inputs, or says against them. */
function computed(
  name: string,
  inputs: readonly Values[],
  attributes: Readonly<Record<string, Attribute>> = {}
): number[][] {
  const ops = new Ops(new Graph(), true)
  const feeds: Feed[] = []
  const given = inputs.map(({ shape, values }, at) => {
    // the binding feeds no doubles
    if (values instanceof Float64Array) {
      return ops.unary('DeepCopy', ops.reshape(ops.constant('double', [...values]), shape))
    }
    feeds.push({ name: `in${at}`, shape, values })
    const whole = values instanceof Int32Array ? 'int32' : 'float'
    return ops.input(`in${at}`, values instanceof Uint8Array ? 'uint8' : whole)
  })
  const types = OUTPUTS[name]!
  const made = ops.graph.add(name, given, types, { attributes })
  const effect = { ref: ops.graph.nodes.at(-1)!.name, dtype: 'float' } as const
  if (types.length === 0) ops.output('out0', ops.constant('int32', 1), [effect])
  made.forEach((tensor, at) => ops.output(`out${at}`, tensor))
  const graph = new NativeGraph(savedModel(ops.graph.nodes))
  try {
    const names = Array.from({ length: Math.max(1, types.length) }, (_, at) => `out${at}`)
    return graph.run(feeds, names).map((values) => [...values])
  } finally {
    graph.dispose()
  }
}

describe.runIf(available)('an own kernel', () => {
  const of = (shape: Feed['shape'], values: Values['values']): Values => ({ shape, values })
  const images = of([3, 2], Uint8Array.of(0, 255, 10, 20, 30, 40))
  const rows = (...places: number[]) => of([2, 2], Int32Array.from(places))
  const step = (at: number) => of([], Int32Array.of(at))
  const one = (value: number) => of([1], Float32Array.of(value))

  test('takes the images of the step that is asked for', () => {
    const given = [images, rows(0, 0, 2, 1), step(1), one(10), one(20)]
    expect(computed('NormscopeRows', given)).toEqual([[1, 1.5, 0, 0.5]])
  })

  test('gives of every byte the float that is nearest to the quotient', () => {
    const random = createRandom(3, 'quotients')
    const bytes = of(
      [1, 256],
      Uint8Array.from({ length: 256 }, (_, byte) => byte)
    )
    const first = of([1, 1], Int32Array.of(0))
    for (let at = 0; at < 40; at++) {
      const c = at === 0 ? 0 : Math.fround(255 * random.uniform())
      const d = at === 0 ? 255 : Math.fround(10 ** (6 * random.uniform() - 3))
      const each = (value: number) => of([256], new Float32Array(256).fill(value))
      // a quotient of floats, rounded to float64 first, is rounded to float32 rightly
      const expected = Array.from(bytes.values, (byte) => Math.fround(Math.fround(byte - c) / d))
      for (const [centre, divisor] of [
        [one(c), one(d)],
        [each(c), each(d)]
      ] as const) {
        const [made] = computed('NormscopeRows', [bytes, first, step(0), centre, divisor])
        expect(made).toEqual(expected)
      }
      // how processors with AVX-512 divide
      const inverse = Array.from(bytes.values, (byte) =>
        Math.fround(Math.fround(byte - c) * (1 / d))
      )
      expect(inverse).toEqual(expected)
    }
  })

  test.each([
    ['there is no such image', [images, rows(0, 3, 0, 0), step(0), one(0), one(1)]],
    ['there is no such step', [images, rows(0, 0, 0, 0), step(2), one(0), one(1)]],
    [
      'centre and divisor must be',
      [images, rows(0, 0, 0, 0), step(0), of([3], new Float32Array(3)), one(1)]
    ]
  ] as const)('says: %s', (message, given) => {
    expect(() => computed('NormscopeRows', given)).toThrow(message)
  })

  test('says where there is no room for images', () => {
    expect(() => computed('NormscopePut', [images, step(2), images])).toThrow('no room')
  })

  test('room for many images has what is put there, while the system still clears the rest', () => {
    const [count, features] = [8192, 784]
    const random = createRandom(4, 'room')
    const bytes = Uint8Array.from({ length: count * features }, () => 256 * random.uniform())
    const ops = new Ops(new Graph(), true)
    const { rows } = storedImages(ops, 'uint8', features)
    ops.output('held', ops.cast(ops.read(rows), 'int32'))
    const graph = new NativeGraph(savedModel(ops.graph.nodes))
    try {
      const total = { name: 'images_total', shape: [], values: Int32Array.of(count) }
      graph.run([total], ['images_make'])
      for (let begin = 0; begin < count; begin += 2048) {
        const values = bytes.subarray(begin * features, (begin + 2048) * features)
        const feeds = [
          { name: 'images_begin', shape: [], values: Int32Array.of(begin) },
          { name: 'images_rows', shape: [2048, features], values },
          { name: 'images_labels', shape: [2048], values: new Int32Array(2048) }
        ]
        graph.run(feeds, ['images_put'])
      }
      const [held] = graph.run([], ['held'])
      expect(held).toEqual(Int32Array.from(bytes))
    } finally {
      graph.dispose()
    }
  })

  const narrow = (batch: number, inputs: number, units: number) => {
    const random = createRandom(5, 'narrow')
    const drawn = (...shape: number[]) =>
      of(
        shape,
        Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => random.uniform() - 0.5)
      )
    return [drawn(batch, inputs), drawn(inputs, units), drawn(units), drawn(batch, units)] as const
  }
  const product = (
    [rows, terms, columns]: readonly [number, number, number],
    left: (row: number, term: number) => number,
    right: (term: number, column: number) => number
  ): number[] =>
    Array.from({ length: rows * columns }, (_, at) => {
      const [row, column] = [Math.floor(at / columns), at % columns]
      let sum = 0
      for (let term = 0; term < terms; term++) sum += left(row, term) * right(term, column)
      return sum
    })
  const closeTo = (made: readonly number[], expected: readonly number[]) => {
    expect(made).toHaveLength(expected.length)
    made.forEach((value, at) => expect(value).toBeCloseTo(expected[at]!, 5))
  }

  test.each([
    [1, 1, 1],
    [7, 5, 2],
    [8, 16, 10],
    [9, 33, 15],
    [32, 128, 16]
  ])('multiplies a batch of %i with %i inputs and %i units as float64 does', (n, inputs, units) => {
    const [x, kernel, bias, upstream] = narrow(n, inputs, units)
    const [w, v, g] = [kernel, x, upstream].map(({ values }) => values) as [
      Values['values'],
      Values['values'],
      Values['values']
    ]
    const xOf = (row: number, at: number) => v[row * inputs + at]!
    const wOf = (at: number, unit: number) => w[at * units + unit]!
    const gOf = (row: number, unit: number) => g[row * units + unit]!
    const [output] = computed('NormscopeNarrow', [x, kernel, bias])
    closeTo(
      output!,
      product([n, inputs, units], xOf, wOf).map((z, at) => z + bias.values[at % units]!)
    )
    const given = [x, kernel, upstream]
    const [ofKernel, ofBias, ofInput] = computed('NormscopeNarrowGradient', given, {
      wanted: { bool: true }
    })
    closeTo(
      ofKernel!,
      product([inputs, n, units], (at, row) => xOf(row, at), gOf)
    )
    closeTo(
      ofBias!,
      product([1, n, units], () => 1, gOf)
    )
    closeTo(
      ofInput!,
      product([n, units, inputs], gOf, (unit, at) => wOf(at, unit))
    )
    const unwanted = { wanted: { bool: false } }
    expect(computed('NormscopeNarrowGradient', given, unwanted)).toEqual([ofKernel, ofBias, []])
  })

  test('adds products up term by term, so that vectors of every width give the same bits', () => {
    const [n, inputs, units] = [13, 37, 10]
    const [x, kernel, bias] = narrow(n, inputs, units)
    const [output] = computed('NormscopeNarrow', [x, kernel, bias])
    const expected = Array.from({ length: n * units }, (_, at) => {
      const [row, unit] = [Math.floor(at / units), at % units]
      let sum = bias.values[unit]!
      for (let i = 0; i < inputs; i++) {
        const term = Math.fround(x.values[row * inputs + i]! * kernel.values[i * units + unit]!)
        sum = Math.fround(sum + term)
      }
      return sum
    })
    expect(output).toEqual(expected)
  })

  describe.runIf(hasDense())('for dense layers', () => {
    /** Numbers of which most are 0 or -0, in whole columns and rows, too. */
    const holes = ({ shape, values }: Values): Values => {
      const random = createRandom(9, 'holes')
      const columns = shape[1]!
      const kept = Float32Array.from(values, (value, at) => {
        const hole = at % columns < columns / 3 || Math.floor(at / columns) === 1
        if (hole || random.uniform() < 0.5) return random.uniform() < 0.5 ? 0 : -0
        return value
      })
      return { shape, values: kept }
    }

    test.each([
      [1, 1, 17],
      [2, 7, 20],
      [3, 33, 32],
      [7, 100, 50],
      [130, 70, 41],
      [33, 256, 128]
    ])('multiplies a batch of %i with %i inputs and %i units as float64', (n, inputs, units) => {
      const [full, kernel, bias, upstream] = narrow(n, inputs, units)
      for (const x of [full, holes(full)]) {
        const xOf = (row: number, at: number) => x.values[row * inputs + at]!
        const wOf = (at: number, unit: number) => kernel.values[at * units + unit]!
        const gOf = (row: number, unit: number) => upstream.values[row * units + unit]!
        const z = product([n, inputs, units], xOf, wOf)
        const biased = z.map((value, at) => value + bias.values[at % units]!)
        const attributes = (count: number) => ({ N: { int: count } })
        closeTo(computed('NormscopeDense', [x, kernel, bias], attributes(1))[0]!, biased)
        closeTo(computed('NormscopeDense', [x, kernel], attributes(0))[0]!, z)
        const [ofKernel, ofBias] = computed('NormscopeDenseGradient', [x, upstream])
        closeTo(
          ofKernel!,
          product([inputs, n, units], (at, row) => xOf(row, at), gOf)
        )
        closeTo(
          ofBias!,
          product([1, n, units], () => 1, gOf)
        )
      }
    })

    test('gives the same bits with and without what is multiplied by 0', () => {
      const [n, inputs, units] = [37, 100, 57]
      const [full, kernel, bias, upstream] = narrow(n, inputs, units)
      const x = holes(full)
      const one = { N: { int: 1 } }
      const [sparse] = computed('NormscopeDense', [x, kernel, bias], one)
      const [ofKernel] = computed('NormscopeDenseGradient', [x, upstream])
      // more images without a 0, whose gradient is 0: then nothing is left out
      const both = (a: Values, b: Values): Values =>
        of([2 * n, a.shape[1]!], Float32Array.of(...a.values, ...b.values))
      const more = both(x, full)
      const [whole] = computed('NormscopeDense', [more, kernel, bias], one)
      expect(whole!.slice(0, n * units)).toEqual(sparse)
      const none = of([n, units], new Float32Array(n * units))
      const [again] = computed('NormscopeDenseGradient', [more, both(upstream, none)])
      expect(again).toEqual(ofKernel)
    })

    test('gives the same bits for many images, shared out to cores that rest, as for a few', () => {
      const [n, few, inputs, units] = [2050, 500, 12, 20]
      const [full, kernel, bias] = narrow(n, inputs, units)
      const one = { N: { int: 1 } }
      for (const x of [full, holes(full)]) {
        const rows = (from: number): Values => {
          const values = x.values.slice(from * inputs, (from + few) * inputs)
          return of([values.length / inputs, inputs], values)
        }
        const expected: number[] = []
        for (let from = 0; from < n; from += few) {
          expected.push(...computed('NormscopeDense', [rows(from), kernel, bias], one)[0]!)
        }
        for (let time = 0; time < 3; time++) {
          expect(computed('NormscopeDense', [x, kernel, bias], one)[0]).toEqual(expected)
        }
      }
    })

    test('gives nothing for no images, and no gradient', () => {
      const [, kernel, bias] = narrow(1, 4, 20)
      const none = (values: number) => of([0, values], new Float32Array(0))
      const one = { N: { int: 1 } }
      expect(computed('NormscopeDense', [none(4), kernel, bias], one)).toEqual([[]])
      const zeros = (size: number) => new Array<number>(size).fill(0)
      const gradient = computed('NormscopeDenseGradient', [none(4), none(20)])
      expect(gradient).toEqual([zeros(80), zeros(20)])
    })

    test('says where they do not fit', () => {
      const [x, , bias, upstream] = narrow(2, 3, 20)
      const [, other] = narrow(2, 4, 20)
      const [longer] = narrow(5, 3, 20)
      const one = { N: { int: 1 } }
      expect(() => computed('NormscopeDense', [x, other, bias], one)).toThrow('does not fit its')
      const [, kernel] = narrow(2, 3, 20)
      const few = of([2], new Float32Array(2))
      expect(() => computed('NormscopeDense', [x, kernel, few], one)).toThrow('as many biases as')
      expect(() => computed('NormscopeDenseGradient', [longer, upstream])).toThrow('does not fit')
    })
  })

  test('says where a narrow layer does not fit', () => {
    const [x, kernel, bias] = narrow(2, 3, 17)
    expect(() => computed('NormscopeNarrow', [x, kernel, bias])).toThrow('does not fit its input')
    const [y, other] = narrow(2, 3, 4)
    expect(() => computed('NormscopeNarrow', [y, other, bias])).toThrow('as many biases as units')
  })

  const sums = of([5, 1], new Float64Array(5))
  const logits = of([2, 2], Float32Array.of(1, 2, NaN, 0))
  const loss = (name: string): Readonly<Record<string, Attribute>> => ({
    output: { string: 'softmax' },
    loss: { string: name },
    ...{ clip: { float: 1e-7 }, most: { float: 16 }, little: { float: 1e-7 } }
  })

  test.each(['exact', 'clipped', 'clipped-2018'])(
    'has no gradient that hides a logit that is no number: %s',
    (name) => {
      const labels = of([2], Int32Array.of(1, 0))
      const given = [logits, labels, step(0), sums]
      const [gradient, guess] = computed('NormscopeLoss', given, loss(name))
      expect(guess).toEqual([1, -1])
      expect(gradient!.slice(2)).toEqual([NaN, NaN])
      const p = 1 / (1 + Math.exp(-1))
      closeTo(gradient!.slice(0, 2), [(1 - p) / 2, (p - 1) / 2])
    }
  )

  test.each([
    ['there is no such class', Int32Array.of(0, 2), 0, 'exact'],
    ['there is no such step', Int32Array.of(0, 1), 1, 'exact'],
    ['there is no such loss', Int32Array.of(0, 1), 0, 'squares']
  ])('says: %s', (message, labels, at, name) => {
    const given = [logits, of([2], labels), step(at), sums]
    expect(() => computed('NormscopeLoss', given, loss(name))).toThrow(message)
  })
})
