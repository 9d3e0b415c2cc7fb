import type { Dataset } from '../../dataset/dataset'
import type { ActivationId } from '../activations'
import type { RunConfig } from '../config'
import { outputOf } from '../outputs'
import { Builder } from './builder'
import type { NodeRef, OperationId, PlanNode, PlanParameter } from './builder'
import { fieldsOf, layerKindOf } from './layers'
import type { LayerSpec } from './layers'
import { productOf } from './shape'
import type { Shape } from './shape'

/** Units whose pre-activations are measured: one place of a network where an activation is applied. */
export interface Activated {
  /** place of the layer */
  readonly layer: number
  readonly activation: ActivationId
  /** nodes of the pre-activations z and of f(z) */
  readonly z: NodeRef
  readonly a: NodeRef
  /** of both, for one image; its last side counts the units, or channels */
  readonly shape: Shape
  /** 'Dense 1', 'Convolution 2', 'Residual block 1, inside' */
  readonly name: string
}

/** A layer in its place; the last is the output layer. */
export interface PlanLayer {
  /** absent for the output layer */
  readonly spec?: LayerSpec
  /** 'Convolution 2': its kind, counted where there are several; 'Output' */
  readonly name: string
  readonly shape: Shape
  /** what it has where one is applied */
  readonly activation?: ActivationId
  /** places of its parameters in the plan */
  readonly parameters: readonly number[]
  /** numbers that training changes, and those that are only kept (moving moments) */
  readonly weights: number
  readonly kept: number
  /** multiply-adds for one image, and as a share of all layers' */
  readonly work: number
  readonly share: number
}

/** A network as operations: what the trainers, the views and the exports read. */
export interface NetworkPlan {
  readonly input: Shape
  readonly nodes: readonly PlanNode[]
  readonly parameters: readonly PlanParameter[]
  readonly layers: readonly PlanLayer[]
  readonly activated: readonly Activated[]
  /** node of the logits */
  readonly logits: NodeRef
  /** numbers that training changes */
  readonly weights: number
}

export type NetworkConfig = Pick<RunConfig, 'layers' | 'activation' | 'output'>

/**
 * @param input one image: [height, width, channels]
 * @param classes 2 or more
 * @throws NormscopeError 'layer-impossible' where a layer cannot follow what comes before it
 */
export function networkPlan(config: NetworkConfig, input: Shape, classes: number): NetworkPlan {
  const { layers } = config
  const builder = new Builder(input)
  const names = layerNames(layers)
  const activations = layerActivations(config)
  const ends: NodeRef[] = []
  let node: NodeRef = 0
  layers.forEach((spec, at) => {
    const kind = layerKindOf(spec.kind)
    const activation = activations[at]
    builder.begin(at, names[at]!, layers.slice(0, at).filter(hasKernel).length)
    node = kind.build(builder, node, fieldsOf(spec), activation)
    if (activation !== undefined && !kind.composite) node = builder.activation(node, activation)
    ends.push(node)
  })
  builder.begin(layers.length, 'Output', factorCount(layers) - 1)
  node = builder.dense(node, outputOf(config.output).units(classes), true)
  ends.push(node)
  const { nodes, parameters, work } = builder
  const total = work.reduce((sum, one) => sum + one, 0)
  const made = ends.map((end, at): PlanLayer => {
    const own = parameters.flatMap((parameter, place) => (parameter.layer === at ? [place] : []))
    const numbers = (trained: boolean): number =>
      own.reduce(
        (sum, place) =>
          sum + (parameters[place]!.trained === trained ? elements(parameters[place]!) : 0),
        0
      )
    return {
      ...(layers[at] && { spec: layers[at] }),
      name: names[at] ?? 'Output',
      shape: nodes[end]!.shape,
      ...(activations[at] && { activation: activations[at] }),
      parameters: own,
      weights: numbers(true),
      kept: numbers(false),
      work: work[at]!,
      share: work[at]! / total
    }
  })
  return {
    input,
    nodes,
    parameters,
    layers: made,
    activated: activatedNodes(nodes, names),
    logits: node,
    weights: made.reduce((sum, { weights }) => sum + weights, 0)
  }
}

export type PlannedConfig = NetworkConfig & Pick<RunConfig, 'classes'>
export type PlannedImages = Pick<Dataset, 'height' | 'width' | 'channels' | 'classNames'>

