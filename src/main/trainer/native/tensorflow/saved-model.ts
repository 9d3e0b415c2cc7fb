import { bytes, concat, entry, float, message, string, varint, whole } from './wire'
import type { Bytes } from './wire'

/** Element types of tensors: tensorflow/core/framework/types.proto. */
const DTYPES = {
  float: 1,
  double: 2,
  int32: 3,
  uint8: 4,
  int64: 9,
  bool: 10,
  resource: 20,
  uint64: 23
} as const
export type DType = keyof typeof DTYPES

/** A node's attribute: tensorflow/core/framework/attr_value.proto. -1 is an unknown dimension. */
export type Attribute =
  | { readonly string: string }
  | { readonly int: number }
  | { readonly ints: readonly number[] }
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | { readonly bool: boolean }
  | { readonly type: DType }
  | { readonly shape: readonly number[] | 'unknown' }
  | { readonly tensor: { dtype: DType; shape: readonly number[]; content: Bytes } }

export interface Node {
  readonly name: string
  readonly op: string
  /** 'node', 'node:1', or '^node' for a control input */
  readonly inputs: readonly string[]
  readonly attributes: Readonly<Record<string, Attribute>>
}

/** The tag under which the graph is loaded. */
export const TAG = 'serve'
/** GraphDef versions that libtensorflow 2.9 to 2.21 read. */
const PRODUCER = 1882
const MIN_CONSUMER = 12

/** The bytes of a saved_model.pb with one graph. Source: tensorflow/core/protobuf/saved_model.proto */
export function savedModel(nodes: readonly Node[]): Bytes {
  const graph = [...nodes.map(nodeField), message(4, [whole(1, PRODUCER), whole(2, MIN_CONSUMER)])]
  const metaInfo = [string(4, TAG)]
  return concat([whole(1, 1), message(2, [message(1, metaInfo), message(2, graph)])])
}

function nodeField(node: Node): Bytes {
  return message(1, [
    string(1, node.name),
    string(2, node.op),
    ...node.inputs.map((input) => string(3, input)),
    ...Object.entries(node.attributes).map(([key, value]) => entry(5, key, [attribute(value)]))
  ])
}

function attribute(value: Attribute): Bytes {
  if ('string' in value) return string(2, value.string)
  if ('int' in value) return whole(3, value.int)
  if ('ints' in value) return message(1, [bytes(3, concat(value.ints.map(varint)))])
  if ('float' in value) return float(4, value.float)
  if ('floats' in value)
    return message(
      1,
      value.floats.map((one) => float(4, one))
    )
  if ('bool' in value) return whole(5, value.bool ? 1 : 0)
  if ('type' in value) return whole(6, DTYPES[value.type])
  if ('shape' in value) return bytes(7, shapeMessage(value.shape))
  const { dtype, shape, content } = value.tensor
  return message(8, [whole(1, DTYPES[dtype]), bytes(2, shapeMessage(shape)), bytes(4, content)])
}

function shapeMessage(shape: readonly number[] | 'unknown'): Bytes {
  return shape === 'unknown'
    ? whole(3, 1)
    : concat(shape.map((size) => message(2, [whole(1, size)])))
}
