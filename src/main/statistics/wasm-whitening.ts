import type { Band } from '../../core/statistics/covariance'
import type { PixelArray } from '../../core/dataset/dataset'
import type { Kernels } from '../../core/statistics/kernels/kernels'
import type { Covariance } from '../../core/statistics/summary-types'
import { inverseRoot } from './wasm-inverse-root'
import type { RootExports } from './wasm-inverse-root'
import { TEAM } from '../processes/wasm-memory'
import { PANEL, upTo, WasmRoom } from '../processes/wasm-room'

type Loop = (...addressesAndCounts: number[]) => void

/** What src/wasm exports for whitening. */
interface Exports extends RootExports {
  readonly addColumns: Loop
  readonly panelOf: Loop
  readonly addByteProducts: Loop
  readonly columns: Loop
  readonly columnMasks: Loop
  readonly covarianceMatrix: Loop
  readonly alike: Loop
  commonByte(bytes: number, count: number, counts: number): number
  readonly less: Loop
  readonly listPairs: Loop
  readonly multiplyPairs: Loop
  orderRoom(images: number, n: number): number
  readonly multiplyPanel: Loop
  assist(team: number, most: number): void
}
type Room = WasmRoom<Exports>

const F64 = 8
/** Images whose columns are multiplied at once; 32-bit sums of their products are exact. */
const BLOCK = 512
/** Images that are brought in an order in which those alike are in one block. */
const ORDERED = 2048

export interface WhiteningKernels extends Pick<
  Kernels,
  'addByteProducts' | 'covarianceMatrix' | 'inverseRoot' | 'symmetricTimes'
> {
  /** For one fit, in a memory where others may assist: what comes of it lies in the memory of the kernels. */
  readonly fittingIn: (
    memory: WebAssembly.Memory
  ) => Pick<Kernels, 'covarianceMatrix' | 'inverseRoot'>
  /** Does parts of the work that is done in a memory, so many at most, until it is over. */
  readonly assistIn: (memory: WebAssembly.Memory, most?: number) => void
}