/** Shape and classes that a network gets from a data set, or from two classes of it. */
export function imagesOf(
  config: Pick<RunConfig, 'classes'>,
  { height, width, channels, classNames }: PlannedImages
): readonly [input: Shape, classes: number] {
  return [[height, width, channels], config.classes ? 2 : Math.max(2, classNames.length)]
}

/** A network for the images of a data set. */
export function planOn(config: PlannedConfig, dataset: PlannedImages): NetworkPlan {
  return networkPlan(config, ...imagesOf(config, dataset))
}

/** Whether a layer has a kernel, and so layer factors. */
export function hasKernel({ kind }: LayerSpec): boolean {
  return layerKindOf(kind).activates === 'own'
}

/** Numbers in each list of layer factors: one for each hidden layer with a kernel, and the output's. */
export function factorCount(layers: readonly LayerSpec[]): number {
  return layers.filter(hasKernel).length + 1
}

/** Numbers of a parameter. */
export function elements({ shape }: Pick<PlanParameter, 'shape'>): number {
  return productOf(shape)
}

/** Of each node, whether it or one before it has parameters that are trained. */
export function trainedBefore({ nodes }: Pick<NetworkPlan, 'nodes'>): boolean[] {
  const found: boolean[] = []
  for (const node of nodes) {
    const own = 'kernel' in node || 'scale' in node
    found.push(own || node.inputs.some((from) => found[from]))
  }
  return found
}

/** The activation that each hidden layer has, if any: that which is written, or that of its kind's rule. */
export function layerActivations({
  layers,
  activation
}: Pick<RunConfig, 'layers' | 'activation'>): (ActivationId | undefined)[] {
  const rule = (at: number) => layers[at] && layerKindOf(layers[at].kind)
  /** its activation stands behind the normalisation that follows */
  const moved = (at: number): boolean =>
    rule(at)?.activates === 'own' &&
    !rule(at)?.composite &&
    layers[at]?.activation === undefined &&
    rule(at + 1)?.activates === 'behind'
  return layers.map((spec, at) => {
    const { activates } = layerKindOf(spec.kind)
    if (activates === 'never') return undefined
    if (spec.activation !== undefined) return spec.activation
    if (activates === 'own') return moved(at) ? undefined : activation
    return moved(at - 1) ? activation : undefined
  })
}

/** 'Dense 2', or 'Dense' where there is one alone. */
export function layerNames(layers: readonly LayerSpec[]): string[] {
  const seen = new Map<string, number>()
  return layers.map(({ kind }) => {
    const count = (seen.get(kind) ?? 0) + 1
    seen.set(kind, count)
    const several = layers.filter((other) => other.kind === kind).length > 1
    const { name } = layerKindOf(kind)
    return several ? `${name} ${count}` : name
  })
}

/** Operations whose outputs are the input's values, each in its place. */
const IN_PLACE: readonly OperationId[] = [
  'input',
  'flatten',
  'dropout',
  'batch-norm',
  'layer-norm',
  'activation'
]

/**
 * Place of the kernel whose rows each belong to one value of an image: that of a dense layer with no other
 * kernel and no pooling before it; undefined where there is none.
 */
export function pulledKernel({ nodes }: Pick<NetworkPlan, 'nodes'>): number | undefined {
  const first = nodes.find(({ op }) => !IN_PLACE.includes(op))
  return first?.op === 'dense' ? first.kernel : undefined
}

/** Names of the layers whose gradient norms are recorded, in their order: those with weights, then the output. */
export function weightedLayers(layers: readonly LayerSpec[]): string[] {
  const names = layerNames(layers)
  const weighted = ({ kind }: LayerSpec): boolean => layerKindOf(kind).activates !== 'never'
  return [...names.filter((_, at) => weighted(layers[at]!)), 'Output']
}

function activatedNodes(nodes: readonly PlanNode[], names: readonly string[]): Activated[] {
  const found = nodes.flatMap((node, a) => (node.op === 'activation' ? [{ node, a }] : []))
  return found.map(({ node, a }, at): Activated => {
    const { layer, activation, shape, inputs } = node
    const inLayer = found.filter((other) => other.node.layer === layer)
    const name = names[layer]!
    const part = inLayer.length < 2 ? '' : found[at] === inLayer[0] ? ', inside' : ', end'
    return { layer, activation, z: inputs[0]!, a, shape, name: `${name}${part}` }
  })
}
