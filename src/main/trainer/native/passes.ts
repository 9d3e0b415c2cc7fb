import { backward, forward } from './network/network'
import type { NetworkNodes } from './network/network'
import { reader } from './network/parameters'
import { scores } from './network/scores'
import { SUM_OUTPUTS } from './network/sums'
import type { StoredImages } from './stored-images'

const NAME = 'look'

/** Values of Evaluation. */
export const EVALUATE_OUTPUTS = [...SUM_OUTPUTS, 'guesses'].map((name) => `${NAME}_${name}`)

/** The rows of the images of a pass. */
export const LOOK_AT = `${NAME}_at`

/** Pre-activations of a place where an activation is applied. */
export const preactivationsAt = (place: number): string => `${NAME}_z${place}`

/** The same, of each channel the greatest. */
export const greatestAt = (place: number): string => `${NAME}_greatest_z${place}`

/** The gradient of the mean loss with respect to the trained parameter at a place of the plan. */
export const gradientOf = (place: number): string => `${NAME}_gradient${place}`

/** Passes over some images with the present weights, at rest: feeds LOOK_AT, fetches what is named above. */
export function passes(network: NetworkNodes, images: StoredImages): void {
  const { ops, config, plan, parameters, toInput } = network
  const at = ops.input(LOOK_AT, 'int32')
  const x = toInput(images.rows, at)
  const labels = ops.gatherRows(images.labels, at)
  const pass = { ops, config, plan, x, parameter: reader(ops, parameters) }
  const made = forward(pass)
  const scored = scores({ ops, config, name: NAME, labels })
  const { gradient, guess } = scored.take(made[plan.logits]!.output)
  scored.output(gradient)
  ops.output(`${NAME}_guesses`, guess!)
  plan.activated.forEach((place, at) => {
    const z = made[place.z]!.output
    ops.output(preactivationsAt(at), z)
    ops.output(
      greatestAt(at),
      ops.reduce(
        'Max',
        z,
        place.shape.map((_, axis) => axis)
      )
    )
  })
  backward(pass, made, gradient).forEach((of, place) => {
    if (of) ops.output(gradientOf(place), of)
  })
}
