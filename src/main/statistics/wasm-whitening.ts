import type { Band } from '../../core/statistics/covariance'
import type { PixelArray } from '../../core/dataset/dataset'
import type { Kernels } from '../../core/statistics/kernels/kernels'
import type { Covariance } from '../../core/statistics/summary-types'
import { inverseRoot } from './wasm-inverse-root'
import type { RootExports } from './wasm-inverse-root'
import { TEAM } from './wasm-memory'
import { PANEL, upTo, WasmRoom } from './wasm-room'

type Loop = (...addressesAndCounts: number[]) => void

/** What src/wasm exports for whitening. */
interface Exports extends RootExports {
  readonly addColumns: Loop
  readonly panelOf: Loop
  readonly addByteProducts: Loop
  readonly columns: Loop
  readonly covarianceMatrix: Loop
  readonly centre: Loop
  readonly multiplyPanel: Loop
  assist(team: number, most: number): void
}
type Room = WasmRoom<Exports>

const F64 = 8
/** Images whose columns stay in the processor's cache; 32-bit sums of their products are exact. */
const BLOCK = 256

export interface WhiteningKernels extends Pick<
  Kernels,
  'addByteProducts' | 'covarianceMatrix' | 'inverseRoot' | 'symmetricTimes'
> {
  /** In a memory where others may assist. */
  readonly inverseRootIn: (memory: WebAssembly.Memory) => Kernels['inverseRoot']
  /** Does parts of the work that is done in a memory, so many at most, until it is over. */
  readonly assistIn: (memory: WebAssembly.Memory, most?: number) => void
}

/** The kernels of whitening, with a memory of their own. */
export function whiteningKernels(module: WebAssembly.Module): WhiteningKernels {
  let kept: Room | undefined
  const room = (): Room => (kept ??= new WasmRoom<Exports>(module)).emptied()
  return {
    addByteProducts: (...asked) => addByteProducts(room(), ...asked),
    covarianceMatrix: (...asked) => covarianceMatrix(room(), ...asked),
    inverseRoot: (...asked) => inverseRoot(room(), ...asked),
    inverseRootIn:
      (memory) =>
      (...asked) =>
        inverseRoot(new WasmRoom<Exports>(module, memory), ...asked),
    assistIn: (memory, most = 2 ** 31 - 1) =>
      new WasmRoom<Exports>(module, memory).wasm.assist(TEAM, most),
    symmetricTimes: (...asked) => symmetricTimes(room(), ...asked)
  }
}

function addByteProducts(
  room: Room,
  covariance: Covariance,
  pixels: Uint8Array,
  count: number,
  { from, to }: Band
): void {
  const { sum, products } = covariance
  const { wasm } = room
  covariance.offered += count
  covariance.count += count
  const features = sum.length
  const padded = upTo(features - from, 4)
  const rows = upTo(to - from, 4)
  const sums = room.doubles(rows * padded)
  const images = room.bytes(BLOCK * features)
  const columns = room.bytes(padded * BLOCK * 2)
  const totals = room.bytes(features * 4)
  for (let at = 0; at < count; at += BLOCK) {
    const some = Math.min(BLOCK, count - at)
    const part = pixels.subarray(at * features, (at + some) * features)
    images.set(part)
    if (some < BLOCK) {
      wasm.clear(columns.byteOffset, columns.length)
      // images are turned eight at a time
      wasm.clear(images.byteOffset + part.length, images.length - part.length)
    }
    wasm.clear(totals.byteOffset, totals.length)
    wasm.addColumns(images.byteOffset, features, some, totals.byteOffset)
    const found = new Uint32Array(totals.buffer, totals.byteOffset, features)
    for (let f = 0; f < features; f++) sum[f] = sum[f]! + found[f]!
    wasm.columns(images.byteOffset, features, some, from, columns.byteOffset, BLOCK)
    wasm.addByteProducts(columns.byteOffset, BLOCK, padded, rows, sums.at, padded)
  }
  for (let i = 0; i < to - from; i++) {
    const own = i * features + from
    const tile = i - (i % 4)
    for (let j = tile; j < features - from; j++) {
      products[own + j] = products[own + j]! + sums.values[i * padded + j]!
    }
  }
}

function covarianceMatrix(room: Room, { count, sum, products }: Covariance): Float64Array {
  const n = sum.length
  const [given, sums, found] = [room.doubles(n * n), room.doubles(n), room.doubles(n * n)]
  given.values.set(products)
  sums.values.set(sum)
  room.wasm.covarianceMatrix(given.at, sums.at, count, n, found.at)
  return found.values.slice()
}

function symmetricTimes(
  room: Room,
  rows: PixelArray | Float64Array,
  means: Float64Array,
  matrix: Float32Array
): Float64Array {
  const n = means.length
  const count = rows.length / n
  const even = upTo(count, 2)
  const stride = upTo(n, PANEL)
  const given = room.doubles(even * n)
  if (rows instanceof Uint8Array) {
    const bytes = room.bytes(rows.length)
    bytes.set(rows)
    room.wasm.centre(bytes.byteOffset, count, n, room.put(means), given.at)
  } else {
    for (let at = 0; at < rows.length; at++) given.values[at] = rows[at]! - means[at % n]!
  }
  const symmetric = room.floats(n * n)
  symmetric.set(matrix)
  const panel = room.doubles(n * PANEL)
  const found = room.doubles(even * stride)
  for (let column = 0; column < n; column += PANEL) {
    room.wasm.panelOf(symmetric.byteOffset, n, column, panel.at)
    const into = found.at + column * F64
    room.wasm.multiplyPanel(given.at, n, even, panel.at, n, into, stride)
  }
  if (stride === n) return found.values.slice(0, rows.length)
  const out = new Float64Array(rows.length)
  for (let image = 0; image < count; image++) {
    out.set(found.values.subarray(image * stride, image * stride + n), image * n)
  }
  return out
}
