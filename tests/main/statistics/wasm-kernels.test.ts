import { beforeAll, describe, expect, it } from 'vitest'
import { compiledKernels } from '../../../scripts/setup/kernels.mjs'
import { createRandom } from '../../../src/core/random'
import { scaledRoom } from '../../../src/core/preprocessing/image-constants'
import { placeLevels } from '../../../src/core/statistics/counting/levels'
import {
  createExtent,
  createTally,
  extendByLevels
} from '../../../src/core/statistics/counting/tally'
import { binEdges } from '../../../src/core/statistics/counting/bins'
import type { Kernels } from '../../../src/core/statistics/kernels/kernels'
import { PLAIN_KERNELS } from '../../../src/core/statistics/kernels/plain'
import { addImages, createSummary } from '../../../src/core/statistics/summary'
import { wasmKernels } from '../../../src/main/statistics/wasm-kernels'
import { pixelsOf } from './pixels'

let module: Uint8Array<ArrayBuffer>
let wasm: Kernels

beforeAll(async () => {
  module = await compiledKernels()
  wasm = wasmKernels(module)
}, 60_000)

/** Images x features; widths around 4, 8, 16 and 64 values, where the loops change their step. */
const SHAPES: readonly (readonly [images: number, features: number])[] = [
  [1, 1],
  [3, 3],
  [5, 17],
  [9, 64],
  [13, 67],
  [6, 147],
  [21, 784],
  // more than one slice
  [1027, 784]
]

