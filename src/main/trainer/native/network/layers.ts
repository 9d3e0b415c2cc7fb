import type { ActivationValues } from '../../../../core/network/activations'
import type { RunConfig } from '../../../../core/network/config'
import { ACTIVATION_NODES } from './activations'
import type { Tensor } from '../tensorflow/graph'
import type { Ops } from '../tensorflow/ops'
import type { Slots } from './optimisers'

/** A dense layer's parameters. */
export interface DenseLayer {
  readonly inputs: number
  readonly outputs: number
  /** [inputs, outputs] */
  readonly kernel: Slots
  /** [outputs] */
  readonly bias: Slots
}

/** What a layer computed for one batch. */
export interface LayerPass {
  readonly kernel: Tensor
  /** [batch, inputs] */
  readonly input: Tensor
  /** pre-activations [batch, outputs] */
  readonly z: Tensor
  /** activations [batch, outputs]; of the last layer the logits */
  readonly a: Tensor
}

export interface LayerGradient {
  readonly kernel: Tensor
  readonly bias: Tensor
}

/** Forward pass of all layers; the last one is linear (logits). */
export function forward(
  ops: Ops,
  config: Pick<RunConfig, 'activation'> & ActivationValues,
  layers: readonly DenseLayer[],
  x: Tensor
): LayerPass[] {
  const activation = ACTIVATION_NODES[config.activation]
  const passes: LayerPass[] = []
  let input = x
  layers.forEach((layer, at) => {
    const kernel = ops.read(layer.kernel.variable)
    const z = ops.biasAdd(ops.matMul(input, kernel), ops.read(layer.bias.variable))
    const a = at === layers.length - 1 ? z : activation.forward(ops, z, config)
    passes.push({ kernel, input, z, a })
    input = a
  })
  return passes
}

/** Gradients of the mean loss; `upstream` is that with respect to the logits [batch, outputs]. */
export function backward(
  ops: Ops,
  config: Pick<RunConfig, 'activation'> & ActivationValues,
  passes: readonly LayerPass[],
  upstream: Tensor
): LayerGradient[] {
  const activation = ACTIVATION_NODES[config.activation]
  const gradients: LayerGradient[] = []
  let ofZ = upstream
  for (let at = passes.length - 1; at >= 0; at--) {
    const pass = passes[at]!
    gradients.unshift({
      kernel: ops.matMul(pass.input, ofZ, true, false),
      bias: ops.reduce('Sum', ofZ, [0])
    })
    const below = passes[at - 1]
    if (!below) break
    const ofA = ops.matMul(ofZ, pass.kernel, false, true)
    ofZ = activation.gradient(ops, { upstream: ofA, z: below.z, a: below.a }, config)
  }
  return gradients
}

/** Variables for a stack of dense layers, with so many values of the optimiser's state per weight. */
export function denseLayers(
  ops: Ops,
  sizes: readonly { readonly inputs: number; readonly outputs: number }[],
  slots: number
): DenseLayer[] {
  const parameter = (name: string, shape: readonly number[]): Slots => ({
    variable: ops.variable(name, 'float', shape),
    slots: Array.from({ length: slots }, (_, at) =>
      ops.variable(`${name}_slot${at}`, 'float', shape)
    )
  })
  return sizes.map(({ inputs, outputs }, at) => ({
    inputs,
    outputs,
    kernel: parameter(`kernel${at}`, [inputs, outputs]),
    bias: parameter(`bias${at}`, [outputs])
  }))
}
