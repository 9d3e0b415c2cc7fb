import { activationOf } from '../../core/network/activations'
import type { RunConfig } from '../../core/network/config'
import type { NetworkPlan } from '../../core/network/layers/plan'
import { channelsOf, sizeOfShape } from '../../core/network/layers/shape'
import { deadUnitFraction, PreactivationMeter } from '../../core/saturation/saturation'
import { mean } from '../../core/statistics/mean'
import { balancedAccuracy } from '../../core/study/confusion'
import type { EpochRecord, LayerRecord } from '../../core/study/run'
import { kernelsHere } from '../statistics/kernels-here'
import type { RunImages } from './images'
import { evaluated, firing } from './looking'
import type { Breath } from './looking'
import type { Probe, SampleSums, TrainingSession } from './session'

/** What is measured of a network at rest, after an epoch or before training. */
type Measured = Pick<
  EpochRecord,
  | 'testLoss'
  | 'testAccuracy'
  | 'balancedAccuracy'
  | 'deadUnitFraction'
  | 'saturatedFraction'
  | 'gradientNorms'
  | 'layers'
>

/**
 * With what the test images are taken for, where there are any.
 * @param fired which units fire, as `firing` finds it, where that is known
 */
export async function measure(
  session: TrainingSession,
  config: RunConfig,
  { test, probe, classes, plan }: RunImages,
  breath: Breath,
  fired?: readonly (readonly boolean[])[]
): Promise<{ readonly measured: Measured; readonly guesses?: Int32Array }> {
  const some = probe.rows.length > 0
  const widths = plan.activated.map(({ shape }) => channelsOf(shape))
  const canDie = thatCanDie(plan)
  const dead = canDie.includes(true)
    ? (fired ?? (await firing(session, canDie, breath))).map(deadUnitFraction)
    : undefined
  const meters = some ? await metered(session, probe, plan, config, breath) : []
  const layers = meters.map((meter, at): LayerRecord => ({
    name: plan.activated[at]!.name,
    activation: plan.activated[at]!.activation,
    units: meter.units,
    saturation: meter.saturation,
    ...(dead && canDie[at] ? { deadUnitFraction: dead[at] } : {}),
    preactivation: meter.summary
  }))
  const tested = test.count > 0 ? await evaluated(session, 'test', breath) : undefined
  const measured = {
    ...(tested
      ? {
          testLoss: meanLoss(tested),
          testAccuracy: accuracy(tested),
          balancedAccuracy: balancedAccuracy(test.labels, tested.guesses, classes)
        }
      : {}),
    deadUnitFraction:
      dead &&
      weighted(
        dead.filter((_, at) => canDie[at]),
        widths.filter((_, at) => canDie[at])
      ),
    saturatedFraction: weighted(
      layers.map((layer) => mean(layer.saturation)!),
      widths
    ),
    gradientNorms: some ? session.gradientNorms(probe) : [],
    layers
  }
  return { measured, guesses: tested?.guesses }
}

/** Of each place where an activation is applied, whether its units can die. */
export function thatCanDie({ activated }: NetworkPlan): boolean[] {
  return activated.map(({ activation }) => activationOf(activation).canDie === true)
}

/** One meter for each place where an activation is applied; a probe of one chunk is computed once. */
async function metered(
  session: TrainingSession,
  probe: Probe,
  { activated }: NetworkPlan,
  config: RunConfig,
  breath: Breath
): Promise<PreactivationMeter[]> {
  const { kernels } = kernelsHere()
  const meters = activated.map(
    ({ shape, activation }) =>
      new PreactivationMeter(channelsOf(shape), activationOf(activation, config), kernels)
  )
  for (const chunk of session.preactivations(probe)) {
    meters.forEach((meter, at) => meter.first(chunk[at]!))
    await breath()
    if (chunk[0] && chunk[0].length === probe.rows.length * sizeOfShape(activated[0]!.shape)) {
      meters.forEach((meter, at) => meter.second(chunk[at]!))
      return meters
    }
  }
  for (const chunk of session.preactivations(probe)) {
    meters.forEach((meter, at) => meter.second(chunk[at]!))
    await breath()
  }
  return meters
}

export function meanLoss({ loss, samples }: SampleSums): number {
  return loss / samples
}

export function accuracy({ hits, samples }: SampleSums): number {
  return hits / samples
}

/** The shares of samples without gradient: all, and its two parts. */
export function withoutGradient({
  zeroGradient,
  trapped,
  samples
}: SampleSums): Required<
  Pick<EpochRecord, 'zeroGradientFraction' | 'trappedFraction' | 'learnedFraction'>
> {
  return {
    zeroGradientFraction: zeroGradient / samples,
    trappedFraction: trapped / samples,
    learnedFraction: (zeroGradient - trapped) / samples
  }
}

/** Mean over layers, weighted by their units; undefined without layers. */
function weighted(shares: readonly number[], units: readonly number[]): number | undefined {
  if (shares.length === 0) return undefined
  const total = units.reduce((sum, count) => sum + count, 0)
  return shares.reduce((sum, share, at) => sum + share * units[at]!, 0) / total
}
