import type { PlaceLevels } from '../../core/statistics/counting/levels'
import type { Extent, Tally } from '../../core/statistics/counting/tally'
import type { ImageSums } from '../../core/statistics/image-sums'
import type { ImageRule, Kernels, ScaledImages } from '../../core/statistics/kernels/kernels'
import type { Moments } from '../../core/statistics/moments'
import { WasmRoom } from '../processes/wasm-room'
import type { Clearing } from '../processes/wasm-room'

/** What src/wasm/values.ts exports. */
interface Exports extends Clearing {
  extendByImages(...addressesAndCounts: number[]): void
  tallyValues(...addressesAndCounts: number[]): number
  tallyPlaces(...addressesAndCounts: number[]): number
  scaleImages(...addressesAndCounts: number[]): void
}
type Room = WasmRoom<Exports>

/** What is counted of doubles, with a memory of its own. */
export function valueKernels(
  module: WebAssembly.Module
): Pick<Kernels, 'extendByImages' | 'scaleImages' | 'tallyPlaces' | 'tallyValues'> {
  let kept: Room | undefined
  const room = (): Room => (kept ??= new WasmRoom<Exports>(module)).emptied()
  return {
    extendByImages: (...asked) => extendByImages(room(), ...asked),
    scaleImages: (...asked) => scaleImages(room(), ...asked),
    tallyPlaces: (...asked) => tallyPlaces(room(), ...asked),
    tallyValues: (...asked) => tallyValues(room(), ...asked)
  }
}

function extendByImages(room: Room, extent: Extent, values: Float64Array, channels: number): void {
  const { sums, sumErrors, squares, origins, shifts, shiftSquares } = extent
  const features = squares.length
  const images = values.length / features
  if (images === 0) return
  if (extent.counts[0] === 0) origins.set(values.subarray(0, features))
  const given = room.put(values)
  const range = room.put([extent.min, extent.max])
  const rows = [sums, sumErrors, squares, origins, shifts, shiftSquares]
  const placed = rows.map((row) => room.put(row))
  room.wasm.extendByImages(given, images, features, channels, range, ...placed)
  rows.forEach((row, at) => row.set(room.doublesAt(placed[at]!, row.length)))
  const [min, max] = room.doublesAt(range, 2)
  Object.assign(extent, { min, max })
  for (let channel = 0; channel < channels; channel++) {
    extent.counts[channel] = extent.counts[channel]! + values.length / channels
  }
}

/** Images whose numbers are copied there and back at once. */
const SCALED_AT_ONCE = 16_384
/** Pixels whose values are counted at once. */
const PLACES_AT_ONCE = 64
/** As in src/wasm/images.ts. */
const CENTRES = { none: 0, mean: 1, min: 2 }
const DIVISORS = { length: 0, std: 1, range: 2 }

function scaleImages(
  room: Room,
  { sum, sumOfSquares, std, min, max }: ImageSums,
  features: number,
  { centre, divisor, least }: ImageRule,
  { centres, divisors, moments }: ScaledImages
): Pick<Moments, 'min' | 'max'> {
  const size = Math.min(SCALED_AT_ONCE, sum.length)
  const given = room.doubles(5 * size)
  const made = room.doubles(6 * size)
  const range = room.put([Infinity, -Infinity])
  const rows = [centres, divisors, moments.mean, moments.std, moments.min, moments.max]
  for (let from = 0; from < sum.length; from += size) {
    const count = Math.min(size, sum.length - from)
    for (const [row, values] of [sum, sumOfSquares, std, min, max].entries()) {
      given.values.set(values.subarray(from, from + count), row * size)
    }
    room.wasm.scaleImages(
      ...[count, features, given.at, 8 * size],
      ...[CENTRES[centre], DIVISORS[divisor], least, made.at, range]
    )
    for (const [row, values] of rows.entries()) {
      values.set(made.values.subarray(row * size, row * size + count), from)
    }
  }
  const [lowest, highest] = room.doublesAt(range, 2)
  return { min: lowest!, max: highest! }
}

function tallyPlaces(
  room: Room,
  tally: Tally,
  { starts, bytes, counts: times }: PlaceLevels,
  centres: Float64Array,
  divisors: Float64Array
): void {
  const { edges, mean, min, counts, deviations } = tally
  const channels = mean.length
  // whole pixels at a time: a later call runs what is compiled well by then, in memory that is there
  const size = PLACES_AT_ONCE * channels
  const from = room.indices(size + 1)
  const levels = room.bytes(256 * size)
  const often = room.doubles(256 * size)
  const placed = [counts, deviations].map((row) => room.put(row)) as [number, number]
  const [centresAt, divisorsAt] = [room.put(centres), room.put(divisors)]
  const bins = [room.put(edges), counts.length, room.put(mean), min, ...placed]
  for (let f = 0; f < centres.length; f += size) {
    const places = Math.min(size, centres.length - f)
    const first = starts[f]!
    for (let place = 0; place <= places; place++) from[place] = starts[f + place]! - first
    const end = starts[f + places]!
    levels.set(bytes.subarray(first, end))
    often.values.set(times.subarray(first, end))
    tally.atMinimum += room.wasm.tallyPlaces(
      ...[from.byteOffset, levels.byteOffset, often.at, places, channels],
      ...[centresAt + 8 * f, divisorsAt + 8 * f, ...bins]
    )
  }
  counts.set(room.doublesAt(placed[0], counts.length))
  deviations.set(room.doublesAt(placed[1], deviations.length))
}

function tallyValues(room: Room, tally: Tally, values: Float64Array, images: number): void {
  const { edges, mean, min, counts, deviations } = tally
  if (images === 0) return
  const placed = [counts, deviations].map((row) => room.put(row)) as [number, number]
  tally.atMinimum += room.wasm.tallyValues(
    ...[room.put(values), images, values.length / images, mean.length],
    ...[room.put(edges), counts.length, room.put(mean), min, ...placed]
  )
  counts.set(room.doublesAt(placed[0], counts.length))
  deviations.set(room.doublesAt(placed[1], deviations.length))
}
