import type {
  ByteSumRows,
  ImageFrame,
  ImageTally,
  Kernels
} from '../../core/statistics/kernels/kernels'
import type { MomentRows } from '../../core/statistics/moments'
import { valueKernels } from './wasm-values'
import { whiteningKernels } from './wasm-whitening'
import type { WhiteningKernels } from './wasm-whitening'
import { newMemory } from '../processes/wasm-memory'

type Loop = (...addressesAndCounts: number[]) => void

/** What src/wasm/index.ts exports. */
interface Exports {
  memoryStart(): number
  readonly clear: Loop
  readonly sumBytes: Loop
  readonly countBytes: Loop
  readonly tallyImages: Loop
  readonly addShifts: Loop
  readonly imageMoments: Loop
  readonly countWithin: Loop
}

const PAGE = 65536
const F64 = 8
const F32 = 4
const U32 = 4
/** Images whose shifts are added at once: slices must not part them. */
const GROUP = 4
const SLICE_BYTES = 400_000

/** Kernels some of which threads run together. */
export type TeamKernels = Kernels & WhiteningKernels

/**
 * The kernels of a module compiled from src/wasm. The module has a memory of its own: pixels lie
 * first in it, behind them what a call needs. It grows to what the largest call took.
 */
export function wasmKernels(bytes: BufferSource): TeamKernels {
  const memory = newMemory()
  const module = new WebAssembly.Module(bytes)
  const { exports } = new WebAssembly.Instance(module, { env: { memory } })
  return new WasmKernels(
    exports as unknown as Exports,
    memory,
    whiteningKernels(module),
    valueKernels(module)
  )
}

class WasmKernels implements TeamKernels {
  readonly kind = 'wasm'
  readonly addByteProducts: Kernels['addByteProducts']
  readonly covarianceMatrix: Kernels['covarianceMatrix']
  readonly inverseRoot: Kernels['inverseRoot']
  readonly symmetricTimes: Kernels['symmetricTimes']
  readonly extendByImages: Kernels['extendByImages']
  readonly scaleImages: Kernels['scaleImages']
  readonly tallyPlaces: Kernels['tallyPlaces']
  readonly tallyValues: Kernels['tallyValues']
  readonly fittingIn: TeamKernels['fittingIn']
  readonly assistIn: TeamKernels['assistIn']
  readonly #wasm: Exports
  /** where pixels lie; before them the counts that are added to in place, if any */
  #pixels: number
  #free = 0
  #room: Uint8Array | undefined
  #counts: Uint32Array | undefined

  readonly #memory: WebAssembly.Memory

  constructor(
    wasm: Exports,
    memory: WebAssembly.Memory,
    whitening: WhiteningKernels,
    values: ReturnType<typeof valueKernels>
  ) {
    this.addByteProducts = whitening.addByteProducts
    this.covarianceMatrix = whitening.covarianceMatrix
    this.inverseRoot = whitening.inverseRoot
    this.symmetricTimes = whitening.symmetricTimes
    this.extendByImages = values.extendByImages
    this.scaleImages = values.scaleImages
    this.tallyPlaces = values.tallyPlaces
    this.tallyValues = values.tallyValues
    this.fittingIn = whitening.fittingIn
    this.assistIn = whitening.assistIn
    this.#wasm = wasm
    this.#memory = memory
    this.#pixels = aligned(wasm.memoryStart())
  }

  readonly room = (bytes: number): Uint8Array => {
    this.#grow(this.#pixels + bytes)
    this.#room = new Uint8Array(this.#memory.buffer, this.#pixels, bytes)
    return this.#room
  }

  readonly counts = (length: number): Uint32Array => {
    const start = aligned(this.#wasm.memoryStart())
    const bytes = length * U32
    this.#grow(start + bytes)
    this.#wasm.clear(start, bytes)
    this.#pixels = aligned(start + bytes)
    this.#room = undefined
    this.#counts = new Uint32Array(this.#memory.buffer, start, length)
    return this.#counts
  }

  sumBytes(pixels: Uint8Array, features: number): ByteSumRows {
    const images = pixels.length / features
    const apart = images * F64
    this.#begin(pixels, 5 * apart)
    const sums = this.#zeros(5 * apart)
    this.#bySlices(images, features, (pixelsAt, from, some) =>
      this.#wasm.sumBytes(pixelsAt, some, features, sums + from * F64, apart)
    )
    const [sum, squares, std, min, max] = this.#copies(sums, images, 5)
    return { sum: sum!, squares: squares!, std: std!, min: min!, max: max! }
  }

