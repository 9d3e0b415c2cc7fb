import { runConfig } from '../../core/study/config-schema'
import { DEFAULT_LEARNING_RATE } from '../../core/network/config'
import type { OptimiserId } from '../../core/network/config'
import type { Dataset } from '../../core/dataset/dataset'
import { parseNumber, parseNumbers } from '../components/number'
import type { NumberLimits } from '../components/number'
import type { NetworkSettings } from '../state/settings'

/** The network settings as a person types them. */
export interface NetworkDraft {
  hidden: string
  activation: NetworkSettings['activation']
  leakySlope: string
  initialiser: NetworkSettings['initialiser']
  initialStd: string
  optimiser: OptimiserId
  learningRate: string
  momentum: string
  decayKind: 'l2' | 'decoupled'
  decay: string
  batch: string
  epochs: string
  seeds: string
  loss: NetworkSettings['loss']
  output: NetworkSettings['output']
  classA: string
  classB: string
  initFactors: string
  stepFactors: string
  limit: string
}

export type DraftErrors = Partial<Record<keyof NetworkDraft | 'all', string>>

export function draftOf(network: NetworkSettings): NetworkDraft {
  const { optimiser, weightDecay, classes } = network
  return {
    hidden: network.hidden.join(', '),
    activation: network.activation,
    leakySlope: String(network.leakySlope),
    initialiser: network.initialiser,
    initialStd: String(network.initialStd),
    optimiser: optimiser.id,
    learningRate: String(optimiser.learningRate),
    momentum: String(optimiser.momentum),
    decayKind: weightDecay.kind,
    decay: String(weightDecay.factor),
    batch: String(network.batch),
    epochs: String(network.epochs),
    seeds: String(network.seeds),
    loss: network.loss,
    output: network.output,
    classA: String(classes?.[0] ?? 0),
    classB: String(classes?.[1] ?? 1),
    initFactors: network.initFactors.join(', '),
    stepFactors: network.stepFactors.join(', '),
    limit: network.limit === undefined ? '' : String(network.limit)
  }
}

/** The learning rate that goes with an optimiser, unless the person had set their own. */
export function rateAfter(draft: NetworkDraft, next: OptimiserId): string {
  const usual = String(DEFAULT_LEARNING_RATE[draft.optimiser])
  return draft.learningRate.trim() === usual
    ? String(DEFAULT_LEARNING_RATE[next])
    : draft.learningRate
}

const NUMBERS = {
  leakySlope: { min: 0, max: 1 },
  initialStd: { min: 1e-12 },
  learningRate: { min: 1e-12 },
  momentum: { min: 0, max: 0.9999 },
  decay: { min: 0 },
  batch: { min: 1, max: 65536, integer: true },
  epochs: { min: 1, max: 10000, integer: true },
  seeds: { min: 1, max: 50, integer: true },
  limit: { min: 1, integer: true, optional: true }
} satisfies Partial<Record<keyof NetworkDraft, NumberLimits>>

/** Factors of the layers: one for all, or one per layer, hidden layers first, output last. */
function factors(text: string, layers: number, min: number) {
  const { values, error } = parseNumbers(text, { min })
  if (error) return { values, error }
  if (values.length <= 1) return { values: new Array<number>(layers).fill(values[0] ?? 1) }
  if (values.every((value) => value === 1)) return { values: new Array<number>(layers).fill(1) }
  return values.length === layers
    ? { values }
    : { values, error: `${layers} factors: one per hidden layer, then one for the output.` }
}

/** The settings a draft stands for, or what is wrong with it, field by field. */
export function networkOf(
  draft: NetworkDraft,
  before: NetworkSettings,
  dataset: Dataset | undefined
): { readonly network?: NetworkSettings; readonly errors: DraftErrors } {
  const errors: DraftErrors = {}
  const numbers = {} as Record<keyof typeof NUMBERS, number | undefined>
  for (const key of Object.keys(NUMBERS) as (keyof typeof NUMBERS)[]) {
    const { value, error } = parseNumber(draft[key], NUMBERS[key])
    numbers[key] = value
    if (error) errors[key] = error
  }
  const hidden = parseNumbers(draft.hidden, { min: 1, max: 8192, integer: true })
  if (hidden.error) errors.hidden = hidden.error
  else if (hidden.values.length > 16) errors.hidden = 'At most 16 hidden layers.'
  const layers = hidden.values.length + 1
  const init = factors(draft.initFactors, layers, 1e-12)
  const step = factors(draft.stepFactors, layers, 0)
  if (init.error) errors.initFactors = init.error
  if (step.error) errors.stepFactors = step.error

  const two = draft.output === 'sigmoid' && (dataset?.classNames.length ?? 10) > 2
  if (two && draft.classA === draft.classB) errors.classB = 'Two different classes are needed.'
  if (Object.keys(errors).length > 0) return { errors }

  const { classes: _classes, limit: _limit, seeds: _seeds, ...rest } = before
  const config = runConfig.safeParse({
    ...rest,
    choice: { id: 'unit' },
    seed: 0,
    hidden: hidden.values,
    activation: draft.activation,
    leakySlope: numbers.leakySlope,
    initialiser: draft.initialiser,
    initialStd: numbers.initialStd,
    initFactors: init.values,
    stepFactors: step.values,
    optimiser: {
      ...before.optimiser,
      id: draft.optimiser,
      learningRate: numbers.learningRate,
      momentum: numbers.momentum
    },
    weightDecay: { kind: draft.decayKind, factor: numbers.decay },
    loss: draft.loss,
    output: draft.output,
    ...(two && { classes: [Number(draft.classA), Number(draft.classB)] }),
    batch: numbers.batch,
    epochs: numbers.epochs,
    ...(numbers.limit !== undefined && { limit: numbers.limit })
  })
  if (!config.success) return { errors: { all: config.error.issues[0]?.message ?? 'Not valid.' } }
  const { choice: _choice, seed: _seed, ...network } = config.data
  return { network: { ...network, seeds: numbers.seeds ?? 1 }, errors }
}
