import type { Band } from '../../core/statistics/covariance'
import { takeReflector, tridiagonal } from '../../core/statistics/householder'
import type { Tridiagonal } from '../../core/statistics/householder'
import { inverseRows, largestOf, poles } from '../../core/statistics/inverse-root'
import type { InverseRoot } from '../../core/statistics/inverse-root'
import type { Kernels } from '../../core/statistics/kernels/kernels'
import type { Covariance } from '../../core/statistics/summary-types'
import { WasmRoom } from './wasm-room'
import type { Placed } from './wasm-room'
import { compactForm, sandwiched } from './compact-form'

type Loop = (...addressesAndCounts: number[]) => void

/** What src/wasm/whitening.ts exports. */
interface Exports {
  memoryStart(): number
  clear(address: number, bytes: number): void
  readonly addColumns: Loop
  readonly mirror: Loop
  readonly panelOf: Loop
  readonly addByteProducts: Loop
  readonly columns: Loop
  readonly multiplyPanel: Loop
  readonly scaleAndAdd: Loop
  readonly updateAndMultiply: Loop
}
type Room = WasmRoom<Exports>

const F64 = 8
/** Images whose columns stay in the processor's cache; 32-bit sums of their products are exact. */
const BLOCK = 256
/** Columns of a panel of a product. */
const PANEL = 8
/** Reflectors that are undone at once. */
const REFLECTORS = 32

/** The kernels of whitening, with a memory of their own. */
export function whiteningKernels(
  module: WebAssembly.Module
): Pick<Kernels, 'addByteProducts' | 'inverseRoot' | 'symmetricTimes'> {
  let kept: Room | undefined
  const room = (): Room => (kept ??= new WasmRoom<Exports>(module)).emptied()
  return {
    addByteProducts: (...asked) => addByteProducts(room(), ...asked),
    inverseRoot: (...asked) => inverseRoot(room(), ...asked),
    symmetricTimes: (...asked) => symmetricTimes(room(), ...asked)
  }
}

const upTo = (value: number, multiple: number): number => Math.ceil(value / multiple) * multiple

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
    if (some < BLOCK) wasm.clear(columns.byteOffset, columns.length)
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

function symmetricTimes(
  room: Room,
  rows: Float64Array,
  matrix: Float32Array,
  n: number
): Float64Array {
  const count = rows.length / n
  const even = upTo(count, 2)
  const stride = upTo(n, PANEL)
  const given = room.doubles(even * n)
  given.values.set(rows)
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

/** A square matrix, its rows and columns filled up with zeros to a multiple of a panel. */
interface Square extends Placed {
  readonly n: number
  readonly stride: number
}

/** Shares of the time: the form, the inverses, and undoing the form. */
const [OF_FORM, OF_INVERSES] = [0.4, 0.1]

function inverseRoot(
  room: Room,
  matrix: Float64Array,
  n: number,
  epsilon: number,
  onStep: (share: number) => void = () => undefined
): InverseRoot {
  const stride = upTo(n, PANEL)
  const square = (): Square => ({ ...room.doubles(stride * stride), n, stride })
  const a = square()
  for (let i = 0; i < n; i++) {
    a.values.set(matrix.subarray(i * n, (i + 1) * n), i * stride)
  }
  const form = reduced(room, a, (share) => onStep(OF_FORM * share))
  const largest = largestOf(form, n)
  const root = square()
  addInverses(room, root, form, epsilon, Math.max(epsilon, largest))
  room.wasm.mirror(root.at, stride, n, 0)
  undo(room, root, a, form.scales, (share) =>
    onStep(OF_FORM + OF_INVERSES + (1 - OF_FORM - OF_INVERSES) * share)
  )
  const whole = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    whole.set(root.values.subarray(i * stride, i * stride + n), i * n)
  }
  return { largest, root: whole }
}

/**
 * As `tridiagonalise`; a step's update of the matrix waits for the next reflector, so that it and the
 * product with that reflector read the matrix once.
 */
function reduced(room: Room, a: Square, onStep: (share: number) => void): Tridiagonal {
  const { n, stride, values } = a
  const form = tridiagonal(n)
  const { diagonal: d, offDiagonal: e, scales } = form
  let [v, w, u, p] = [0, 1, 2, 3].map(() => room.doubles(stride)) as [
    Placed,
    Placed,
    Placed,
    Placed
  ]
  const updateRow = (i: number): void => {
    const [vi, wi] = [v.values[i]!, w.values[i]!]
    for (let j = i; j < n; j++) {
      const at = i * stride + j
      values[at] = values[at]! - vi * w.values[j]! - wi * v.values[j]!
    }
  }
  for (let k = 0; k < n - 2; k++) {
    updateRow(k)
    const row = k * stride
    d[k] = values[row + k]!
    u.values.fill(0)
    const { beside, scale } = takeReflector(values, row, k, n, u.values)
    e[k + 1] = beside
    scales[k] = scale
    room.wasm.updateAndMultiply(a.at, stride, n, k + 1, v.at, w.at, u.at, p.at)
    let dot = 0
    for (let j = k + 1; j < n; j++) {
      p.values[j] = p.values[j]! * scale
      dot += p.values[j]! * u.values[j]!
    }
    const half = (scale * dot) / 2
    for (let j = k + 1; j < n; j++) p.values[j] = p.values[j]! - half * u.values[j]!
    if (k % REFLECTORS === 0) onStep(1 - ((n - k) / n) ** 3)
    // of the next step, these are the update; where there was no reflector both are 0
    ;[v, w, u, p] = [u, p, v, w]
  }
  for (let i = Math.max(0, n - 2); i < n; i++) {
    updateRow(i)
    d[i] = values[i * stride + i]!
    if (i + 1 < n) e[i + 1] = values[i * stride + i + 1]!
  }
  return form
}

