import type { Evidence, Threshold } from './finding-record'
import { measuredOnGrid } from './finding-record'
import type { RunConfig } from '../network/config'
import { optimiserOf } from '../network/optimisers'
import { ORDINARY_SIGMA } from './facts'
import type { RunFacts, StartScale } from './facts'

/** Share of its start that the mean loss of the first epoch keeps where training hardly begins. */
const PLATEAU_THRESHOLD = 0.95

/** The numbers that a claim about the start rests on. */
export function startEvidence({ sigma, predicted, gain, rms }: StartScale): Evidence[] {
  const numbers: readonly (Omit<Evidence, 'value' | 'format'> & { readonly value?: number })[] = [
    {
      name: 'spread of z, before training',
      definition: 'std of the first layer’s pre-activations over units and probe images',
      value: sigma
    },
    {
      name: 'spread of z, predicted',
      definition: 'sqrt(n Var(w) E[x²]) from the initialiser and the input',
      value: predicted
    },
    {
      name: 'gain of the initial weights',
      definition: 'sqrt(n Var(w)) of the first layer: about 1 for the usual initialisers',
      value: gain
    },
    {
      name: 'root mean square of the input',
      definition: 'sqrt(E[x²]) of what the network is given',
      value: rms
    }
  ]
  return numbers.flatMap(({ value, ...rest }) =>
    value === undefined ? [] : [{ ...rest, value, format: 'number' as const }]
  )
}

/** Whether the mean loss of the first epoch is still that before training, or nearly. */
export function plateau({ start, epochs }: RunFacts): number | undefined {
  const first = epochs[0]
  if (!start || !first || !(start.trainLoss > 0)) return undefined
  const kept = first.trainLoss / start.trainLoss
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

/** Greatest loss of a part of the first epoch, over that before training. */
export function peakOf({ start, epochs }: RunFacts): number | undefined {
  const first = epochs[0]
  if (!start || !first || !(start.trainLoss > 0)) return undefined
  return Math.max(...(first.trace?.loss ?? [first.trainLoss])) / start.trainLoss
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
