import { describe, expect, test } from 'vitest'
import { TUTORIAL_CONFIG } from '../../../../../src/core/network/config'
import { parseLayers } from '../../../../../src/core/network/layers/text'
import { initialWeights } from '../../../../../src/core/network/weights'
import { createRandom } from '../../../../../src/core/random'
import { createNativeSession } from '../../../../../src/main/trainer/native'
import { caseOf, inputWith } from '../fixture'

const IMAGES = 6
const SHAPE = { height: 7, width: 6, channels: 2 }
const RATE = 0.5
const STEP = 0.003

/** One step on all images with plain descent: its loss, and how the parameters change. */
async function descending(layers: string) {
  const given = caseOf({
    layers: parseLayers(layers),
    activation: 'tanh',
    batch: IMAGES,
    optimiser: { ...TUTORIAL_CONFIG.optimiser, id: 'sgd', learningRate: RATE }
  })
  const random = createRandom(5, 'images')
  const size = SHAPE.height * SHAPE.width * SHAPE.channels
  const images = {
    pixels: Uint8Array.from({ length: IMAGES * size }, () => random.integer(256)),
    labels: Int32Array.from({ length: IMAGES }, (_, i) => i % given.classes)
  }
  const input = inputWith(given, images, images, SHAPE)
  const session = await createNativeSession(input)
  const rows = Int32Array.from({ length: IMAGES }, (_, row) => row)
  const step = (weights: readonly Float32Array[]) => {
    session.initialise(weights)
    const { loss } = session.steps(rows, 3)
    return { loss: loss / IMAGES, after: session.read() }
  }
  return { step, session, plan: input.plan, weights: initialWeights(given.config, input.plan) }
}

describe('a step goes down the gradient that differences of the loss give:', () => {
  test.each([
    'conv3x3-3',
    'conv3x3-3/valid/s2/nobias',
    'conv5x5-2/s2,conv3x3-3/valid',
    'conv1x1-3,conv4x4-2',
    'conv3x3-3,avgpool2',
    'conv3x3-3,avgpool3/s2/same,conv2x2-2',
    'conv3x3-3,gap',
    'avgpool2,flatten,dense-4',
    'conv3x3-3,bn',
    'bn,conv3x3-3/nobias,bn,gap',
    'bn,dense-5',
    'dense-5,bn,dense-4/nobias,bn',
    'conv3x3-3,ln',
    'ln,dense-5,ln',
    'dropout-0.3,dense-5,dropout-0.5',
    'conv3x3-3,dropout-0.4,conv3x3-2',
    'residual-2',
    'conv3x3-3,residual-3,residual-4/s2,gap'
  ])('%s', async (layers) => {
    const { step, session, plan, weights } = await descending(layers)
    const { after } = step(weights)
    const random = createRandom(6, layers)
    plan.parameters.forEach(({ trained, role }, place) => {
      const moved = weights[place]!.map((value, i) => value - after[place]![i]!)
      if (!trained) return expect(Math.max(...moved.map(Math.abs)), role).toBeGreaterThan(1e-4)
      for (let tried = 0; tried < 4; tried++) {
        const i = random.integer(moved.length)
        const at = (by: number): number =>
          step(
            weights.map((values, p) => values.map((v, j) => (p === place && j === i ? v + by : v)))
          ).loss
        const slope = (8 * (at(STEP) - at(-STEP)) - (at(2 * STEP) - at(-2 * STEP))) / (12 * STEP)
        expect(moved[i]! / RATE, `${role} ${place} [${i}]`).toBeCloseTo(slope, 3)
      }
    })
    session.dispose()
  })
})
