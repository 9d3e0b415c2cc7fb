import type { ActivationId } from '../../activations'
import type { Builder, NodeRef } from '../builder'
import { filters, stride } from '../fields'
import { layerKind } from '../layer'

/** Of its batch normalisations: Keras' defaults. */
export const RESIDUAL_MOMENTUM = 0.99
export const RESIDUAL_EPSILON = 0.001

/**
 * Two convolutions of 3 x 3, each with batch normalisation and no bias, added to what came in and then
 * activated. Where the shape changes, a convolution of 1 x 1 with batch normalisation fits what came in.
 */
export const RESIDUAL = layerKind({
  id: 'residual',
  name: 'Residual block',
  help: 'two convolutions of 3 × 3 with batch normalisation, added to what came in',
  formula: 'f(BN(conv(f(BN(conv(x))))) + x)',
  source: 'He, Zhang, Ren & Sun 2016, the block of ResNet-18, shortcut B',
  activates: 'own',
  composite: true,
  fields: { filters, stride },
  text: {
    write: (values) => `residual-${values.filters}`,
    read: (word) => {
      const found = /^res(?:idual)?-(\d+)$/.exec(word)
      return found ? { filters: Number(found[1]) } : undefined
    },
    example: 'residual-16'
  },
  build(at, input, values, activation) {
    const first = activated(at, convolved(at, input, values.filters, 3, values.stride), activation)
    const second = convolved(at, first, values.filters, 3, 1)
    const [height, width, channels] = at.shapeOf(input)
    const kept = values.stride === 1 && channels === values.filters && height && width
    const shortcut = kept ? input : convolved(at, input, values.filters, 1, values.stride)
    return activated(at, at.add(second, shortcut), activation)
  }
})

function convolved(
  at: Builder,
  input: NodeRef,
  count: number,
  size: number,
  step: number
): NodeRef {
  const made = at.conv(input, count, { size, stride: step, padding: 'same' }, false)
  return at.batchNorm(made, RESIDUAL_MOMENTUM, RESIDUAL_EPSILON)
}

function activated(at: Builder, input: NodeRef, activation: ActivationId | undefined): NodeRef {
  return activation === undefined ? input : at.activation(input, activation)
}
