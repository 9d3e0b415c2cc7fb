import type { PixelArray } from '../../../../src/core/dataset/dataset'
import { TUTORIAL_CONFIG } from '../../../../src/core/network/config'
import type { RunConfig } from '../../../../src/core/network/config'
import { dense } from '../../../../src/core/network/layers/layers'
import { factorCount, networkPlan } from '../../../../src/core/network/layers/plan'
import type { NetworkPlan } from '../../../../src/core/network/layers/plan'
import { sizeOfShape } from '../../../../src/core/network/layers/shape'
import type { Shape } from '../../../../src/core/network/layers/shape'
import { initialWeights } from '../../../../src/core/network/weights'
import { createRandom, epochOrder } from '../../../../src/core/random'
import { withInput } from '../../../../src/core/preprocessing/apply'
import type { PreprocessingForm } from '../../../../src/core/preprocessing/preprocessing'
import { createNativeSession } from '../../../../src/main/trainer/native'
import type { Probe, SessionInput, TrainingSession } from '../../../../src/main/trainer/session'
import type { ReferenceInput } from '../reference-network'

export const FEATURES = 12
const IMAGE = [3, 4, 1] as const
export const TRAIN = 203
export const TEST = 50

/** The first test images. */
export function firstTest(count: number): Probe {
  return { split: 'test', rows: Int32Array.from({ length: count }, (_, row) => row) }
}

/** A small run: random bytes of 3 x 4 pixels in a few classes. */
export interface Case {
  readonly config: RunConfig
  readonly form: PreprocessingForm
  readonly classes: number
  readonly image: Shape
}

export function caseOf(
  change: Partial<RunConfig> = {},
  form?: PreprocessingForm,
  image: Shape = IMAGE
): Case {
  const layers = change.layers ?? [dense(16)]
  const ones = new Array<number>(factorCount(layers)).fill(1)
  return {
    config: {
      ...TUTORIAL_CONFIG,
      layers,
      initFactors: ones,
      stepFactors: ones,
      epsilonFactors: ones,
      decayFactors: ones,
      batch: 8,
      ...change
    },
    form: form ?? { kind: 'affine', centre: [0], divisor: [255] },
    classes: change.output === 'sigmoid' ? 2 : 4,
    image
  }
}

/** Images of FEATURES values each, unless told otherwise. */
export function inputWith(
  { config, form, classes }: Omit<Case, 'image'>,
  train: { readonly pixels: PixelArray; readonly labels: Int32Array },
  test: { readonly pixels: PixelArray; readonly labels: Int32Array },
  shape: { readonly height: number; readonly width: number; readonly channels: number }
): SessionInput {
  return {
    config,
    plan: networkPlan(config, [shape.height, shape.width, shape.channels], classes),
    classes,
    preprocessing: withInput(
      { choice: { id: 'unit' }, ...shape, form, parameters: {} },
      config.input
    ),
    train: { count: train.labels.length, ...train },
    test: { count: test.labels.length, ...test }
  }
}

export function inputOf(given: Case): SessionInput {
  const random = createRandom(7, 'test images')
  const images = (count: number) => ({
    pixels: Uint8Array.from({ length: count * sizeOfShape(given.image) }, () =>
      random.integer(256)
    ),
    labels: Int32Array.from({ length: count }, () => random.integer(given.classes))
  })
  const [height, width, channels] = given.image as readonly [number, number, number]
  return inputWith(given, images(TRAIN), images(TEST), { height, width, channels })
}

export function planOf({ config, classes, image }: Case): NetworkPlan {
  return networkPlan(config, image, classes)
}

export function weightsOf(given: Case): Float32Array[] {
  return initialWeights(given.config, planOf(given))
}

export async function start(given: Case): Promise<TrainingSession> {
  const session = await createNativeSession(inputOf(given))
  session.initialise(weightsOf(given))
  return session
}

/** The same split for the float64 network; every row in its order. */
export function referenceOf(
  given: Case,
  split: 'train' | 'test',
  weights: readonly ArrayLike<number>[] = weightsOf(given)
): ReferenceInput {
  const { pixels, labels, count } = inputOf(given)[split]
  const { scale, offset } = given.config.input
  return {
    config: given.config,
    plan: planOf(given),
    inputs: preprocessed(given, pixels.subarray(0, pixels.length)).map((x) => scale * x + offset),
    labels,
    weights,
    order: Int32Array.from({ length: count }, (_, i) => i)
  }
}

/** Rows in float64, by the formula of the form. */
function preprocessed({ form, image }: Case, pixels: ArrayLike<number>): Float64Array {
  const features = sizeOfShape(image)
  const rows = Float64Array.from(pixels)
  if (form.kind === 'affine') {
    const at = (list: readonly number[], i: number): number => list[(i % features) % list.length]!
    return rows.map((x, i) => (x - at(form.centre, i)) / at(form.divisor, i))
  }
  if (form.kind !== 'image-standardise') throw new Error(`no reference for ${form.kind}`)
  for (let begin = 0; begin < rows.length; begin += features) {
    const own = rows.subarray(begin, begin + features)
    const mean = own.reduce((sum, x) => sum + x, 0) / features
    const std = Math.sqrt(own.reduce((sum, x) => sum + (x - mean) ** 2, 0) / features)
    own.forEach((x, i) => (own[i] = (x - mean) / Math.max(std, 1 / Math.sqrt(features))))
  }
  return rows
}

/** 100 steps of eight images and a ragged one of six. */
export const ORDER = Int32Array.from(
  [1, 2, 3, 4].flatMap((epoch) => [...epochOrder(3, epoch, TRAIN)])
).slice(0, 806)
