import { describe, expect, test } from 'vitest'
import { TUTORIAL_CONFIG } from '../../../src/core/network/config'
import type { RunConfig } from '../../../src/core/network/config'
import { networkPlan } from '../../../src/core/network/layers/plan'
import { sizeOfShape } from '../../../src/core/network/layers/shape'
import { parseLayers } from '../../../src/core/network/layers/text'
import { measure } from '../../../src/main/trainer/measure'
import type { Probe, TrainingSession } from '../../../src/main/trainer/session'

const NONE = { count: 0, pixels: new Uint8Array(0), labels: new Int32Array(0) }

/** What is measured of a network whose pre-activations are a function of image and place. */
async function measured(layers: string, images: number, z: (image: number, at: number) => number) {
  const config: RunConfig = { ...TUTORIAL_CONFIG, layers: parseLayers(layers), activation: 'tanh' }
  const plan = networkPlan(config, [64, 64, 1], 2)
  /** images of each chunk; as many as hold 250,000 pre-activations */
  const asked: number[] = []
  const session = {
    *preactivations({ rows }: Probe) {
      const [first] = plan.activated
      const most = Math.max(1, Math.floor(250_000 / sizeOfShape(first!.shape)))
      for (let from = 0; from < rows.length; from += most) {
        const chunk = rows.subarray(from, from + most)
        asked.push(chunk.length)
        yield plan.activated.map(({ shape }) => {
          const values = sizeOfShape(shape)
          return Float32Array.from({ length: chunk.length * values }, (_, i) =>
            z(chunk[Math.floor(i / values)]!, i % values)
          )
        })
      }
    },
    greatestPreactivations: () => [
      plan.activated.map(({ shape }) => new Float32Array(shape[shape.length - 1]!))
    ],
    gradientNorms: () => [1, 2, 3]
  } as unknown as TrainingSession
  const probe = { split: 'test', rows: Int32Array.from({ length: images }, (_, i) => i) } as const
  const { measured } = await measure(
    session,
    config,
    {
      train: NONE,
      test: NONE,
      probe,
      classes: 2,
      plan
    },
    () => Promise.resolve()
  )
  return { measured, asked }
}

describe('a convolution is measured', async () => {
  const { measured: found, asked } = await measured('conv3x3-16', 5, (image, at) =>
    image === 4 ? 5 : at % 16 === 3 ? -40 : 0
  )
  const layer = found.layers[0]!

  test('a few images at a time, each of them twice', () => {
    expect(asked).toEqual([3, 2, 3, 2])
  })

  test('by channel, over images and places', () => {
    expect(layer).toMatchObject({ name: 'Convolution', activation: 'tanh', units: 16 })
    expect(layer.saturation).toHaveLength(16)
    expect(layer.saturation[0]).toBe(0.2)
    expect(layer.saturation[3]).toBe(1)
    expect(found.saturatedFraction).toBeCloseTo((15 * 0.2 + 1) / 16, 12)
  })

  test('with the moments of all values, and counts that stay few', () => {
    // four images with 15 zeros to one -40, one image of fives
    const mean = (4 * -40 + 16 * 5) / 80
    const square = (4 * 1600 + 16 * 25) / 80
    expect(layer.preactivation.mean).toBeCloseTo(mean, 9)
    expect(layer.preactivation.std).toBeCloseTo(Math.sqrt(square - mean ** 2), 9)
    expect(layer.preactivation).toMatchObject({ min: -40, max: 5 })
    expect(layer.preactivation.counts).toHaveLength(200)
    expect(layer.preactivation.counts[0]).toBe(4 * 64 * 64)
  })
})

test('each layer is measured with the activation that it has', async () => {
  const { measured: found, asked } = await measured('dense-2,relu,dense-3,linear', 4, () => -1)
  expect(asked).toEqual([4])
  const [relu, linear] = found.layers
  expect(relu).toMatchObject({ name: 'Dense 1', saturation: [1, 1], deadUnitFraction: 1 })
  expect(linear).toMatchObject({ name: 'Dense 2', saturation: [0, 0, 0] })
  expect(linear).not.toHaveProperty('deadUnitFraction')
  // of the units that can die
  expect(found.deadUnitFraction).toBe(1)
})
