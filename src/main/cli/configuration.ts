import {
  ACTIVATION_IDS,
  DEFAULT_LEARNING_RATE,
  INITIALISER_IDS,
  LOSS_IDS,
  OPTIMISER_IDS,
  TUTORIAL_CONFIG
} from '../../core/network/config'
import type { RunConfig } from '../../core/network/config'
import { CHOICE_IDS } from '../../core/preprocessing/preprocessing'
import type { ChoiceId, ChoiceSpec } from '../../core/preprocessing/preprocessing'
import { number, numbers, text, UsageError, word } from './usage'

type Options = Readonly<Record<string, unknown>>

/** Flags that set a run's configuration, for `train` and `study`. */
export const NETWORK_OPTIONS: readonly (readonly [string, string])[] = [
  ['--activation <id>', `${ACTIVATION_IDS.join(', ')} (relu)`],
  ['--hidden <units>', 'Units of each hidden layer: 128 or 128,64; 0 for none (128)'],
  ['--initialiser <id>', `${INITIALISER_IDS.join(', ')} (glorot-uniform)`],
  ['--optimiser <id>', `${OPTIMISER_IDS.join(', ')} (adam)`],
  ['--learning-rate <rate>', "Step size (Keras' default of the optimiser)"],
  ['--batch <images>', 'Images per step (32)'],
  ['--epochs <count>', 'Passes over the training images (3)'],
  ['--loss <id>', 'exact, or clipped as in Keras of 2018 (exact)'],
  ['--weight-decay <factor>', 'L2 penalty; decoupled for adamw (0)'],
  ['--seed <number>', 'Fixes initial weights and shuffles, alike for every choice (0)'],
  ['--init-factor <factor>', 'Times the initial weights of the first layer (1)'],
  ['--step-factor <factor>', 'Times the learning rate of the first layer (1)'],
  ['--classes <a,b>', 'Only these two classes, with one sigmoid output'],
  ['--limit <images>', 'Only the first so many training images']
]

export const CUSTOM_OPTIONS: readonly (readonly [string, string])[] = [
  ['--custom-centre <numbers>', 'Subtracted by choice custom: one number, or one per channel'],
  ['--custom-divisor <numbers>', 'Divided by in choice custom: one number, or one per channel']
]

/** The run that the flags describe; what is not said is as in the tutorial. */
export function configuration(options: Options, choice: ChoiceSpec): RunConfig {
  const optimiser = word(options, 'optimiser', '--optimiser', OPTIMISER_IDS) ?? 'adam'
  const units = numbers(options, 'hidden', '--hidden', { integer: true, min: 0, max: 8192 }) ?? [
    128
  ]
  const hidden = units.length === 1 && units[0] === 0 ? [] : units
  if (hidden.includes(0)) throw new UsageError('--hidden expects at least one unit in every layer.')
  const pair = numbers(options, 'classes', '--classes', { integer: true, min: 0 })
  if (pair && (pair.length !== 2 || pair[0] === pair[1])) {
    throw new UsageError('--classes expects two different class numbers: --classes 0,1.')
  }
  const firstLayer = (
    key: string,
    flag: string,
    rule: { min: number; above?: boolean }
  ): number[] => [number(options, key, flag, rule) ?? 1, ...hidden.map(() => 1)]
  return {
    ...TUTORIAL_CONFIG,
    choice,
    hidden,
    activation: word(options, 'activation', '--activation', ACTIVATION_IDS) ?? 'relu',
    initialiser:
      word(options, 'initialiser', '--initialiser', INITIALISER_IDS) ?? TUTORIAL_CONFIG.initialiser,
    initFactors: firstLayer('initFactor', '--init-factor', { min: 0, above: true }),
    stepFactors: firstLayer('stepFactor', '--step-factor', { min: 0 }),
    optimiser: {
      ...TUTORIAL_CONFIG.optimiser,
      id: optimiser,
      learningRate:
        number(options, 'learningRate', '--learning-rate', { min: 0, above: true }) ??
        DEFAULT_LEARNING_RATE[optimiser]
    },
    weightDecay: {
      kind: optimiser === 'adamw' ? 'decoupled' : 'l2',
      factor: number(options, 'weightDecay', '--weight-decay', { min: 0 }) ?? 0
    },
    loss: word(options, 'loss', '--loss', LOSS_IDS) ?? 'exact',
    output: pair ? 'sigmoid' : 'softmax',
    classes: pair && [pair[0]!, pair[1]!],
    batch: number(options, 'batch', '--batch', { integer: true, min: 1, max: 65536 }) ?? 32,
    epochs: number(options, 'epochs', '--epochs', { integer: true, min: 1, max: 10000 }) ?? 3,
    seed: number(options, 'seed', '--seed', { integer: true, min: 0, max: 4294967295 }) ?? 0,
    limit: number(options, 'limit', '--limit', { integer: true, min: 1 })
  }
}

/** Every choice that needs no constants of a person. */
const ALL: readonly ChoiceSpec[] = CHOICE_IDS.filter(isFitted).map((id) => ({ id }))

function isFitted(id: ChoiceId): id is Exclude<ChoiceId, 'custom'> {
  return id !== 'custom'
}

/** `--choice unit,raw` or `all`; `custom` takes its constants from --custom-centre and --custom-divisor. */
export function choiceSpecs(options: Options, key: string, flag: string): ChoiceSpec[] | undefined {
  const given = text(options, key, flag)
  if (given === undefined) return undefined
  if (given === 'all') return [...ALL]
  const ids = given.split(',').map((part) => part.trim())
  if (new Set(ids).size < ids.length)
    throw new UsageError(`${flag} names a choice twice: ${given}.`)
  return ids.map((id) => choiceSpec(options, id, flag))
}

/** One choice; required. */
export function singleChoice(options: Options): ChoiceSpec {
  const specs = choiceSpecs(options, 'choice', '--choice')
  if (!specs) throw new UsageError('--choice is missing.', `It is one of ${CHOICE_IDS.join(', ')}.`)
  if (specs.length > 1) throw new UsageError('--choice expects one choice here.')
  return specs[0]!
}

function choiceSpec(options: Options, id: string, flag: string): ChoiceSpec {
  const found = CHOICE_IDS.find((candidate) => candidate === id)
  if (!found) {
    throw new UsageError(`${flag} expects one of ${CHOICE_IDS.join(', ')}; not "${id}".`)
  }
  if (isFitted(found)) return { id: found }
  const centre = numbers(options, 'customCentre', '--custom-centre', {}) ?? [0]
  const divisor = numbers(options, 'customDivisor', '--custom-divisor', {}) ?? [1]
  if (divisor.includes(0)) throw new UsageError('--custom-divisor cannot be 0.')
  return { id: found, centre, divisor }
}
