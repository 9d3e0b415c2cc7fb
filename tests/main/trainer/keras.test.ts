import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import type { LossId } from '../../../src/core/network/losses'
import { findKeras } from '../../../scripts/setup/keras.mjs'
import { networkCode } from '../../../src/core/network/code/code'
import { TUTORIAL_CONFIG } from '../../../src/core/network/config'
import { parseLayers } from '../../../src/core/network/layers/text'
import { epochOrder } from '../../../src/core/random'
import { PYTHONS, runPrograms } from '../../core/network/code/programs'
import type { Ran } from '../../core/network/code/programs'
import { dataset, train } from './fashion-mnist'
import { nativeAvailable } from './native-available'
import { caseOf, inputOf, planOf, start, TRAIN, weightsOf } from './native/fixture'
import type { Case } from './native/fixture'
import { relativeError } from './reference-network'

/** Keras where `npm run bench` has put it before; elsewhere these tests are skipped, visibly. */
const keras = (await (findKeras as () => Promise<unknown>)()) as
  { readonly python: string; readonly folder: string } | undefined
const images = process.env.NORMSCOPE_FASHION_MNIST

const EPOCHS = 2
const LIMIT = 640
const SCRIPT = fileURLToPath(new URL('../../../bench/question/in_keras.py', import.meta.url))

interface Accuracies {
  readonly raw: number
  readonly unit: number
}

/** Test accuracies of the tutorial's code in Keras 3. */
async function inKeras(backend: string): Promise<Accuracies> {
  const env = { ...process.env, PYTHONPATH: keras!.folder, KERAS_BACKEND: backend }
  const args = [SCRIPT, images!, String(EPOCHS), '0', String(LIMIT), 'today']
  const child = spawn(keras!.python, args, { env, stdio: ['ignore', 'pipe', 'ignore'] })
  let text = ''
  child.stdout.on('data', (chunk) => (text += String(chunk)))
  const [code] = (await once(child, 'close')) as [number]
  expect(code).toBe(0)
  const { raw, unit } = JSON.parse(text) as { raw: [number]; unit: [number] }
  return { raw: raw[0], unit: unit[0] }
}

async function inNormscope(loss: LossId): Promise<Accuracies> {
  const of = async (divisor: number): Promise<number> =>
    (await train(divisor, { loss, epochs: EPOCHS, limit: LIMIT })).last.testAccuracy!
  return { raw: await of(1), unit: await of(255) }
}

describe.skipIf(!keras || !images || !dataset)('a few images of the tutorial', () => {
  test.each([
    ['jax', 'clipped', 'raw bytes end near chance'],
    ['tensorflow', 'exact', 'raw bytes learn']
  ] as const)(
    'in Keras 3 on %s and here with the %s loss: %s',
    async (backend, loss, _what) => {
      for (const { raw, unit } of [await inKeras(backend), await inNormscope(loss)]) {
        expect(unit).toBeGreaterThan(0.55)
        if (loss === 'clipped') expect(raw).toBeLessThan(0.35)
        else expect(raw).toBeGreaterThan(0.45)
      }
    },
    120_000
  )
})

const optimiser = (id: 'adam' | 'momentum', learningRate: number) => ({
  ...TUTORIAL_CONFIG.optimiser,
  id,
  learningRate
})

const NETWORKS: readonly (readonly [string, string, Partial<Case['config']>])[] = [
  [
    'LeNet-5 in small, Adam',
    'conv5x5-6,pool2,conv5x5-16/valid,pool2,flatten,dense-30,dense-20',
    { optimiser: optimiser('adam', 0.001) }
  ],
  [
    'convolutions with batch normalisation, momentum',
    'bn,conv3x3-8/nobias,bn,conv3x3-8/s2,bn/m0.9,avgpool3/s2/same,conv3x3-8/nobias,bn,gap',
    { optimiser: optimiser('momentum', 0.01) }
  ],
  [
    'a residual net, momentum',
    'conv3x3-8/nobias,bn,residual-8,residual-12/s2,gap',
    { optimiser: optimiser('momentum', 0.01) }
  ],
  [
    'layer normalisation and tanh, Adam',
    'conv3x3-8/s2,ln,flatten,dense-32,ln,dense-16',
    { activation: 'tanh', optimiser: optimiser('adam', 0.001) }
  ]
]

/** What an epoch leaves: the mean loss of its images, and the weights behind it. */
interface Epoch {
  readonly loss: number
  readonly weights: readonly Float32Array[]
}

const IMAGE = [16, 16, 2] as const
const ORDER = epochOrder(0, 1, TRAIN)

async function epochHere(given: Case): Promise<Epoch> {
  const session = await start(given)
  const { loss, samples } = session.steps(ORDER, 0)
  const weights = session.read().map((values) => values.slice())
  session.dispose()
  return { loss: loss / samples, weights }
}

/** The network's exported program on the same images in the same order, from the same weights. */
function epochInKeras(given: Case) {
  const { pixels, labels } = inputOf(given).train
  const features = pixels.length / TRAIN
  const [height, width, channels] = IMAGE
  const classNames = Array.from({ length: given.classes }, (_, c) => String(c))
  const images = [...ORDER].flatMap((row) =>
    Array.from(pixels.subarray(row * features, (row + 1) * features), (x) => Math.fround(x / 255))
  )
  return {
    code: networkCode(given.config, { height, width, channels, classNames }, 'keras'),
    images,
    shape: [TRAIN, ...IMAGE],
    weights: weightsOf(given).map((values) => [...values]),
    labels: Array.from(ORDER, (row) => labels[row]!),
    inOrder: true
  }
}

describe.skipIf(!PYTHONS.keras || !nativeAvailable)(
  'an epoch in Keras and here, from the same weights and in the same order',
  () => {
    const cases = NETWORKS.map(([name, layers, change]) => ({
      name,
      given: caseOf({ layers: parseLayers(layers), epochs: 1, ...change }, undefined, IMAGE)
    }))
    let inKeras: readonly Ran[] = []
    beforeAll(async () => {
      inKeras = await runPrograms(
        'keras',
        cases.map(({ given }) => epochInKeras(given))
      )
    }, 300_000)

    test.each(cases.map(({ name, given }, at) => [name, given, at] as const))(
      'has the same loss, weights and moving averages: %s',
      async (_name, given, at) => {
        const theirs = inKeras[at]!
        const here = await epochHere(given)
        expect(Math.abs(here.loss / theirs.loss! - 1)).toBeLessThan(1e-5)
        planOf(given).parameters.forEach(({ trained }, slot) => {
          if (trained) return
          here.weights[slot]!.forEach((value, i) => {
            const other = theirs.after![slot]![i]!
            expect(Math.abs(value - other)).toBeLessThan(1e-5 * Math.max(1, Math.abs(other)))
          })
        })
        expect(relativeError(here.weights, theirs.after!, weightsOf(given))).toBeLessThan(1e-4)
      }
    )
  }
)
