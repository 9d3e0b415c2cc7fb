import type { Tensor } from './tensorflow/graph'
import type { Ops, Variable } from './tensorflow/ops'

/** What the graph itself does to rows that it holds as bytes. */
export type ByteTransform =
  /** (x - centre) / divisor; one value or D each */
  | {
      readonly kind: 'affine'
      readonly centre: readonly number[]
      readonly divisor: readonly number[]
    }
  /** (x - mean) / max(std, 1/sqrt(D)) of each row */
  | { readonly kind: 'image-standardise'; readonly features: number }

export const SPLITS = ['train', 'test'] as const
export type SplitId = (typeof SPLITS)[number]

/** Images of one split inside the session. */
export interface Split {
  /** [count, D], uint8 or float32 */
  readonly rows: Variable
  /** [count], int32 */
  readonly labels: Variable
}

/**
 * Variables of a split. `NAME_make` with `NAME_total` makes room for that many images; `NAME_put` with
 * `NAME_put_begin`, `NAME_put_rows` and `NAME_put_labels` copies some in.
 */
export function split(ops: Ops, name: SplitId, type: 'uint8' | 'float', features: number): Split {
  const rows = ops.variable(`${name}_rows`, type, [-1, features])
  const labels = ops.variable(`${name}_labels`, 'int32', [-1])
  const total = ops.input(`${name}_total`, 'int32')
  const zero = ops.constant('int32', 0)
  ops.output(`${name}_make`, total, [
    ops.assign(
      rows,
      ops.fill(ops.pack([total, ops.constant('int32', features)]), ops.cast(zero, type))
    ),
    ops.assign(labels, ops.fill(ops.pack([total]), zero))
  ])
  const begin = ops.input(`${name}_put_begin`, 'int32')
  const newRows = ops.input(`${name}_put_rows`, type)
  const newLabels = ops.input(`${name}_put_labels`, 'int32')
  const places = ops.range(begin, ops.size(newLabels))
  ops.output(`${name}_put`, begin, [
    ops.scatter(rows, places, newRows),
    ops.scatter(labels, places, newLabels)
  ])
  return { rows, labels }
}

/** Stored rows [batch, D] to the network's input. */
export type InputNodes = (rows: Tensor) => Tensor

/**
 * The transform's nodes; float rows are transformed already. The constants are variables, set by
 * `transform_set` with `transform_centre` and `transform_divisor`: TensorFlow turns a division by a
 * constant into a product with its reciprocal, and then x / 255 is not the float32 nearest to it.
 */
export function inputNodes(ops: Ops, transform: ByteTransform | undefined): InputNodes {
  if (!transform) return (rows) => rows
  const nodes = transform.kind === 'affine' ? affine(ops, transform) : standardise(ops, transform)
  return (rows) => nodes(ops.cast(rows, 'float'))
}

function affine(
  ops: Ops,
  { centre, divisor }: Extract<ByteTransform, { kind: 'affine' }>
): InputNodes {
  const stored = (name: string, length: number) => {
    const variable = ops.variable(`stored_${name}`, 'float', [length])
    const value = ops.input(`transform_${name}`, 'float')
    return { read: ops.read(variable), set: ops.assign(variable, ops.unary('DeepCopy', value)) }
  }
  const c = stored('centre', centre.length)
  const d = stored('divisor', divisor.length)
  ops.output('transform_set', ops.constant('int32', 1), [c.set, d.set])
  const moves = centre.some((value) => value !== 0)
  const scales = divisor.some((value) => value !== 1)
  return (x) => {
    const moved = moves ? ops.binary('Sub', x, c.read) : x
    return scales ? ops.binary('RealDiv', moved, d.read) : moved
  }
}

function standardise(
  ops: Ops,
  { features }: Extract<ByteTransform, { kind: 'image-standardise' }>
): InputNodes {
  return (x) => {
    const centred = ops.binary('Sub', x, ops.meanOfRows(x))
    const std = ops.unary('Sqrt', ops.meanOfRows(ops.unary('Square', centred)))
    const least = ops.constant('float', 1 / Math.sqrt(features))
    return ops.binary('RealDiv', centred, ops.binary('Maximum', std, least))
  }
}
