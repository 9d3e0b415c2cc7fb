import { backward, forward } from './network/network'
import type { NetworkNodes } from './network/network'
import { reader } from './network/parameters'
import { scores } from './network/scores'
import { SUM_OUTPUTS } from './network/sums'
import type { Split, SplitId } from './split'

/** Values of Evaluation, each after the split's name and an underscore. */
export const EVALUATE_OUTPUTS = [...SUM_OUTPUTS, 'guesses'] as const

/**
 * Passes over some rows of a split with the present weights, at rest: feeds NAME_at; fetches sums and guesses,
 * pre-activations NAME_zI of each place where an activation is applied, their maxima by channel
 * NAME_greatest_zI, and NAME_gradientP of each trained parameter's place, of the mean loss.
 */
export function passes(network: NetworkNodes, name: SplitId, split: Split): void {
  const { ops, config, plan, parameters, toInput } = network
  const at = ops.input(`${name}_at`, 'int32')
  const x = toInput(split.rows, at)
  const labels = ops.gatherRows(split.labels, at)
  const pass = { ops, config, plan, x, parameter: reader(ops, parameters) }
  const made = forward(pass)
  const scored = scores({ ops, config, name, labels })
  const { gradient, guess } = scored.take(made[plan.logits]!.output)
  scored.output(gradient)
  ops.output(`${name}_guesses`, guess!)
  plan.activated.forEach((place, at) => {
    const z = made[place.z]!.output
    ops.output(`${name}_z${at}`, z)
    ops.output(
      `${name}_greatest_z${at}`,
      ops.reduce(
        'Max',
        z,
        place.shape.map((_, axis) => axis)
      )
    )
  })
  backward(pass, made, gradient).forEach((of, place) => {
    if (of) ops.output(`${name}_gradient${place}`, of)
  })
}
