import { NormscopeError } from '../../error'
import { grouped } from '../../numbers'
import type { ActivationId } from '../activations'
import { productOf, shapeText, sizeOfShape } from './shape'
import type { Shape } from './shape'

/** Numbers that training changes, of a whole network: 0.8 GB with their gradients and Adam's two moments. */
export const MOST_WEIGHTS = 50_000_000

/** Values of one image at one point of the network: 16 MB. */
export const MOST_VALUES = 4_000_000

/** Place of a node in a plan. */
export type NodeRef = number

export type Padding = 'same' | 'valid'

/** One operation of a network; numbers of parameters are places in the plan's list. */
export type Operation =
  | { readonly op: 'input' }
  /** x W + b of x as a vector */
  | { readonly op: 'dense'; readonly kernel: number; readonly bias?: number }
  | {
      readonly op: 'conv'
      readonly kernel: number
      readonly bias?: number
      readonly size: number
      readonly stride: number
      readonly padding: Padding
    }
  | {
      readonly op: 'max-pool' | 'average-pool'
      readonly size: number
      readonly stride: number
      readonly padding: Padding
    }
  /** mean over height and width */
  | { readonly op: 'global-average' }
  /** the same values in one row, channel quickest */
  | { readonly op: 'flatten' }
  /**
   * (x - m) / sqrt(v + epsilon) x scale + shift, per channel: in training m and v are the mean and the variance
   * (of n, not n - 1) of the batch over images and places, and each moving one becomes
   * momentum x itself + (1 - momentum) x the batch's; else they are the moving ones
   */
  | {
      readonly op: 'batch-norm'
      readonly scale: number
      readonly shift: number
      readonly mean: number
      readonly variance: number
      readonly momentum: number
      readonly epsilon: number
    }
  /** the same with the mean and the variance of one image: over its last axis, as Keras' default */
  | {
      readonly op: 'layer-norm'
      readonly scale: number
      readonly shift: number
      readonly epsilon: number
    }
  /** in training x times 0 with probability `rate`, else x / (1 - rate); `stream` tells its random numbers from others' */
  | { readonly op: 'dropout'; readonly rate: number; readonly stream: number }
  | { readonly op: 'activation'; readonly activation: ActivationId }
  | { readonly op: 'add' }

export type OperationId = Operation['op']

/** The operation of an id. */
export type OperationOf<Id extends OperationId> = Operation & { readonly op: Id }

/** An operation in its place. */
export type PlanNode<Op extends Operation = Operation> = Op & {
  /** earlier nodes whose outputs it takes: one, of 'add' two, of 'input' none */
  readonly inputs: readonly NodeRef[]
  /** its output's, for one image */
  readonly shape: Shape
  /** place of the layer it belongs to; the output layer's is the last */
  readonly layer: number
}

export type ParameterRole = 'kernel' | 'bias' | 'scale' | 'shift' | 'mean' | 'variance'

/** An array of weights, or of moving moments. */
export interface PlanParameter {
  readonly role: ParameterRole
  /** dense [inputs, outputs]; convolution [height, width, inputs, outputs]; else [channels] */
  readonly shape: readonly number[]
  readonly layer: number
  /** moving moments are not */
  readonly trained: boolean
  /** of a kernel: its place among all kernels, which tells its initial weights from others' */
  readonly kernel?: number
  /** of a kernel: the place of its layer's factors; the kernels of a residual block share theirs */
  readonly factor?: number
  /** of a kernel: values that go into one output, and outputs that one value goes to, as initialisers count them */
  readonly fans?: { readonly inputs: number; readonly outputs: number }
}

/** An operation without the parameters that the builder makes for it. */
interface Window {
  readonly size: number
  readonly stride: number
  readonly padding: Padding
}

/** A layer that cannot follow what comes before it. */
export class ImpossibleLayer extends NormscopeError {
  constructor(
    /** place of the layer; the output layer's is the last */
    readonly layer: number,
    name: string,
    /** begins in the middle of a sentence: 'it needs …' */
    readonly reason: string,
    hint: string
  ) {
    super({
      code: 'layer-impossible',
      message: `Layer ${layer + 1}, ${name}: ${reason}`,
      actual: name,
      hint
    })
  }
}

/** Adds operations of one layer to a plan, infers their shapes and refuses what cannot be. */
export class Builder {
  readonly nodes: PlanNode[] = []
  readonly parameters: PlanParameter[] = []
  /** multiply-adds for one image, by layer */
  readonly work: number[] = []
  #layer = 0
  #name = ''
  #factor = 0
  #kernels = 0
  #streams = 0
  #weights = 0

  constructor(input: Shape) {
    this.nodes.push({ op: 'input', inputs: [], shape: input, layer: 0 })
  }

  /** Operations added from now on belong to this layer; `factor` is the place of its factors. */
  begin(layer: number, name: string, factor: number): void {
    this.#layer = layer
    this.#name = name
    this.#factor = factor
    this.work[layer] = 0
  }

  shapeOf(node: NodeRef): Shape {
    return this.nodes[node]!.shape
  }

