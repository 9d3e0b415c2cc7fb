import type { Evidence, Threshold } from './finding-record'
import { measuredOnGrid } from './finding-record'
import type { RunConfig } from '../network/config'
import { hasBatchNorm } from '../network/layers/first-layer'
import { optimiserOf } from '../network/optimisers'
import { ORDINARY_SIGMA } from './facts'
import type { RunFacts } from './facts'
import type { StartScale } from './start-scale'

/** Share of its start that the mean loss of the first epoch keeps where training hardly begins. */
const PLATEAU_THRESHOLD = 0.95

/** The numbers that a claim about the start rests on. */
export function startEvidence({
  sigma,
  unnormalised,
  predicted,
  gain,
  rms
}: StartScale): Evidence[] {
  const numbers: readonly (Omit<Evidence, 'value' | 'format'> & { readonly value?: number })[] = [
    {
      name: 'spread of z, before training',
      definition:
        unnormalised === undefined
          ? 'std of the first layer’s pre-activations over units, places of a convolution and probe images'
          : 'what the batch normalisation leaves of s, the std of the first layer’s outputs over units, places and probe images: s / sqrt(s² + epsilon)',
      value: sigma
    },
    {
      name: 'spread before the normalisation',
      definition: 's, std of the first layer’s outputs over units, places and probe images',
      value: unnormalised
    },
    {
      name: 'spread of z, predicted',
      definition:
        'sqrt(n Var(w) E[x²]) from the initialiser and the input; zeros of a padding and normalisations behind are not counted',
      value: predicted
    },
    {
      name: 'gain of the initial weights',
      definition: 'sqrt(n Var(w)) of the first layer: about 1 for the usual initialisers',
      value: gain
    },
    {
      name: 'root mean square of the input',
      definition: 'sqrt(E[x²]) of what the first layer is given',
      value: rms
    }
  ]
  return numbers.flatMap(({ value, ...rest }) =>
    value === undefined ? [] : [{ ...rest, value, format: 'number' as const }]
  )
}

/**
 * The loss that training began with. Before training, a network with batch normalisation is tested with
 * moving moments that are nobody's; in its steps it has those of the batch, so the first part of the first
 * epoch counts where its loss is higher.
 */
export function startLoss({ config, start, epochs }: RunFacts): number | undefined {
  if (!start || !(start.trainLoss > 0)) return undefined
  const first = hasBatchNorm(config) ? (epochs[0]?.trace?.loss[0] ?? 0) : 0
  return Math.max(start.trainLoss, first)
}

/** Whether the mean loss of the first epoch is still that before training, or nearly. */
export function plateau(facts: RunFacts): number | undefined {
  const first = facts.epochs[0]
  const begun = startLoss(facts)
  if (!first || begun === undefined) return undefined
  const kept = first.trainLoss / begun
  return kept >= PLATEAU_THRESHOLD && kept <= 1 / PLATEAU_THRESHOLD ? kept : undefined
}

export const PLATEAU: Threshold = {
  name: 'share of the start’s loss in the first epoch',
  value: PLATEAU_THRESHOLD,
  source: measuredOnGrid('runs with too small a start 98.9 to 100 %, healthy runs at most 36 %')
}

export const plateauEvidence = (kept: number): Evidence => ({
  name: 'loss of the first epoch',
  definition: 'mean loss over the first epoch’s steps, as a share of the loss before training',
  value: kept,
  format: 'percent'
})

/** Steps from which a loss that hardly falls is the rate's and not the number of steps. */
export const STEPS_THRESHOLD = 150
/** Share of the start's loss that is gone at the end. */
export const FALL_THRESHOLD = 0.5

/** Share of the start's loss that is gone at the end. */
export function fallOf(facts: RunFacts): number | undefined {
  const begun = startLoss(facts)
  return begun === undefined || !facts.last ? undefined : 1 - facts.last.trainLoss / begun
}

export const fallEvidence = (fall: number): Evidence => ({
  name: 'fall of the loss',
  definition: 'loss before training less mean loss of the last epoch, as a share of the former',
  value: fall,
  format: 'percent'
})

export const stepsEvidence = (steps: number): Evidence => ({
  name: 'steps',
  definition: 'updates of the weights',
  value: steps,
  format: 'integer'
})

/** Greatest loss of a part of the first epoch, over that before training. */
export function peakOf(facts: RunFacts): number | undefined {
  const first = facts.epochs[0]
  const begun = startLoss(facts)
  if (!first || begun === undefined) return undefined
  return Math.max(...(first.trace?.loss ?? [first.trainLoss])) / begun
}

/** A loss that rose so far did not just vary. */
export const PEAK_THRESHOLD = 1.5

export const peakEvidence = (peak: number): Evidence => ({
  name: 'peak of the loss over that before training',
  definition:
    'greatest mean loss of a part of the first epoch, a twentieth of its steps or more, over the loss before training',
  value: peak,
  format: 'number'
})

export const LARGE: Threshold = {
  name: 'spread of z before training',
  value: ORDINARY_SIGMA.max,
  source: measuredOnGrid(
    'faulty runs from 17, healthy runs on inputs of the usual size at most 1.4; LeCun et al. 1998 aim at 1'
  )
}

export const SMALL: Threshold = {
  name: 'spread of z before training',
  value: ORDINARY_SIGMA.min,
  source: measuredOnGrid('faulty runs at most 0.005, healthy runs from 0.55')
}

/** A rate, and what is usual. */
export const rateEvidence = ({ optimiser }: RunConfig): Evidence => ({
  name: 'learning rate',
  definition: `factor on the gradient in each step; ${optimiserOf(optimiser.id).name} usually uses ${optimiserOf(optimiser.id).learningRate}`,
  value: optimiser.learningRate,
  format: 'number'
})
