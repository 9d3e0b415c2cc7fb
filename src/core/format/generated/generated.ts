import { createRandom } from '../../random'
import type { Random } from '../../random'
import { GARMENTS } from './garments'
import type { ImageChunk, OpenedSplit } from '../opened'
import type { SplitName } from '../../dataset/dataset'
import { coverage } from './raster'
import type { Point } from './raster'

/** Raise it whenever the pictures change. */
export const GENERATED_VERSION = 1
export const GENERATED_COUNTS: Readonly<Record<SplitName, number>> = { train: 12_000, test: 2_000 }
export const GENERATED_CLASSES = GARMENTS.map((garment) => garment.name)

const SIZE = 28
const SEED = 28
const AT_ONCE = 250

/** Lets events through, a request to stop among them, before it resolves. */
type Pause = () => Promise<void>

/**
 * Silhouettes of ten kinds of garment, 28 x 28 grey bytes on black, drawn from a seed: pose, size,
 * brightness, texture and noise vary, and some kinds overlap on purpose. Stands in for
 * Fashion-MNIST where that cannot be had. The same bytes on every machine.
 */
export function openGeneratedSplit(
  split: SplitName,
  pause: Pause,
  count = GENERATED_COUNTS[split]
): OpenedSplit {
  const random = createRandom(SEED, `generated ${split}`)
  const classes = Int32Array.from({ length: count }, (_, index) => index % GARMENTS.length)
  random.shuffle(classes)
  return {
    height: SIZE,
    width: SIZE,
    minType: 'uint8',
    chunks: () => pictures(classes, random, pause),
    labels: () => Promise.resolve(classes)
  }
}

async function* pictures(
  classes: Int32Array,
  random: Random,
  pause: Pause
): AsyncGenerator<ImageChunk> {
  for (let done = 0; done < classes.length;) {
    const count = Math.min(AT_ONCE, classes.length - done)
    const values = new Uint8Array(count * SIZE * SIZE)
    for (let index = 0; index < count; index++) {
      values.set(drawGarment(classes[done + index]!, random), index * SIZE * SIZE)
    }
    done += count
    yield { values, channels: 1, fraction: done / classes.length }
    await pause()
  }
}

/** One picture of SIZE x SIZE bytes. */
function drawGarment(place: number, random: Random): Uint8Array {
  const garment = GARMENTS[place]!
  const pose = poseOf(random)
  const cloth = clothOf(random)
  const light = new Float64Array(SIZE * SIZE)
  for (const { outline, shade } of garment.draw(random)) {
    const covered = coverage(outline.map(pose), SIZE)
    for (let pixel = 0; pixel < light.length; pixel++) {
      const share = Math.min(1, covered[pixel]!)
      if (share === 0) continue
      const x = pixel % SIZE
      const y = Math.floor(pixel / SIZE)
      light[pixel] = light[pixel]! * (1 - share) + cloth(x, y) * shade * share
    }
  }
  return noisy(light, random)
}

const between = (random: Random, low: number, high: number): number =>
  low + (high - low) * random.uniform()

/** Outlines are drawn on 28 x 28; this scales, slants, turns a little and moves them. */
function poseOf(random: Random): (point: Point) => Point {
  const scaleX = between(random, 0.98, 1.24)
  const scaleY = between(random, 0.92, 1.12)
  const slant = between(random, -0.08, 0.08)
  const turn = between(random, -0.07, 0.07)
  const moveX = between(random, -1.3, 1.3)
  const moveY = between(random, -1.2, 1.2)
  const middle = SIZE / 2
  return ([x, y]) => {
    const dx = (x - middle) * scaleX
    const dy = (y - middle) * scaleY
    return [middle + dx + (slant - turn) * dy + moveX, middle + dy + turn * dx + moveY]
  }
}

type Cloth = (x: number, y: number) => number

/** Brightness of the cloth in [0, 255] at a pixel: plain, striped, checked or blotched, with a fold. */
function clothOf(random: Random): Cloth {
  const base = between(random, 145, 290)
  const depth = between(random, 0.05, 0.5)
  const period = 2 + random.integer(4)
  const phase = random.integer(period)
  const kind = random.integer(6)
  const fold = between(random, -0.16, 0.16)
  const foldAt = between(random, 8, 20)
  const blotches = Float64Array.from({ length: 64 }, () => random.uniform())
  const stripe = (value: number): number => ((value + phase) % period < period / 2 ? 1 : 0)
  const patterns: readonly Cloth[] = [
    () => 0,
    () => 0,
    (x) => stripe(x),
    (_, y) => stripe(y),
    (x, y) => stripe(x) * stripe(y),
    (x, y) => blotches[(Math.floor(y / 4) * 8 + Math.floor(x / 4)) % 64]!
  ]
  const pattern = patterns[kind]!
  return (x, y) => base * (1 - depth * pattern(x, y)) * (1 + (fold * (x - foldAt)) / 14)
}

/** Grain in proportion to the light; black stays black, as in Fashion-MNIST. */
function noisy(light: Float64Array, random: Random): Uint8Array {
  const out = new Uint8Array(light.length)
  for (let pixel = 0; pixel < light.length; pixel++) {
    const value = light[pixel]!
    if (value < 1) continue
    const grain = (random.uniform() + random.uniform() - 1) * 0.22
    out[pixel] = Math.max(0, Math.min(255, Math.round(value * (1 + grain))))
  }
  return out
}
