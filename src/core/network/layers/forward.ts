import { activationOf } from '../activations'
import type { ActivationValues } from '../activations'
import type { OperationId, PlanNode } from './builder'
import type { NetworkPlan } from './plan'
import { channelsOf, positionsOf, sizeOfShape } from './shape'
import type { Shape } from './shape'
import { spansOf } from './windows'
import type { Span, Windowed } from './windows'

/** Multiply-adds between two pauses of a forward pass, about: some milliseconds. */
const WORK_BETWEEN_PAUSES = 1_000_000

/** What one image is at a node, channel quickest. */
type Values = Float32Array

/** A node with what it reads. */
interface Place<Op extends OperationId> {
  readonly node: Extract<PlanNode, { op: Op }>
  readonly from: readonly Values[]
  /** shape of its first input */
  readonly shape: Shape
  readonly weights: readonly Float32Array[]
  readonly values: Partial<ActivationValues>
  readonly out: Values
}

/** Pauses where a piece of the work is done; what is quick is done at once. */
type Work = Generator<void, void>

type Forms = { readonly [Op in OperationId]: (place: Place<Op>) => Work | void }

/** Each operation at rest: moving moments, no dropout. */
const FORMS: Forms = {
  input() {},
  *dense({ node, from: [x], weights, out }) {
    const kernel = weights[node.kernel]!
    const sums = startOf(node, weights, out.length)
    let work = 0
    for (let i = 0; i < x!.length; i++) {
      accumulate(sums, x![i]!, kernel, i * out.length)
      work += out.length
      if (work < WORK_BETWEEN_PAUSES) continue
      work = 0
      yield
    }
    out.set(sums)
  },
  *conv({ node, from: [x], shape, weights, out }) {
    const kernel = weights[node.kernel]!
    const { size } = node
    const inputs = channelsOf(shape)
    const filters = channelsOf(node.shape)
    const start = startOf(node, weights, filters)
    const sums = new Float64Array(filters)
    let work = 0
    let at = 0
    for (const { rows, columns, end } of windows(node, shape)) {
      sums.set(start)
      for (let row = rows.from; row < rows.to; row++) {
        for (let column = columns.from; column < columns.to; column++) {
          const pixel = (row * shape[1]! + column) * inputs
          const cell = ((row - rows.start) * size + column - columns.start) * inputs
          for (let c = 0; c < inputs; c++) {
            accumulate(sums, x![pixel + c]!, kernel, (cell + c) * filters)
          }
        }
      }
      out.set(sums, at)
      at += filters
      work += size * size * inputs * filters
      if (!end || work < WORK_BETWEEN_PAUSES) continue
      work = 0
      yield
    }
  },
  'max-pool'({ node, from: [x], shape, out }) {
    return pooled(node, x!, shape, out, (values) => Math.max(...values))
  },
  'average-pool'({ node, from: [x], shape, out }) {
    return pooled(node, x!, shape, out, average)
  },
  'global-average'({ from: [x], shape, out }) {
    const sums = new Float64Array(out.length)
    x!.forEach((value, i) => (sums[i % out.length]! += value))
    out.set(sums.map((sum) => sum / positionsOf(shape)))
  },
  flatten({ from: [x], out }) {
    out.set(x!)
  },
  'batch-norm'({ node, from: [x], weights, out }) {
    const [scale, shift, mean, variance] = [node.scale, node.shift, node.mean, node.variance].map(
      (parameter) => weights[parameter]!
    ) as [Values, Values, Values, Values]
    const channels = scale.length
    for (let i = 0; i < out.length; i++) {
      const c = i % channels
      const spread = Math.sqrt(variance[c]! + node.epsilon)
      out[i] = ((x![i]! - mean[c]!) / spread) * scale[c]! + shift[c]!
    }
  },
  'layer-norm'({ node, from: [x], weights, out }) {
    const [scale, shift] = [weights[node.scale]!, weights[node.shift]!]
    const channels = scale.length
    for (let i = 0; i < out.length; i += channels) {
      const own = x!.subarray(i, i + channels)
      const mean = average(own)
      const spread = Math.sqrt(average(own.map((value) => (value - mean) ** 2)) + node.epsilon)
      for (let c = 0; c < channels; c++) {
        out[i + c] = ((own[c]! - mean) / spread) * scale[c]! + shift[c]!
      }
    }
  },
  dropout({ from: [x], out }) {
    out.set(x!)
  },
  activation({ node, from: [x], values, out }) {
    const { value } = activationOf(node.activation, values)
    for (let i = 0; i < out.length; i++) out[i] = value(x![i]!)
  },
  add({ from: [a, b], out }) {
    for (let i = 0; i < out.length; i++) out[i] = a![i]! + b![i]!
  }
}

