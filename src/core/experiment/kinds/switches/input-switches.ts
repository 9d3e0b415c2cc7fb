import { decayKindOf } from '../../../network/decay'
import { optimiserOf } from '../../../network/optimisers'
import { plain } from '../../../numbers'
import { choiceRecord } from '../../../preprocessing/choices'
import type { ChoiceId } from '../../../preprocessing/preprocessing'
import { near, scalesFirstLayer } from './relation'
import { decayed, differ, firstOf, kernelOf } from './switch'
import type { SwitchRecord } from './switch'

/** 'First-layer weights ÷ 255' */
const factorText = (factor: number): string =>
  factor < 1 ? `÷ ${plain(1 / factor)}` : `× ${plain(factor)}`

/** A choice for each pixel differs from one for the whole set in this alone, at equal mean and spread. */
const EACH_PIXEL: Readonly<
  Partial<Record<ChoiceId, { readonly name: string; readonly label: string }>>
> = {
  'standardised-per-pixel': {
    name: 'per-pixel scale',
    label: 'Each pixel by its own mean and std'
  },
  'centred-per-pixel': { name: 'per-pixel centring', label: 'Each pixel by its own mean' }
}
const WHOLE_SET: readonly ChoiceId[] = [
  'raw',
  'unit',
  'symmetric',
  'standardised',
  'centred',
  'robust',
  'custom'
]

const form: SwitchRecord = ({ from, to, relation }) => {
  if (relation.whole) return undefined
  const each = scalesFirstLayer(from) && scalesFirstLayer(to) && EACH_PIXEL[to.choice.id]
  const { name, shortName } = choiceRecord(to.choice.id)
  const moved = relation.ratio !== 1 || relation.shift !== 0
  const named =
    each && WHOLE_SET.includes(from.choice.id)
      ? each
      : { name: 'choice', label: moved ? `${shortName}, at the same mean and std` : name }
  return {
    ...named,
    noun: named.name === 'choice' ? 'the choice itself' : named.name,
    part: 'form'
  }
}

const centring: SwitchRecord = ({ relation: { shift } }) =>
  shift === 0
    ? undefined
    : {
        name: 'centring',
        noun: 'centring',
        label: `Input ${shift < 0 ? '−' : '+'} ${plain(Math.abs(shift))}`,
        part: 'centring'
      }

const weights: SwitchRecord = (pair) => {
  const [before, after] = [
    firstOf(pair.from, 'initFactors'),
    kernelOf(pair).init * firstOf(pair.to, 'initFactors')
  ]
  if (near(before, after)) return undefined
  return {
    name: 'first-layer weights',
    noun: 'the first layer’s initial weights',
    label: `First-layer weights ${factorText(after / before)}`,
    part: 'weights'
  }
}

const rate: SwitchRecord = (pair) => {
  const { from, to } = pair
  const changes = [from, to].map((config) => {
    const { step, epsilon } = kernelOf(pair, config)
    const heedsEpsilon = 'epsilon' in optimiserOf(config.optimiser.id).parameters
    return {
      rate: (step * firstOf(to, 'stepFactors')) / firstOf(from, 'stepFactors'),
      epsilon: heedsEpsilon
        ? (epsilon * firstOf(to, 'epsilonFactors')) / firstOf(from, 'epsilonFactors')
        : 1
    }
  })
  if (changes.every((change) => near(change.rate, 1) && near(change.epsilon, 1))) return undefined
  return {
    name: 'first-layer learning rate',
    noun: 'the first layer’s learning rate',
    label: `First-layer learning rate ${factorText(changes[1]!.rate)}`,
    part: 'rate'
  }
}

/** Where the two decay differently altogether, the scale goes with that. */
const decayScale: SwitchRecord = (pair) => {
  const { from, to } = pair
  if (differ(decayed(from, to), decayed(to, from)) || from.weightDecay.factor === 0)
    return undefined
  const kinds = [from, to].map(decayKindOf)
  const change = kinds.includes('l2') ? pair.relation.ratio ** -2 : 1
  const factor = (change * firstOf(to, 'decayFactors')) / firstOf(from, 'decayFactors')
  if (near(factor, 1)) return undefined
  return {
    name: 'first-layer weight decay',
    noun: 'the first layer’s weight decay',
    label: `First-layer weight decay ${factorText(factor)}`,
    part: 'decay'
  }
}

/** What makes one setting's input the other's, in the order in which tables have them. */
export const INPUT_SWITCHES: readonly SwitchRecord[] = [form, centring, weights, rate, decayScale]
