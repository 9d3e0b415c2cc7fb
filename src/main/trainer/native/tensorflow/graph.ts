import type { Attribute, DType, Node } from './saved-model'

/** One output of a node. */
export interface Tensor {
  /** 'node' or 'node:1' */
  readonly ref: string
  readonly dtype: DType
  /** name of the loop whose body the tensor lives in; undefined outside loops */
  readonly frame?: string
}

interface NodeOptions {
  readonly attributes?: Readonly<Record<string, Attribute>>
  /** nodes that run before this one */
  readonly after?: readonly Tensor[]
  readonly name?: string
}

/**
 * A TensorFlow graph under construction. While `frame` is set, nodes belong to that loop's body, and a
 * tensor from outside is brought in by an Enter node, once.
 */
export class Graph {
  readonly nodes: Node[] = []
  frame: string | undefined
  /** control input of body nodes that have no input in the loop: the loop's pivot */
  pivot: Tensor | undefined
  readonly #counts = new Map<string, number>()
  readonly #entered = new Map<string, Tensor>()

  /** Adds a node and returns its outputs. */
  add(
    op: string,
    inputs: readonly Tensor[],
    outputs: readonly DType[],
    options: NodeOptions = {}
  ): Tensor[] {
    const name = options.name ?? this.#unique(op)
    const data = inputs.map((input) => this.capture(input).ref)
    const controls = (options.after ?? []).map((tensor) => `^${tensor.ref.split(':')[0]}`)
    this.nodes.push({
      name,
      op,
      inputs: [...data, ...new Set(controls)],
      attributes: options.attributes ?? {}
    })
    return outputs.map((dtype, at) => ({
      ref: at === 0 ? name : `${name}:${at}`,
      dtype,
      frame: this.frame
    }))
  }

  /** Adds a node of one output. */
  op(op: string, inputs: readonly Tensor[], dtype: DType, options: NodeOptions = {}): Tensor {
    return this.add(op, inputs, [dtype], options)[0]!
  }

  /** The tensor as the present frame sees it. */
  capture(tensor: Tensor): Tensor {
    if (tensor.frame === this.frame) return tensor
    if (tensor.frame !== undefined || this.frame === undefined) {
      throw new Error(`${tensor.ref} of loop ${tensor.frame} cannot be used outside it`)
    }
    const key = `${this.frame}/${tensor.ref}`
    const known = this.#entered.get(key)
    if (known) return known
    const entered = this.enter(tensor, true)
    this.#entered.set(key, entered)
    return entered
  }

  /** An Enter node into the present frame. */
  enter(tensor: Tensor, constant: boolean): Tensor {
    const name = this.#unique('Enter')
    this.nodes.push({
      name,
      op: 'Enter',
      inputs: [tensor.ref],
      attributes: {
        T: { type: tensor.dtype },
        frame_name: { string: this.frame! },
        is_constant: { bool: constant },
        parallel_iterations: { int: 1 }
      }
    })
    return { ref: name, dtype: tensor.dtype, frame: this.frame }
  }

  /** Builds nodes outside any loop even while a body is under construction: constants, handles, what stays as it is. */
  outside<T>(build: () => T): T {
    const { frame, pivot } = this
    this.frame = undefined
    this.pivot = undefined
    try {
      return build()
    } finally {
      this.frame = frame
      this.pivot = pivot
    }
  }

  #unique(op: string): string {
    const count = this.#counts.get(op) ?? 0
    this.#counts.set(op, count + 1)
    return `${op}_${count}`
  }
}
