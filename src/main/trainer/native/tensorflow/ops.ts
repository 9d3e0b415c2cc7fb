import type { Graph, Tensor } from './graph'
import type { DType } from './saved-model'

/** A mutable value that outlives calls: its handle, type and shape. */
export interface Variable {
  readonly handle: Tensor
  readonly dtype: DType
}

/** Tensors that a loop writes one by one, joined after it. */
interface TensorArray {
  readonly handle: Tensor
  readonly flow: Tensor
  readonly dtype: DType
}

/** TensorFlow operations by name, with the attributes each needs filled in. */
export class Ops {
  readonly #constants = new Map<string, Tensor>()

  /** @param own whether the kernels of native/kernels are there */
  constructor(
    readonly graph: Graph,
    readonly own = false
  ) {}

  /** a scalar or a vector; kept outside loops and shared */
  constant(dtype: 'float' | 'int32' | 'double', value: number | readonly number[]): Tensor {
    const key = `${dtype}:${JSON.stringify(value)}`
    let made = this.#constants.get(key)
    if (!made) {
      const list = typeof value === 'number' ? [value] : value
      const ofType = { float: Float32Array, int32: Int32Array, double: Float64Array }[dtype]
      const content = new Uint8Array(ofType.from(list).buffer)
      const shape = typeof value === 'number' ? [] : [value.length]
      const tensor = { dtype, shape, content }
      made = this.graph.outside(() =>
        this.graph.op('Const', [], dtype, {
          attributes: { dtype: { type: dtype }, value: { tensor } }
        })
      )
      this.#constants.set(key, made)
    }
    return made
  }

  input(name: string, dtype: DType): Tensor {
    return this.graph.outside(() =>
      this.graph.op('Placeholder', [], dtype, {
        name,
        attributes: { dtype: { type: dtype }, shape: { shape: 'unknown' } }
      })
    )
  }

  variable(name: string, dtype: DType, shape: readonly number[] | 'unknown'): Variable {
    const handle = this.graph.outside(() =>
      this.graph.op('VarHandleOp', [], 'resource', {
        name,
        attributes: {
          container: { string: '' },
          shared_name: { string: name },
          dtype: { type: dtype },
          shape: { shape }
        }
      })
    )
    return { handle, dtype }
  }

  read(variable: Variable, after: readonly Tensor[] = []): Tensor {
    const { pivot } = this.graph
    return this.graph.op('ReadVariableOp', [variable.handle], variable.dtype, {
      attributes: { dtype: { type: variable.dtype } },
      after: pivot ? [pivot, ...after] : after
    })
  }

  /** the variable's own memory, read before any loop: right where nobody gives it another */
  still(variable: Variable): Tensor {
    return this.graph.outside(() => this.read(variable))
  }

  /** rows of a variable's first axis */
  gatherRows(variable: Variable, rows: Tensor): Tensor {
    return this.graph.op('ResourceGather', [variable.handle, rows], variable.dtype, {
      attributes: {
        batch_dims: { int: 0 },
        validate_indices: { bool: true },
        dtype: { type: variable.dtype },
        Tindices: { type: 'int32' }
      }
    })
  }

  /** AssignVariableOp, AssignAddVariableOp or AssignSubVariableOp */
  assign(
    variable: Variable,
    value: Tensor,
    how: '' | 'Add' | 'Sub' = '',
    after: readonly Tensor[] = []
  ): Tensor {
    return this.effect(`Assign${how}VariableOp`, [variable.handle, value], {
      attributes: { dtype: { type: variable.dtype } },
      after
    })
  }

  /** a node without outputs, to be named as a control input */
  effect(op: string, inputs: readonly Tensor[], options: Parameters<Graph['add']>[3] = {}): Tensor {
    this.graph.add(op, inputs, [], options)
    const { name } = this.graph.nodes[this.graph.nodes.length - 1]!
    return { ref: name, dtype: 'float', frame: this.graph.frame }
  }

  /** the same tensor, given after the effects named */
  afterAll(x: Tensor, effects: readonly Tensor[]): Tensor {
    return this.graph.op('Identity', [x], x.dtype, {
      attributes: { T: { type: x.dtype } },
      after: effects
    })
  }

  /** an op of one type attribute T: Relu, Add, ... */
  unary(op: string, x: Tensor): Tensor {
    return this.graph.op(op, [x], x.dtype, { attributes: { T: { type: x.dtype } } })
  }

