import type { PlanParameter } from '../../core/network/layers/builder'
import type { NetworkPlan } from '../../core/network/layers/plan'

/** Gradients of a loss with respect to parameters, by their places in the plan. */
export type Gradients = ReadonlyMap<number, Float32Array>

/** L2 norm for each layer that has some of these gradients, over all of them; output last. */
export function normsByLayer({ layers }: NetworkPlan, gradients: Gradients): number[] {
  return layers.flatMap(({ parameters }) => {
    const own = parameters.flatMap((place) => gradients.get(place) ?? [])
    return own.length === 0 ? [] : [norm(own)]
  })
}

/** In float64: in float32 the square of a vanishing gradient of 1e-23 would be 0. */
function norm(arrays: readonly Float32Array[]): number {
  let squares = 0
  for (const values of arrays) for (const value of values) squares += value * value
  return Math.fround(Math.sqrt(squares))
}

/** Of each value of an image: the sum of |gradient| over the units of the kernel that sees it by itself. */
export function pulls(gradient: Float32Array, { shape }: PlanParameter): Float32Array {
  const [inputs = 0, units = 0] = shape
  return Float32Array.from({ length: inputs }, (_, at) => {
    let sum = 0
    for (let unit = 0; unit < units; unit++) sum += Math.abs(gradient[at * units + unit]!)
    return sum
  })
}
