import type { Tensor } from './tensorflow/graph'
import type { Ops, Variable } from './tensorflow/ops'

/** The images of a run inside the session: those to train on, and behind them those to test on. */
export interface StoredImages {
  /** [count, D], uint8 or float32 */
  readonly rows: Variable
  /** [count], int32 */
  readonly labels: Variable
}

/**
 * Their variables. `images_make` with `images_total` makes room for that many; `images_put` with
 * `images_begin`, `images_rows` and `images_labels` copies some in.
 */
export function storedImages(ops: Ops, type: 'uint8' | 'float', features: number): StoredImages {
  const bytes = ops.own && type === 'uint8'
  const rows = ops.variable('stored_rows', type, [-1, features])
  const labels = ops.variable('stored_labels', 'int32', [-1])
  const total = ops.input('images_total', 'int32')
  const zero = ops.constant('int32', 0)
  const room = bytes
    ? ops.graph.op('NormscopeRoom', [total], type, { attributes: { size: { int: features } } })
    : ops.fill(ops.pack([total, ops.constant('int32', features)]), ops.cast(zero, type))
  ops.output('images_make', total, [
    ops.assign(rows, room),
    ops.assign(labels, ops.fill(ops.pack([total]), zero))
  ])
  const begin = ops.input('images_begin', 'int32')
  const newRows = ops.input('images_rows', type)
  const newLabels = ops.input('images_labels', 'int32')
  const places = ops.range(begin, ops.size(newLabels))
  ops.output('images_put', begin, [
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