  binary(op: string, a: Tensor, b: Tensor, after: readonly Tensor[] = []): Tensor {
    return this.graph.op(op, [a, b], a.dtype, { attributes: { T: { type: a.dtype } }, after })
  }

  times(x: Tensor, factor: number): Tensor {
    return this.binary('Mul', x, this.constant('float', factor))
  }

  /** sum of tensors of one shape */
  addAll(tensors: readonly Tensor[]): Tensor {
    const { dtype } = tensors[0]!
    return this.graph.op('AddN', tensors, dtype, {
      attributes: { N: { int: tensors.length }, T: { type: dtype } }
    })
  }

  compare(
    op: 'Less' | 'LessEqual' | 'Greater' | 'GreaterEqual' | 'Equal',
    a: Tensor,
    b: Tensor
  ): Tensor {
    const attributes: NonNullable<Parameters<Graph['op']>[3]>['attributes'] = {
      T: { type: a.dtype },
      ...(op === 'Equal' ? { incompatible_shape_error: { bool: true } } : {})
    }
    return this.graph.op(op, [a, b], 'bool', { attributes })
  }

  and(a: Tensor, b: Tensor): Tensor {
    return this.graph.op('LogicalAnd', [a, b], 'bool')
  }

  /** whether all of a tensor's elements hold, of any shape */
  all(x: Tensor): Tensor {
    const flat = this.graph.op('Reshape', [x, this.constant('int32', [-1])], 'bool', {
      attributes: { T: { type: 'bool' }, Tshape: { type: 'int32' } }
    })
    return this.reduce('All', flat, [0])
  }

  isFinite(x: Tensor): Tensor {
    return this.graph.op('IsFinite', [x], 'bool', { attributes: { T: { type: x.dtype } } })
  }

  select(condition: Tensor, yes: Tensor, no: Tensor): Tensor {
    return this.graph.op('SelectV2', [condition, yes, no], yes.dtype, {
      attributes: { T: { type: yes.dtype } }
    })
  }

  cast(x: Tensor, to: DType): Tensor {
    return this.graph.op('Cast', [x], to, {
      attributes: { SrcT: { type: x.dtype }, DstT: { type: to }, Truncate: { bool: false } }
    })
  }

  /** @param turned which of the two is turned over first */
  matMul(a: Tensor, b: Tensor, turned?: 'first' | 'second', after: readonly Tensor[] = []): Tensor {
    return this.graph.op('MatMul', [a, b], 'float', {
      attributes: {
        transpose_a: { bool: turned === 'first' },
        transpose_b: { bool: turned === 'second' },
        T: { type: 'float' }
      },
      after
    })
  }

  biasAdd(x: Tensor, bias: Tensor): Tensor {
    return this.graph.op('BiasAdd', [x, bias], 'float', {
      attributes: { T: { type: 'float' }, data_format: { string: 'NHWC' } }
    })
  }

  /** tensors one behind the other along their first axis */
  concatRows(tensors: readonly Tensor[]): Tensor {
    const { dtype } = tensors[0]!
    return this.graph.op('ConcatV2', [...tensors, this.constant('int32', 0)], dtype, {
      attributes: { N: { int: tensors.length }, T: { type: dtype }, Tidx: { type: 'int32' } }
    })
  }

  shape(x: Tensor): Tensor {
    return this.graph.op('Shape', [x], 'int32', {
      attributes: { T: { type: x.dtype }, out_type: { type: 'int32' } }
    })
  }

  broadcastTo(x: Tensor, shape: Tensor): Tensor {
    return this.graph.op('BroadcastTo', [x, shape], x.dtype, {
      attributes: { T: { type: x.dtype }, Tidx: { type: 'int32' } }
    })
  }

  /** a vector [begin, begin + count) */
  range(begin: Tensor, count: Tensor): Tensor {
    const end = this.binary('AddV2', begin, count)
    return this.graph.op('Range', [begin, end, this.constant('int32', 1)], 'int32', {
      attributes: { Tidx: { type: 'int32' } }
    })
  }

  /** number of elements */
  size(x: Tensor): Tensor {
    return this.graph.op('Size', [x], 'int32', {
      attributes: { T: { type: x.dtype }, out_type: { type: 'int32' } }
    })
  }