  /** @throws ImpossibleLayer with the layer and the reason */
  refuse(reason: string, hint: string): never {
    throw new ImpossibleLayer(this.#layer, this.#name, reason, hint)
  }

  dense(input: NodeRef, units: number, bias: boolean): NodeRef {
    const inputs = sizeOfShape(this.shapeOf(input))
    const kernel = this.#kernel([inputs, units], inputs, units)
    const node = {
      op: 'dense',
      kernel,
      ...(bias && { bias: this.#vector('bias', units) })
    } as const
    return this.#add(node, [input], [units], inputs * units)
  }

  conv(input: NodeRef, filters: number, window: Window, bias: boolean): NodeRef {
    const { size, stride, padding } = window
    const [, , channels] = this.#image(input)
    const [height, width] = this.#windowed(input, window)
    const area = size * size
    const kernel = this.#kernel([size, size, channels, filters], area * channels, area * filters)
    const node = {
      op: 'conv',
      kernel,
      ...(bias && { bias: this.#vector('bias', filters) }),
      size,
      stride,
      padding
    } as const
    const work = height * width * filters * area * channels
    return this.#add(node, [input], [height, width, filters], work)
  }

  pool(input: NodeRef, op: 'max-pool' | 'average-pool', window: Window): NodeRef {
    const [, , channels] = this.#image(input)
    const [height, width] = this.#windowed(input, window)
    const shape = [height, width, channels] as const
    const work = sizeOfShape(shape) * window.size ** 2
    return this.#add({ op, ...window }, [input], shape, work)
  }

  globalAverage(input: NodeRef): NodeRef {
    const shape = this.#image(input)
    return this.#add({ op: 'global-average' }, [input], [shape[2]], sizeOfShape(shape))
  }

  flatten(input: NodeRef): NodeRef {
    return this.#add({ op: 'flatten' }, [input], [sizeOfShape(this.shapeOf(input))], 0)
  }

  batchNorm(input: NodeRef, momentum: number, epsilon: number): NodeRef {
    const shape = this.shapeOf(input)
    const channels = shape[shape.length - 1]!
    const node = {
      op: 'batch-norm',
      scale: this.#vector('scale', channels),
      shift: this.#vector('shift', channels),
      mean: this.#vector('mean', channels),
      variance: this.#vector('variance', channels),
      momentum,
      epsilon
    } as const
    return this.#add(node, [input], shape, sizeOfShape(shape) * 2)
  }

  layerNorm(input: NodeRef, epsilon: number): NodeRef {
    const shape = this.shapeOf(input)
    const channels = shape[shape.length - 1]!
    const scale = this.#vector('scale', channels)
    const node = {
      op: 'layer-norm',
      scale,
      shift: this.#vector('shift', channels),
      epsilon
    } as const
    return this.#add(node, [input], shape, sizeOfShape(shape) * 2)
  }

  dropout(input: NodeRef, rate: number): NodeRef {
    const shape = this.shapeOf(input)
    const node = { op: 'dropout', rate, stream: this.#streams++ } as const
    return this.#add(node, [input], shape, sizeOfShape(shape))
  }

  activation(input: NodeRef, activation: ActivationId): NodeRef {
    const shape = this.shapeOf(input)
    return this.#add({ op: 'activation', activation }, [input], shape, sizeOfShape(shape))
  }

  add(a: NodeRef, b: NodeRef): NodeRef {
    const shape = this.shapeOf(a)
    return this.#add({ op: 'add' }, [a, b], shape, sizeOfShape(shape))
  }

  #add(node: Operation, inputs: readonly NodeRef[], shape: Shape, work: number): NodeRef {
    this.work[this.#layer]! += work
    const values = sizeOfShape(shape)
    if (values > MOST_VALUES) {
      this.refuse(
        `${shapeText(shape)} would come out of it, ${grouped(values)} values for each image; ${grouped(MOST_VALUES)} are the most.`,
        'Take fewer filters, a stride, or pooling before it.'
      )
    }
    return this.nodes.push({ ...node, inputs, shape, layer: this.#layer }) - 1
  }

  #image(input: NodeRef): readonly [number, number, number] {
    const shape = this.shapeOf(input)
    if (shape.length === 3) return shape
    return this.refuse(
      `it needs height, width and channels, and what comes in is a row of ${shape[0]} values.`,
      'Put it before flatten, dense and global average pooling.'
    )
  }

  #windowed(input: NodeRef, { size, stride, padding }: Window): [number, number] {
    const [height, width] = this.#image(input)
    if (padding === 'same') return [Math.ceil(height / stride), Math.ceil(width / stride)]
    if (size > Math.min(height, width)) {
      return this.refuse(
        `its window of ${size} × ${size} is larger than the ${shapeText([height, width, 1]).replace(/ × 1$/, '')} that come in.`,
        'Take a smaller window, padding “same”, or fewer poolings before it.'
      )
    }
    const places = (side: number): number => Math.floor((side - size) / stride) + 1
    return [places(height), places(width)]
  }

  #kernel(shape: readonly number[], inputs: number, outputs: number): number {
    const kernel = this.#kernels++
    const factor = this.#factor
    return this.#parameter({
      role: 'kernel',
      shape,
      trained: true,
      kernel,
      factor,
      fans: { inputs, outputs }
    })
  }

  #vector(role: Exclude<ParameterRole, 'kernel'>, size: number): number {
    return this.#parameter({ role, shape: [size], trained: role !== 'mean' && role !== 'variance' })
  }

  #parameter(parameter: Omit<PlanParameter, 'layer'>): number {
    const size = productOf(parameter.shape)
    this.#weights += parameter.trained ? size : 0
    if (this.#weights > MOST_WEIGHTS) {
      this.refuse(
        `it alone has ${grouped(size)} weights; a network has at most ${grouped(MOST_WEIGHTS)}.`,
        'Take fewer units or filters, or pooling before it.'
      )
    }
    return this.parameters.push({ ...parameter, layer: this.#layer }) - 1
  }
}
