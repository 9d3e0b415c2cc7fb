import { poles } from '../../core/statistics/inverse-root'
import type { InverseRoot } from '../../core/statistics/inverse-root'
import { TEAM } from '../processes/wasm-memory'
import { PANEL, upTo } from '../processes/wasm-room'
import type { Clearing, Placed, WasmRoom } from '../processes/wasm-room'

type Loop = (...addressesAndCounts: number[]) => void

/** What src/wasm exports for an inverse root. */
export interface RootExports extends Clearing {
  readonly inverseRows: Loop
  largestOf(diagonal: number, beside: number, n: number): number
  readonly reduce: Loop
  readonly reduceEnd: Loop
  readonly together: Loop
  readonly turn: Loop
  turnRoom(stride: number): number
}
type Room = WasmRoom<RootExports>

/** Where the works of src/wasm/team.ts are told what they are of. */
const ASKED = TEAM + 264
/** Parts of a work. */
const PARTS = 16
/** As in src/wasm/works.ts. */
const [MIRROR, INVERSES] = [1, 5]

/** Reflectors that are undone at once, as in src/wasm/undo.ts. */
const REFLECTORS = 32

/** Shares of the time: the form, and undoing it. */
const OF_FORM = 0.5

/** A square matrix, its rows and columns filled up with zeros to a multiple of a panel. */
interface Square extends Placed {
  readonly n: number
  readonly stride: number
}

/** Addresses of a tridiagonal matrix and of the scales of its reflectors. */
interface Form {
  readonly diagonal: number
  readonly beside: number
  readonly scales: number
}

/** As `inverseRootInSteps`, together with whoever assists in the room's memory; it may lie in the room. */
export function inverseRoot(
  room: Room,
  matrix: Float64Array,
  n: number,
  epsilon: number,
  onStep: (share: number) => void = () => undefined
): InverseRoot {
  const stride = upTo(n, PANEL)
  const square = (): Square => ({ ...room.doubles(stride * stride), n, stride })
  const a = square()
  if (stride === n) a.values.set(matrix)
  else {
    for (let i = 0; i < n; i++) {
      a.values.set(matrix.subarray(i * n, (i + 1) * n), i * stride)
    }
  }
  const form = reduced(room, a, (share) => onStep(OF_FORM * share))
  const largest = room.wasm.largestOf(form.diagonal, form.beside, n)
  const root = square()
  addInverses(room, root, form, epsilon, Math.max(epsilon, largest))
  undo(room, root, a, form, (share) => onStep(OF_FORM + (1 - OF_FORM) * share))
  if (stride === n) return { largest, root: root.values }
  const whole = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    whole.set(root.values.subarray(i * stride, i * stride + n), i * n)
  }
  return { largest, root: whole }
}

function reduced(room: Room, a: Square, onStep: (share: number) => void): Form {
  const { n, stride } = a
  const row = (): number => room.doubles(stride).at
  const form = { diagonal: row(), beside: row(), scales: row() }
  const vectors = room.doubles(8 * stride).at
  for (let k = 0; k < n - 2; k += REFLECTORS) {
    const end = Math.min(n - 2, k + REFLECTORS)
    room.wasm.reduce(
      ...[TEAM, a.at, stride, n, k, end],
      ...[form.diagonal, form.beside, form.scales, vectors]
    )
    onStep(1 - ((n - end) / n) ** 3)
  }
  room.wasm.reduceEnd(a.at, stride, n, form.diagonal, form.beside, vectors)
  return form
}

/** Adds up the inverses whose sum is (T + epsilon)^-1/2. */
function addInverses(
  room: Room,
  { at, n, stride }: Square,
  form: Form,
  epsilon: number,
  largest: number
): void {
  const found = poles(epsilon, largest + epsilon)
  const count = found.length
  const shifts = room.put(found.map(({ shift }) => epsilon + shift))
  const weights = room.put(found.map(({ weight }) => weight))
  const [above, below, diagonals, factors] = [0, 1, 2, 3].map(() => room.doubles(n * count).at) as [
    number,
    number,
    number,
    number
  ]
  room.wasm.inverseRows(
    ...[form.diagonal, form.beside, n, shifts, weights, count],
    ...[above, below, diagonals, factors]
  )
  const rows = room.doubles(PARTS * count * PANEL)
  room.integers(ASKED, 7).set([at, stride, n, diagonals, factors, count, rows.at])
  room.wasm.together(TEAM, INVERSES, PARTS)
  room.integers(ASKED, 3).set([at, stride, 0])
  room.wasm.together(TEAM, MIRROR, PARTS)
}

/** F becomes Q F Q^T, as `transformBack` has it, some reflectors at once; see src/wasm/turn.ts. */
function undo(
  room: Room,
  { at, n, stride }: Square,
  reflectors: Square,
  { scales }: Form,
  onStep: (share: number) => void
): void {
  const b = REFLECTORS
  const own = room.bytes(room.wasm.turnRoom(stride)).byteOffset
  for (let first = Math.floor(Math.max(0, n - 3) / b) * b; first >= 0; first -= b) {
    const count = Math.min(b, n - 2 - first)
    room.wasm.turn(TEAM, at, stride, reflectors.at, first, count, scales, own)
    onStep(1 - first / n)
  }
}
