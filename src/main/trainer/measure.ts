import { activationOf } from '../../core/network/activations'
import type { RunConfig } from '../../core/network/config'
import {
  deadUnitFraction,
  preactivationSummary,
  saturationPerUnit
} from '../../core/saturation/saturation'
import { mean } from '../../core/statistics/mean'
import type { EpochRecord, LayerRecord } from '../../core/study/run'
import type { RunImages } from './images'
import type { SampleSums, TrainingSession } from './session'

/** What is measured of a network at rest, after an epoch or before training. */
export type Measured = Pick<
  EpochRecord,
  | 'testLoss'
  | 'testAccuracy'
  | 'deadUnitFraction'
  | 'saturatedFraction'
  | 'gradientNorms'
  | 'layers'
>

export function measure(
  session: TrainingSession,
  config: RunConfig,
  { test }: RunImages
): Measured {
  const activation = activationOf(config.activation, config)
  const probe = Math.min(config.probeImages, test.count)
  const dead = activation.canDie
    ? session.greatestPreactivations().map(deadUnitFraction)
    : undefined
  const z = probe > 0 ? session.preactivations(probe) : []
  const layers = z.map((values, at): LayerRecord => {
    const units = config.hidden[at]!
    return {
      units,
      saturation: saturationPerUnit(values, units, activation),
      ...(dead ? { deadUnitFraction: dead[at] } : {}),
      preactivation: preactivationSummary(values)
    }
  })
  const tested = test.count > 0 ? session.evaluate('test') : undefined
  return {
    ...(tested ? { testLoss: meanLoss(tested), testAccuracy: accuracy(tested) } : {}),
    deadUnitFraction: dead && weighted(dead, config.hidden),
    saturatedFraction: weighted(
      layers.map((layer) => mean(layer.saturation)!),
      config.hidden
    ),
    gradientNorms: probe > 0 ? session.gradientNorms(probe) : [],
    layers
  }
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
