import type { Tensor } from './graph'
import type { Ops, Variable } from './ops'

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

/** Stored rows [batch, D] as the network's input; float rows are that already. */
export function inputRows(ops: Ops, transform: ByteTransform | undefined, rows: Tensor): Tensor {
  if (!transform) return rows
  const x = ops.cast(rows, 'float')
  return transform.kind === 'affine'
    ? affine(ops, transform, x)
    : standardise(ops, x, transform.features)
}

type Affine = Extract<ByteTransform, { kind: 'affine' }>

/** Divided, not multiplied by the reciprocal: so x / 255 is the float32 nearest to it. */
function affine(ops: Ops, { centre, divisor }: Affine, x: Tensor): Tensor {
  const only = (list: readonly number[]): number | readonly number[] =>
    list.length === 1 ? list[0]! : list
  const moved = centre.every((value) => value === 0)
    ? x
    : ops.binary('Sub', x, ops.constant('float', only(centre)))
  return divisor.every((value) => value === 1)
    ? moved
    : ops.binary('RealDiv', moved, ops.constant('float', only(divisor)))
}

function standardise(ops: Ops, x: Tensor, features: number): Tensor {
  const centred = ops.binary('Sub', x, ops.meanOfRows(x))
  const std = ops.unary('Sqrt', ops.meanOfRows(ops.unary('Square', centred)))
  const least = ops.constant('float', 1 / Math.sqrt(features))
  return ops.binary('RealDiv', centred, ops.binary('Maximum', std, least))
}