describe('the kernels in WebAssembly', () => {
  it.each(SHAPES)('sum %i images of %i bytes as the plain ones do', (images, features) => {
    const pixels = pixelsOf(images, features, 1)
    expect(wasm.sumBytes(pixels, features)).toEqual(PLAIN_KERNELS.sumBytes(pixels, features))
  })

  it('sum an image so large that 32 bits do not hold its squares', () => {
    const features = 1_000_003
    const pixels = new Uint8Array(features).fill(255)
    expect(wasm.sumBytes(pixels, features)).toEqual({
      sum: Float64Array.of(255 * features),
      squares: Float64Array.of(65025 * features),
      std: Float64Array.of(0),
      min: Float64Array.of(255),
      max: Float64Array.of(255)
    })
  })

  it.each(SHAPES)('count the bytes of %i images of %i as the plain ones do', (images, features) => {
    const tables = [PLAIN_KERNELS, wasm].map((kernels) => {
      const table = new Uint32Array(features * 256).fill(3)
      kernels.countBytes(pixelsOf(images, features, 2), features, table)
      kernels.countBytes(pixelsOf(images, features, 3), features, table)
      return table
    })
    expect(tables[1]).toEqual(tables[0])
  })

  it.each(SHAPES)('count in place as elsewhere, of images of %i and %i', (images, features) => {
    const pixels = pixelsOf(images, features, 2)
    const table = new Uint32Array(features * 256)
    PLAIN_KERNELS.countBytes(pixels, features, table)
    const counts = wasm.counts(table.length)
    // what was read into memory of theirs, and what was not
    const room = wasm.room(pixels.length)
    room.set(pixels)
    const { sum } = wasm.sumBytes(room, features)
    wasm.countBytes(room, features, counts)
    expect(Uint32Array.from(counts)).toEqual(table)
    expect(sum).toEqual(PLAIN_KERNELS.sumBytes(pixels, features).sum)
    wasm.countBytes(pixels, features, counts)
    expect(Uint32Array.from(counts)).toEqual(table.map((count) => 2 * count))
    expect(wasm.counts(table.length).every((count) => count === 0)).toBe(true)
  })

  it.each([1, 3, 4, 6, 16, 23, 128])(
    'count the values of %i columns within a range as the plain ones do',
    (columns) => {
      const random = createRandom(columns)
      // more than one slice, with what is on the border, infinite, not a number and of either zero
      const ends = [-2.5, 2.5, Infinity, -Infinity, NaN, 0, -0, 2 ** -149]
      const values = Float32Array.from({ length: columns * Math.ceil(250_000 / columns) }, () =>
        random.uniform() < 0.3 ? ends[random.integer(ends.length)]! : 10 * random.uniform() - 5
      )
      for (const [low, high] of [
        [-2.5, 2.5],
        [2 ** -149, Infinity],
        [-Infinity, Infinity]
      ] as const) {
        const [plain, own] = [PLAIN_KERNELS, wasm].map((kernels) => {
          const counts = new Int32Array(columns).fill(7)
          kernels.countWithin(values, low, high, counts)
          return counts
        })
        expect(own).toEqual(plain)
      }
    }
  )

  it('count more images than 16 bits hold', () => {
    const table = new Uint32Array(256)
    wasm.countBytes(new Uint8Array(70_000).fill(200), 1, table)
    expect(table[200]).toBe(70_000)
    expect(table.reduce((sum, count) => sum + count, 0)).toBe(70_000)
  })

  const tallied = SHAPES.flatMap((shape) => [51, 64].map((bins) => [...shape, bins] as const))
  it.each(tallied)('tally %i images of %i bytes in %i bins', (images, features, bins) => {
    const pixels = pixelsOf(images, features, 4)
    const random = createRandom(5)
    const row = (value: () => number): Float64Array => Float64Array.from({ length: images }, value)
    const frames = [
      { centres: row(() => 255 * random.uniform()), divisors: row(() => 0.1 + random.uniform()) },
      // borders of bins lie on bytes: division decides
      { centres: row(() => 0), divisors: row(() => 1) },
      {
        centres: row(() => Math.floor(50 * random.uniform())),
        divisors: row(() => 1 + Math.floor(200 * random.uniform()))
      }
    ].map(({ centres, divisors }) => {
      const values = Array.from(
        pixels,
        (byte, at) =>
          (byte - centres[Math.floor(at / features)]!) / divisors[Math.floor(at / features)]!
      )
      const min = values.reduce((least, value) => Math.min(least, value))
      const max = values.reduce((most, value) => Math.max(most, value))
      const origins = Float64Array.from(values.slice(0, features))
      return { centres, divisors, edges: binEdges(min, max, bins), min, origins }
    })
    expect(wasm.tallyImages(pixels, features, frames)).toEqual(
      PLAIN_KERNELS.tallyImages(pixels, features, frames)
    )
  })

  it.each(SHAPES)('find the moments of %i images of %i bytes', (images, features) => {
    const pixels = pixelsOf(images, features, 6)
    const random = createRandom(7)
    const scales = Float64Array.from({ length: features }, () => random.uniform() - 0.5)
    const offsets = Float64Array.from({ length: features }, () => 10 * random.uniform())
    expect(wasm.imageMoments(pixels, features, scales, offsets)).toEqual(
      PLAIN_KERNELS.imageMoments(pixels, features, scales, offsets)
    )
  })

  const rules = (['mean', 'min', 'none'] as const).flatMap((centre) =>
    (['std', 'range', 'length'] as const).map((divisor) => ({ centre, divisor, least: 1 / 28 }))
  )
  it.each(rules)('scale images by $centre and $divisor as the plain ones do', (rule) => {
    const features = 9
    // more than are copied at once, the last one constant
    const images = 16_390
    const pixels = pixelsOf(images, features, 9).fill(7, (images - 1) * features)
    const { squares: sumOfSquares, ...sums } = PLAIN_KERNELS.sumBytes(pixels, features)
    const [plain, own] = [PLAIN_KERNELS, wasm].map((kernels) => {
      const into = scaledRoom(images)
      const range = kernels.scaleImages({ ...sums, sumOfSquares }, features, rule, into)
      return { range, into }
    })
    expect(own).toEqual(plain)
  })

  it.each([
    [1, 1],
    [67, 1],
    [48, 3],
    [390, 3]
  ])('count values of %i places in %i channels as the plain ones do', (features, channels) => {
    const images = 2000
    const random = createRandom(15)
    const shape = { height: features / channels, width: 1, channels, dtype: 'uint8' } as const
    const summary = createSummary(shape)
    addImages(summary, pixelsOf(images, features, 10), images)
    const places = placeLevels(summary)!
    const row = (value: () => number) => Float64Array.from({ length: features }, value)
    const centres = row(() => Math.floor(100 * random.uniform()))
    // a negative one turns the order of values round
    const divisors = row(() => (random.uniform() < 0.5 ? -1 : 1) * (1 + random.integer(4)))
    const [plain, own] = [PLAIN_KERNELS, wasm].map((kernels) => {
      const extent = createExtent(features, channels)
      for (let f = 0; f < features; f++) {
        const bytes = places.bytes.subarray(places.starts[f], places.starts[f + 1])
        const values = Float64Array.from(bytes, (byte) => (byte - centres[f]!) / divisors[f]!)
        const times = places.counts.subarray(places.starts[f], places.starts[f + 1])
        extendByLevels(extent, values, times, f % channels, f)
      }
      const tally = createTally(extent, 16)
      kernels.tallyPlaces(tally, places, centres, divisors)
      return tally
    })
    expect(own).toEqual(plain)
    expect(plain!.counts.reduce((sum, count) => sum + count, 0)).toBe(images * features)
  })

  it('read pixels where they were put for them', () => {
    const pixels = pixelsOf(5, 40, 8)
    const room = wasm.room(pixels.length)
    room.set(pixels)
    expect(wasm.sumBytes(room, 40)).toEqual(PLAIN_KERNELS.sumBytes(pixels, 40))
  })

  it.each([
    [0, 3, 3],
    [1, 1, 1],
    [9, 67, 1],
    [40, 48, 3]
  ])('count values of %i images of %i doubles in %i channels', (images, features, channels) => {
    const random = createRandom(14)
    const values = Float64Array.from({ length: images * features }, () => random.normal())
    const [plain, fast] = [PLAIN_KERNELS, wasm].map((kernels) => {
      const extent = createExtent(features, channels)
      const half = Math.ceil(images / 2) * features
      for (const some of [values.subarray(0, half), values.subarray(half)]) {
        kernels.extendByImages(extent, some, channels)
      }
      if (images === 0) return { extent }
      const tally = createTally(extent, 7)
      // on the edges, and on either side of them
      for (const edge of tally.edges.subarray(1, 7)) {
        const near = Float64Array.of(edge, edge * (1 + 2 ** -52), edge * (1 - 2 ** -52))
        kernels.tallyValues(tally, near.subarray(0, channels), 1)
      }
      kernels.tallyValues(tally, values, images)
      return { extent, tally }
    })
    expect(fast).toEqual(plain)
  })
})
