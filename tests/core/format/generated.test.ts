import { createHash } from 'node:crypto'
import { setImmediate as pause } from 'node:timers/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { GENERATED_CLASSES, openGeneratedSplit } from '../../../src/core/format/generated/generated'
import { coverage } from '../../../src/core/format/generated/raster'

const PIXELS = 784

async function generate(split: 'train' | 'test', count: number) {
  const opened = openGeneratedSplit(split, pause, count)
  const pixels = new Uint8Array(count * PIXELS)
  let at = 0
  for await (const { values } of opened.chunks()) {
    pixels.set(values, at)
    at += values.length
  }
  return { pixels, labels: Int32Array.from((await opened.labels?.(count)) as ArrayLike<number>) }
}

describe('the generated set', () => {
  let train: Awaited<ReturnType<typeof generate>>
  let held: Awaited<ReturnType<typeof generate>>
  beforeAll(async () => {
    train = await generate('train', 3000)
    held = await generate('test', 1000)
  })

  test('has as many images of each class', () => {
    const counts = GENERATED_CLASSES.map(
      (_, place) => train.labels.filter((label) => label === place).length
    )
    expect(counts).toEqual(Array.from({ length: 10 }, () => 300))
  })

  test('is like Fashion-MNIST in its values: half black, bytes up to 255', () => {
    const { pixels } = train
    const mean = pixels.reduce((sum, value) => sum + value, 0) / pixels.length
    const square = pixels.reduce((sum, value) => sum + value * value, 0) / pixels.length
    const black = pixels.filter((value) => value === 0).length / pixels.length
    expect(mean).toBeGreaterThan(60)
    expect(mean).toBeLessThan(80)
    expect(Math.sqrt(square - mean * mean)).toBeGreaterThan(80)
    expect(Math.sqrt(square - mean * mean)).toBeLessThan(100)
    expect(black).toBeGreaterThan(0.4)
    expect(black).toBeLessThan(0.62)
    expect(pixels.includes(255)).toBe(true)
  })

  test('is neither trivial nor hopeless: the nearest class average is right for 50 to 90 %', () => {
    const averages = Array.from({ length: 10 }, () => new Float64Array(PIXELS))
    train.labels.forEach((label, image) => {
      for (let k = 0; k < PIXELS; k++) {
        averages[label]![k]! += train.pixels[image * PIXELS + k]! / 300
      }
    })
    const distance = (image: number, average: Float64Array): number =>
      average.reduce((sum, value, k) => sum + (held.pixels[image * PIXELS + k]! - value) ** 2, 0)
    const right = held.labels.filter((label, image) => {
      const distances = averages.map((average) => distance(image, average))
      return distances.indexOf(Math.min(...distances)) === label
    }).length
    expect(right / held.labels.length).toBeGreaterThan(0.5)
    expect(right / held.labels.length).toBeLessThan(0.9)
  })

  test('is the same every time, and its splits differ', async () => {
    const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
    expect(hash((await generate('test', 1000)).pixels)).toBe(hash(held.pixels))
    expect(hash(train.pixels.subarray(0, held.pixels.length))).not.toBe(hash(held.pixels))
  })
})

describe('drawing the generated set', () => {
  test('lets events through, so that it can be told of and stopped', async () => {
    let events = 0
    const counting = (): void => {
      events++
      timer = setImmediate(counting)
    }
    let timer = setImmediate(counting)
    let chunks = 0
    for await (const chunk of openGeneratedSplit('test', pause, 1000).chunks()) {
      expect(chunk.channels).toBe(1)
      chunks++
    }
    clearImmediate(timer)
    expect(chunks).toBe(4)
    expect(events).toBeGreaterThanOrEqual(chunks)
  })
})

describe('drawing', () => {
  test('covers pixels by the share that lies inside', () => {
    const square = coverage(
      [
        [0.5, 0],
        [2, 0],
        [2, 1],
        [0.5, 1]
      ],
      2
    )
    expect([...square]).toEqual([0.5, 1, 0, 0])
  })
})