  countBytes(pixels: Uint8Array, features: number, table: Uint32Array): void {
    /** counters of 16 features, with a gap behind each */
    const counterBytes = 16 * 1088
    const inPlace = table === this.#counts
    this.#begin(pixels, (inPlace ? 0 : table.byteLength) + counterBytes)
    const counters = this.#zeros(counterBytes)
    const images = pixels.length / features
    if (inPlace) {
      this.#wasm.countBytes(this.#pixels, images, features, table.byteOffset, counters)
      return
    }
    const own = this.#zeros(table.byteLength)
    const counts = new Uint32Array(this.#memory.buffer, own, table.length)
    counts.set(table)
    this.#wasm.countBytes(this.#pixels, images, features, own, counters)
    table.set(counts)
  }

  tallyImages(
    pixels: Uint8Array,
    features: number,
    frames: readonly ImageFrame[]
  ): readonly ImageTally[] {
    const images = pixels.length / features
    const count = frames.length
    const bins = frames[0]!.edges.length - 1
    /** eight of 256 counts with a gap behind each, 257 sums of them, and sums of those for each bin, 4 bytes each */
    const tableBytes = (8 * 272 + 260 + count * bins) * 4
    const numbers = count * (2 * images + 2 * bins + 3 + 3 * features) + 4 * features
    this.#begin(pixels, numbers * F64 + tableBytes + 10 * 16)
    const apart = images * F64
    const centres = this.#put(frames.map((frame) => frame.centres))
    const divisors = this.#put(frames.map((frame) => frame.divisors))
    const edges = this.#put(frames.map((frame) => frame.edges))
    const minima = this.#put([Float64Array.from(frames, ({ min }) => min)])
    const below = this.#zeros(count * bins * F64)
    const atMinimum = this.#zeros(count * F64)
    const tables = this.#zeros(tableBytes)
    const origins = this.#put(frames.map((frame) => frame.origins))
    const shifts = this.#zeros(count * features * F64)
    const squares = this.#zeros(count * features * F64)
    const group = this.#zeros(4 * features * F64)
    this.#bySlices(images, features, (pixelsAt, from, some) => {
      const constants = [centres + from * F64, divisors + from * F64, apart]
      this.#wasm.tallyImages(
        ...[pixelsAt, some, features, count, ...constants, edges, bins],
        ...[minima, below, atMinimum, tables]
      )
      this.#wasm.addShifts(
        ...[pixelsAt, some, features, count, ...constants],
        ...[origins, shifts, squares, group]
      )
    })
    return frames.map((_, at) => ({
      counts: binCounts(this.#floats(below + at * bins * F64, bins), pixels.length),
      atMinimum: this.#floats(atMinimum, count)[at]!,
      shifts: this.#floats(shifts + at * features * F64, features).slice(),
      shiftSquares: this.#floats(squares + at * features * F64, features).slice()
    }))
  }

  imageMoments(
    pixels: Uint8Array,
    features: number,
    scales: Float64Array,
    offsets: Float64Array
  ): MomentRows {
    const images = pixels.length / features
    const apart = images * F64
    this.#begin(pixels, 2 * features * F64 + 4 * apart + 3 * 16)
    const scaled = this.#put([scales])
    const shifted = this.#put([offsets])
    const means = this.#zeros(4 * apart)
    this.#bySlices(images, features, (pixelsAt, from, some) =>
      this.#wasm.imageMoments(
        ...[pixelsAt, some, features, scaled, shifted],
        ...[means + from * F64, apart]
      )
    )
    const [mean, std, min, max] = this.#copies(means, images, 4)
    return { mean: mean!, std: std!, min: min!, max: max! }
  }

  countWithin(values: Float32Array, low: number, high: number, counts: Int32Array): void {
    const columns = counts.length
    const rows = Math.max(1, Math.floor(SLICE_BYTES / F32 / columns))
    for (let from = 0; from < values.length; from += rows * columns) {
      const slice = values.subarray(from, from + rows * columns)
      this.#begin(bytesOf(slice), counts.byteLength)
      const at = this.#zeros(counts.byteLength)
      const own = new Int32Array(this.#memory.buffer, at, columns)
      own.set(counts)
      this.#wasm.countWithin(this.#pixels, slice.length / columns, columns, low, high, at)
      counts.set(own)
    }
  }

  /**
   * Calls for some images after the other: what the first calls run is compiled quickly, and only a call
   * that begins later runs what is compiled well. A slice stays in the cache, too.
   */
  #bySlices(
    images: number,
    features: number,
    use: (pixelsAt: number, from: number, count: number) => void
  ): void {
    const slice = Math.max(GROUP, Math.ceil(SLICE_BYTES / features / GROUP) * GROUP)
    for (let from = 0; from < images; from += slice) {
      use(this.#pixels + from * features, from, Math.min(slice, images - from))
    }
  }

  /** The pixels are in place, and so many bytes are free behind them. */
  #begin(pixels: Uint8Array, bytes: number): void {
    this.#free = aligned(this.#pixels + pixels.length)
    this.#grow(this.#free + bytes + 16)
    if (!this.#inPlace(pixels)) new Uint8Array(this.#memory.buffer, this.#pixels).set(pixels)
  }

  #inPlace(pixels: Uint8Array): boolean {
    return pixels.buffer === this.#room?.buffer && pixels.byteOffset === this.#pixels
  }

  #grow(end: number): void {
    const missing = end - this.#memory.buffer.byteLength
    if (missing > 0) this.#memory.grow(Math.ceil(missing / PAGE))
  }

  /** Rows one behind the other; the address of the first. */
  #put(rows: readonly Float64Array[]): number {
    const address = this.#free
    let at = address
    for (const row of rows) {
      this.#floats(at, row.length).set(row)
      at += row.byteLength
    }
    this.#free = aligned(at)
    return address
  }

  #zeros(bytes: number): number {
    const address = this.#free
    this.#wasm.clear(address, bytes)
    this.#free = aligned(address + bytes)
    return address
  }

  /** A view: a copy of it outlives the call. */
  #floats(address: number, length: number): Float64Array {
    return new Float64Array(this.#memory.buffer, address, length)
  }

  /** So many rows that lie one behind the other. */
  #copies(address: number, length: number, rows: number): Float64Array[] {
    return Array.from({ length: rows }, (_, row) =>
      this.#floats(address + row * length * F64, length).slice()
    )
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

function aligned(address: number): number {
  return Math.ceil(address / 16) * 16
}

/** How many values are in each bin, from how many are below its lower edge. */
function binCounts(below: Float64Array, values: number): Float64Array {
  return below.map((count, bin) => (below[bin + 1] ?? values) - count)
}
