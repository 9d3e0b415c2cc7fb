import type { Tensor } from './tensorflow/graph'
import type { Ops, Variable } from './tensorflow/ops'

export type SplitId = 'train' | 'test'

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
  const bytes = ops.own && type === 'uint8'
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
    bytes ? putBytes(ops, rows, begin, newRows) : ops.scatter(rows, places, newRows),
    ops.scatter(labels, places, newLabels)
  ])
  return { rows, labels }
}

/** In the variable's own memory; ResourceScatterUpdate would make every later reading of it a copy. */
function putBytes(ops: Ops, images: Variable, begin: Tensor, more: Tensor): Tensor {
  return ops.effect('NormscopePut', [ops.read(images), begin, more])
}

/** The network's input [batch, D] from images: their rows [batch], or [steps, batch] of which `step` says one. */
export type InputNodes = (images: Variable, rows: Tensor, step?: Tensor) => Tensor
