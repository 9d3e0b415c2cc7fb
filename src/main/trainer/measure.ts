import { activationOf } from '../../core/network/activations'
import { channelsOf } from '../../core/network/layers/shape'
import type { RunConfig } from '../../core/network/config'
import {
  deadUnitFraction,
  preactivationSummary,
  saturationPerUnit
} from '../../core/saturation/saturation'
import { mean } from '../../core/statistics/mean'
import { balancedAccuracy } from '../../core/study/confusion'
import type { EpochRecord, LayerRecord } from '../../core/study/run'
import type { RunImages } from './images'
import type { SampleSums, TrainingSession } from './session'

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

/** With what the test images are taken for, where there are any. */
export function measure(
  session: TrainingSession,
  config: RunConfig,
  { test, probe, classes, plan }: RunImages
): { readonly measured: Measured; readonly guesses?: Int32Array } {
  const activation = activationOf(config.activation, config)
  const some = probe.rows.length > 0
  const widths = plan.activated.map(({ shape }) => channelsOf(shape))
  const dead = activation.canDie
    ? session.greatestPreactivations().map(deadUnitFraction)
    : undefined
  const z = some ? session.preactivations(probe) : []
  const layers = z.map((values, at): LayerRecord => {
    const units = widths[at]!
    return {
      units,
      saturation: saturationPerUnit(values, units, activation),
      ...(dead ? { deadUnitFraction: dead[at] } : {}),
      preactivation: preactivationSummary(values)
    }
  })
  const tested = test.count > 0 ? session.evaluate('test') : undefined
  const measured = {
    ...(tested
      ? {
          testLoss: meanLoss(tested),
          testAccuracy: accuracy(tested),
          balancedAccuracy: balancedAccuracy(test.labels, tested.guesses, classes)
        }
      : {}),
    deadUnitFraction: dead && weighted(dead, widths),
    saturatedFraction: weighted(
      layers.map((layer) => mean(layer.saturation)!),
      widths
    ),
    gradientNorms: some ? session.gradientNorms(probe) : [],
    layers
  }
  return { measured, guesses: tested?.guesses }
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