/**
 * One image through a network at rest, as it is tested: moving moments, no dropout. Sums are made in
 * float64, outputs are float32. Pauses after every million multiply-adds or so, so that who runs it can
 * let other work in between.
 * @param weights in the plan's order of parameters
 * @param input the image after the preprocessing, row by row, channel quickest
 * @returns the output of every node
 */
export function* forward(
  { nodes }: Pick<NetworkPlan, 'nodes'>,
  weights: readonly Float32Array[],
  input: Float32Array,
  values: Partial<ActivationValues>
): Generator<void, Float32Array[]> {
  const outputs: Float32Array[] = []
  for (const node of nodes) {
    if (node.op === 'input') {
      outputs.push(input)
      continue
    }
    const out = new Float32Array(sizeOfShape(node.shape))
    const form = FORMS[node.op] as (place: Place<OperationId>) => Work | void
    const from = node.inputs.map((at) => outputs[at]!)
    const { shape } = nodes[node.inputs[0]!]!
    const work = form({ node, from, shape, weights, values, out })
    if (work) yield* work
    outputs.push(out)
  }
  return outputs
}

/** Adds a value times a row of a kernel. */
function accumulate(sums: Float64Array, value: number, kernel: Float32Array, row: number): void {
  if (value === 0) return
  for (let unit = 0; unit < sums.length; unit++) sums[unit]! += value * kernel[row + unit]!
}

/** What the sums of a node's units begin with: its bias, or 0. */
function startOf(
  { bias }: { readonly bias?: number },
  weights: readonly Float32Array[],
  units: number
): Float64Array {
  return bias === undefined ? new Float64Array(units) : Float64Array.from(weights[bias]!)
}

/** Where a window stands, row by row of the output; `end` at the last of a row. */
function* windows(
  node: Windowed,
  shape: Shape
): Generator<{ readonly rows: Span; readonly columns: Span; readonly end: boolean }> {
  const { rows, columns } = spansOf(node, shape)
  for (const row of rows) {
    for (const [at, column] of columns.entries()) {
      yield { rows: row, columns: column, end: at === columns.length - 1 }
    }
  }
}

function* pooled(
  node: Windowed,
  x: Values,
  shape: Shape,
  out: Values,
  pool: (values: readonly number[]) => number
): Work {
  const channels = channelsOf(shape)
  let at = 0
  let work = 0
  for (const { rows, columns, end } of windows(node, shape)) {
    for (let c = 0; c < channels; c++) {
      const values: number[] = []
      for (let row = rows.from; row < rows.to; row++) {
        for (let column = columns.from; column < columns.to; column++) {
          values.push(x[(row * shape[1]! + column) * channels + c]!)
        }
      }
      out[at++] = pool(values)
    }
    // a value of a pool takes some ten times as long as a multiply-add
    work += node.size ** 2 * channels * 10
    if (!end || work < WORK_BETWEEN_PAUSES) continue
    work = 0
    yield
  }
}

function average(values: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]!
  return sum / values.length
}