/** Adds up the inverses whose sum is (T + epsilon)^-1/2: the upper triangle. */
function addInverses(
  room: Room,
  { values, at, n, stride }: Square,
  form: Tridiagonal,
  epsilon: number,
  largest: number
): void {
  const inverses = poles(epsilon, largest + epsilon).map(({ weight, shift }) => ({
    ...inverseRows(form, n, epsilon + shift, weight),
    row: room.doubles(n)
  }))
  for (let i = n - 1; i >= 0; i--) {
    const start = i * stride + i
    for (const { diagonal, factors, row } of inverses) {
      row.values[i] = diagonal[i]!
      values[start] = values[start]! + diagonal[i]!
      const right = (i + 1) * F64
      const sums = at + (start + 1) * F64
      room.wasm.scaleAndAdd(row.at + right, factors[i]!, sums, n - i - 1)
    }
  }
}

/**
 * F becomes Q F Q^T, as `transformBack` has it, some reflectors at once: with Q = I - V T V^T
 * (Schreiber & Van Loan 1989), Y = F V and S = V^T Y it is F - W V^T - V W^T, W = Y T^T - V T S T^T / 2.
 */
function undo(
  room: Room,
  f: Square,
  reflectors: Square,
  scales: Float64Array,
  onStep: (share: number) => void
): void {
  const { n, stride } = f
  const b = REFLECTORS
  const many = 2 * b
  const panels = b / PANEL
  const tall = room.doubles(b * stride)
  const flat = room.doubles(b * stride)
  const product = room.doubles(b * stride)
  const small = room.doubles(b * b)
  const both = room.doubles(stride * many)
  const factor = room.doubles(many * b)
  const w = room.doubles(stride * b)
  const across = room.doubles(many * PANEL)
  const { multiplyPanel } = room.wasm
  for (let first = Math.floor(Math.max(0, n - 3) / b) * b; first >= 0; first -= b) {
    const count = Math.min(b, n - 2 - first)
    // rows that the reflectors leave as they are
    const from = first - (first % PANEL)
    const inner = stride - from
    flat.values.fill(0)
    tall.values.fill(0)
    for (let c = 0; c < count; c++) {
      const k = first + c
      for (let j = k + 1; j < n; j++) {
        const value = reflectors.values[k * stride + j]!
        if (scales[k] === 0) break
        flat.values[c * stride + j] = value
        tall.values[(c >> 3) * stride * PANEL + j * PANEL + (c & 7)] = value
      }
    }
    const panelAt = (placed: Placed, panel: number, row: number): number =>
      placed.at + (panel * stride + row) * PANEL * F64
    /** b x b: V^T times what lies in panels */
    const inward = (right: Placed): Float64Array => {
      small.values.fill(0)
      for (let p = 0; p < panels; p++) {
        const into = small.at + p * PANEL * F64
        multiplyPanel(
          ...[flat.at + from * F64, stride, b],
          ...[panelAt(right, p, from), inner, into, b]
        )
      }
      return small.values.slice()
    }
    const t = compactForm(inward(tall), scales.subarray(first, first + count), b)
    product.values.fill(0)
    for (let p = 0; p < panels; p++) {
      multiplyPanel(
        ...[f.at + from * F64, stride, stride],
        ...[panelAt(tall, p, from), inner, panelAt(product, p, 0), PANEL]
      )
    }
    const middle = sandwiched(t, inward(product), b)
    // [Y V] and, in panels, what makes W of it
    for (let i = 0; i < stride; i++) {
      for (let c = 0; c < b; c++) {
        const there = (c >> 3) * stride * PANEL + i * PANEL + (c & 7)
        both.values[i * many + c] = product.values[there]!
        both.values[i * many + b + c] = tall.values[there]!
      }
    }
    for (let c = 0; c < b; c++) {
      for (let r = 0; r < b; r++) {
        const there = (c >> 3) * many * PANEL + r * PANEL + (c & 7)
        factor.values[there] = t[c * b + r]!
        factor.values[there + b * PANEL] = -middle[r * b + c]! / 2
      }
    }
    w.values.fill(0)
    for (let p = 0; p < panels; p++) {
      const right = factor.at + p * many * PANEL * F64
      multiplyPanel(both.at, many, stride, right, many, w.at + p * PANEL * F64, b)
    }
    // [-W -V], times V^T over W^T
    for (let i = 0; i < stride; i++) {
      for (let c = 0; c < b; c++) {
        both.values[i * many + b + c] = -both.values[i * many + b + c]!
        both.values[i * many + c] = -w.values[i * b + c]!
      }
    }
    for (let column = from; column < stride; column += PANEL) {
      for (let c = 0; c < b; c++) {
        for (let j = 0; j < PANEL; j++) {
          across.values[c * PANEL + j] = -both.values[(column + j) * many + b + c]!
          across.values[(b + c) * PANEL + j] = w.values[(column + j) * b + c]!
        }
      }
      const into = f.at + column * F64
      // rows below the diagonal's panel follow by symmetry
      multiplyPanel(both.at, many, column + PANEL, across.at, many, into, stride)
    }
    room.wasm.mirror(f.at, stride, stride, from)
    onStep(1 - first / n)
  }
}