/** The kernels of whitening, with a memory of their own. */
export function whiteningKernels(module: WebAssembly.Module): WhiteningKernels {
  let kept: Room | undefined
  const room = (): Room => (kept ??= new WasmRoom<Exports>(module)).emptied()
  return {
    addByteProducts: (...asked) => addByteProducts(room(), ...asked),
    covarianceMatrix: (...asked) => covarianceMatrix(room(), ...asked).slice(),
    inverseRoot: (...asked) => {
      const { largest, root } = inverseRoot(room(), ...asked)
      return { largest, root: root.slice() }
    },
    fittingIn: (memory) => ({
      covarianceMatrix: (...asked) => covarianceMatrix(room(), ...asked),
      inverseRoot: (...asked) => inverseRoot(new WasmRoom<Exports>(module, memory), ...asked)
    }),
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
  { from, to }: Band,
  onStep: (share: number) => void = () => undefined
): void {
  const { sum, products } = covariance
  const { wasm } = room
  const first = covariance.offered === 0
  covariance.offered += count
  covariance.count += count
  const features = sum.length
  const padded = upTo(features - from, 4)
  const rows = upTo(to - from, 4)
  const sums = room.doubles(rows * padded)
  // behind them an image of zeros
  const images = room.bytes((ORDERED + 1) * features)
  const order = room.indices(ORDERED)
  const sorting = room.bytes(wasm.orderRoom(ORDERED, features)).byteOffset
  const columns = room.bytes(padded * BLOCK * 2).byteOffset
  const masks = room.doubles(padded / 2).at
  const totals = room.indices(features)
  for (let at = 0; at < count; at += ORDERED) {
    const some = Math.min(ORDERED, count - at)
    images.set(pixels.subarray(at * features, (at + some) * features))
    if (some < ORDERED) wasm.clear(images.byteOffset + some * features, features)
    wasm.clear(totals.byteOffset, totals.byteLength)
    wasm.addColumns(images.byteOffset, features, some, totals.byteOffset)
    for (let f = 0; f < features; f++) sum[f] = sum[f]! + totals[f]!
    wasm.alike(images.byteOffset, some, features, 0, order.byteOffset, sorting)
    order.fill(some, some)
    for (let start = 0; start < some; start += BLOCK) {
      const few = upTo(Math.min(BLOCK, some - start), 8)
      const own = order.byteOffset + start * 4
      // columns that no feature has stay zeros
      wasm.clear(columns + (padded - 4) * few * 2, few * 8)
      wasm.columns(images.byteOffset, features, own, few, from, columns)
      wasm.columnMasks(columns, few, padded, masks)
      wasm.addByteProducts(columns, few, masks, padded, rows, sums.at, padded)
    }
    onStep((at + some) / count)
  }
  for (let i = 0; i < to - from; i++) {
    const own = i * features + from
    const tile = i - (i % 4)
    const row = sums.values.subarray(i * padded + tile, i * padded + features - from)
    // nothing is there yet: a copy is many times as fast as a plain loop that runs once
    if (first) products.set(row, own + tile)
    else for (const [j, sum] of row.entries()) products[own + tile + j]! += sum
  }
}

/** In the room. */
function covarianceMatrix(room: Room, { count, sum, products }: Covariance): Float64Array {
  const n = sum.length
  const matrix = room.doubles(n * n)
  matrix.values.set(products)
  room.wasm.covarianceMatrix(matrix.at, room.put(sum), count, n)
  return matrix.values
}

function symmetricTimes(
  room: Room,
  rows: PixelArray | Float64Array,
  means: Float64Array,
  matrix: Float32Array,
  products: Float64Array = new Float64Array(rows.length)
): Float64Array {
  const n = means.length
  const count = rows.length / n
  const even = upTo(count, 2)
  const stride = upTo(n, PANEL)
  const { wasm } = room
  const given = room.doubles(even * n)
  const order = room.indices(even)
  // what is taken from each product
  const base = room.doubles(2 * n)
  if (rows instanceof Uint8Array) {
    const bytes = room.bytes(rows.length)
    bytes.set(rows)
    const at = bytes.byteOffset
    const background = wasm.commonByte(at, rows.length, room.indices(256).byteOffset)
    wasm.less(at, rows.length, background, given.at)
    const own = room.bytes(wasm.orderRoom(even, n)).byteOffset
    wasm.alike(at, count, n, background, order.byteOffset, own)
    for (let f = 0; f < n; f++) base.values[f] = means[f]! - background
  } else {
    for (let at = 0; at < rows.length; at++) given.values[at] = rows[at]! - means[at % n]!
    for (let row = 0; row < count; row++) order[row] = row
  }
  // a row of zeros
  if (even > count) order[count] = count
  const lengths = room.indices(even / 2).byteOffset
  const places = room.indices((even / 2) * n).byteOffset
  const values = room.doubles(even * n).at
  wasm.listPairs(given.at, even, n, order.byteOffset, lengths, places, values)
  const symmetric = room.floats(n * n)
  symmetric.set(matrix)
  const panel = room.doubles(n * PANEL)
  const less = room.doubles(2 * PANEL).at
  const found = room.doubles(even * stride)
  for (let column = 0; column < n; column += PANEL) {
    wasm.panelOf(symmetric.byteOffset, n, column, panel.at)
    wasm.clear(less, 2 * PANEL * F64)
    wasm.multiplyPanel(base.at, n, 2, panel.at, n, less, PANEL)
    wasm.multiplyPairs(
      ...[panel.at, less, even, n, order.byteOffset, lengths, places, values],
      ...[found.at + column * F64, stride]
    )
  }
  if (stride === n) products.set(found.values.subarray(0, rows.length))
  else {
    for (let image = 0; image < count; image++) {
      products.set(found.values.subarray(image * stride, image * stride + n), image * n)
    }
  }
  return products
}