  fill(shape: Tensor, value: Tensor): Tensor {
    return this.graph.op('Fill', [shape, value], value.dtype, {
      attributes: { T: { type: value.dtype }, index_type: { type: 'int32' } }
    })
  }

  /** replaces rows of a variable */
  scatter(variable: Variable, rows: Tensor, values: Tensor): Tensor {
    return this.effect('ResourceScatterUpdate', [variable.handle, rows, values], {
      attributes: { dtype: { type: variable.dtype }, Tindices: { type: 'int32' } }
    })
  }

  /** mean over the last axis, which stays with size 1 */
  meanOfLast(x: Tensor): Tensor {
    return this.graph.op('Mean', [x, this.constant('int32', [-1])], x.dtype, {
      attributes: { T: { type: x.dtype }, Tidx: { type: 'int32' }, keep_dims: { bool: true } }
    })
  }

  /** reduction over axes; all axes of a matrix: [0, 1] */
  reduce(op: 'Sum' | 'Mean' | 'Max' | 'All', x: Tensor, axes: readonly number[]): Tensor {
    const attributes: NonNullable<Parameters<Graph['op']>[3]>['attributes'] = {
      Tidx: { type: 'int32' },
      keep_dims: { bool: false },
      ...(op === 'All' ? {} : { T: { type: x.dtype } })
    }
    return this.graph.op(op, [x, this.constant('int32', axes)], x.dtype, { attributes })
  }

  /** index of the greatest value of each row */
  argMax(x: Tensor): Tensor {
    return this.graph.op('ArgMax', [x, this.constant('int32', 1)], 'int32', {
      attributes: { T: { type: 'float' }, Tidx: { type: 'int32' }, output_type: { type: 'int32' } }
    })
  }

  reshape(x: Tensor, shape: readonly number[] | Tensor): Tensor {
    const sizes = 'ref' in shape ? shape : this.constant('int32', shape)
    return this.graph.op('Reshape', [x, sizes], x.dtype, {
      attributes: { T: { type: x.dtype }, Tshape: { type: 'int32' } }
    })
  }

  /** scalars as a vector */
  pack(scalars: readonly Tensor[]): Tensor {
    const { dtype } = scalars[0]!
    return this.graph.op('Pack', scalars, dtype, {
      attributes: { N: { int: scalars.length }, T: { type: dtype }, axis: { int: 0 } }
    })
  }

  /** room for so many tensors of any length, outside loops */
  array(dtype: DType, size: Tensor): TensorArray {
    const [handle, flow] = this.graph.add('TensorArrayV3', [size], ['resource', 'float'], {
      attributes: {
        dtype: { type: dtype },
        element_shape: { shape: 'unknown' },
        dynamic_size: { bool: false },
        clear_after_read: { bool: true },
        identical_element_shapes: { bool: false },
        tensor_array_name: { string: '' }
      }
    }) as [Tensor, Tensor]
    return { handle, flow, dtype }
  }

  /** the effect of putting a tensor at a place; nothing is copied */
  writeTo({ handle, flow, dtype }: TensorArray, at: Tensor, value: Tensor): Tensor {
    return this.graph.op('TensorArrayWriteV3', [handle, at, value, flow], 'float', {
      attributes: { T: { type: dtype } }
    })
  }

  /** all its tensors behind one another, once something is done */
  joined({ handle, flow, dtype }: TensorArray, done: Tensor): Tensor {
    const attributes = {
      dtype: { type: dtype },
      element_shape_except0: { shape: 'unknown' }
    } as const
    const inputs = [handle, this.afterAll(flow, [done])]
    return this.graph.add('TensorArrayConcatV3', inputs, [dtype, 'int64'], { attributes })[0]!
  }

  /** elements of a vector or rows of a matrix */
  gather(x: Tensor, indices: Tensor): Tensor {
    return this.graph.op('GatherV2', [x, indices, this.constant('int32', 0)], x.dtype, {
      attributes: {
        batch_dims: { int: 0 },
        Tparams: { type: x.dtype },
        Tindices: { type: 'int32' },
        Taxis: { type: 'int32' }
      }
    })
  }

  /** the tensor under a name of its own, given after the effects named */
  output(name: string, x: Tensor, after: readonly Tensor[] = []): void {
    this.graph.op('Identity', [x], x.dtype, { name, attributes: { T: { type: x.dtype } }, after })
  }
}
