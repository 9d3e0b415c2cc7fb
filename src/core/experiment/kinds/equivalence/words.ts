import { listText } from '../../../figure/words'
import type { RunConfig } from '../../../network/config'
import { decayKindOf } from '../../../network/decay'
import { has, MOVED, movedFactors, offsetVanishes } from '../../../network/equivalent'
import type { MovedId } from '../../../network/equivalent'
import { firstLayer } from '../../../network/layers/first-layer'
import { optimiserOf } from '../../../network/optimisers'
import { recordOf } from '../../../network/setting'
import { plain } from '../../../numbers'
import type { InputMap } from '../../../preprocessing/input'
import type { RunRecord } from '../../../study/run'
import { isExact, keptOf, powerOfTwo } from './ask'
import type { Ask, Difference, Verdict } from './ask'
import type { ResultTable } from '../../kind'

const sized = (factor: number, large: string, small: string): string =>
  factor >= 1 ? `${plain(factor)} times ${large}` : `${plain(1 / factor)} times ${small}`

/** What is wrong with a part of the first layer that stays while the input is `scale` times as large. */
const REASONS: Readonly<Record<MovedId, (config: RunConfig, scale: number) => string>> = {
  init: (config, scale) =>
    firstLayer(config).behind
      ? `behind the normalisation only their steps beside their size count, and these are ${sized(1 / movedFactors(config, scale).init, 'too small', 'too large')}`
      : `they are ${sized(1 / movedFactors(config, scale).init, 'too large', 'too small')} for this input`,
  step: (config, scale) =>
    `its steps change the network ${sized(1 / movedFactors(config, scale).step, 'too much', 'too little')}`,
  epsilon: (config, scale) =>
    `beside gradients that are ${sized(scale, 'as large', 'smaller')} it is ${sized(movedFactors(config, scale).epsilon, 'too small', 'too large')}`,
  decay: (config, scale) =>
    `it is ${sized(movedFactors(config, scale).decay, 'too weak', 'too strong')} for weights that are ${sized(scale, 'smaller', 'larger')}`
}

export function reasonsOf(ask: Ask): string {
  const { config, scale, offset } = ask
  const keep = keptOf(ask)
  const reasons: string[] = []
  if (keep && scale !== 1 && has(config, keep)) {
    const { name } = recordOf(MOVED, keep)
    reasons.push(`the ${name} of the first layer stayed: ${REASONS[keep](config, scale)}`)
  }
  if (offset !== 0 && !offsetVanishes(config)) {
    const { bias, padded } = firstLayer(config)
    const border = padded ? ', and not at the border, where the convolution sees zeros' : ''
    reasons.push(
      bias
        ? `the offset is undone at the start only${border}: the gradient of every first-layer weight holds ${plain(offset)} times that of its unit’s bias besides`
        : 'the first layer has no bias that could undo the offset'
    )
  }
  return reasons.join(', and ')
}

export function mapText({ scale, offset }: InputMap): string {
  const factor = scale === 1 && offset !== 0 ? '' : ` × ${plain(scale)}`
  const shift = offset === 0 ? '' : ` ${offset < 0 ? '−' : '+'} ${plain(Math.abs(offset))}`
  return `input${factor}${shift}`
}

/** Whether the first biases undo the offset. */
const biasesMove = ({ config, offset }: Ask): boolean =>
  offset !== 0 && !offsetVanishes(config) && firstLayer(config).bias

/** 'initial weights, learning rate and epsilon' */
function movedText(ask: Ask): string {
  const keep = keptOf(ask)
  const moves = ask.scale === 1 ? [] : MOVED
  const parts = moves.filter(({ id }) => id !== keep && has(ask.config, id)).map(({ name }) => name)
  const biases = biasesMove(ask)
  return listText([...parts, ...(biases ? ['biases'] : [])])
}

export function sentenceOf(
  ask: Ask,
  verdict: Verdict,
  differences: readonly Difference[],
  ended: { readonly original?: RunRecord; readonly moved?: RunRecord; readonly unrounded?: number }
): string {
  const moved = movedText(ask)
  const normalised = firstLayer(ask.config).before !== undefined && ask.scale !== 1
  const along = normalised
    ? ', with the epsilon of the normalisation of the input moved along'
    : moved === ''
      ? ''
      : `, with the first layer’s ${moved} moved along`
  const start = `On the ${mapText(ask)}${along},`
  const because = reasonsOf(ask)
  const [first] = differences
  if (ended.moved?.status === 'diverged' && ended.original?.status === 'finished') {
    return `${start} training diverges, while on the unchanged input it does not${because ? `, because ${because}` : ''}.`
  }
  if (!first) return 'The two runs have not both completed an epoch.'
  const most = `largest relative difference over an epoch ${plain(first.difference, 2)}`
  const power = mapText({ scale: powerOfTwo(ask.scale), offset: 0 })
  const bits = `changes in the last bit of the initial weights make up to ${plain(first.rounding, 2)}`
  const said: Readonly<Record<Exclude<Verdict, 'waiting'>, string>> = {
    same: 'both losses are equal in all six digits that are recorded',
    coincide: `both losses coincide (${most})`,
    rounding: `both losses coincide but for rounding (${most}; ${bits}): on the ${power}, which rounds nothing, they are equal in all digits`,
    part: because
      ? `the losses part (${most}) because ${because}`
      : `the losses part (${most}; ${bits}), and rounding alone does not explain it: on the ${power} they part by ${plain(ended.unrounded, 2)}`,
    'none-seen': `no difference beyond rounding is seen (${most}; ${bits}), although ${because}`
  }
  return `${start} ${said[verdict as keyof typeof said]}.`
}

export function factorTable(ask: Ask): ResultTable {
  const { config, scale, offset } = ask
  const keep = keptOf(ask)
  const exact = movedFactors(config, scale)
  const used = movedFactors(config, scale, keep)
  const factor = (value: number): string => `× ${plain(value, 6)}`
  return {
    title: 'The first layer',
    columns: [
      { title: 'setting' },
      { title: 'equivalent', right: true },
      { title: 'set to', right: true }
    ],
    rows: [
      ...MOVED.filter(({ id }) => has(config, id)).map(({ id, name }) => [
        name,
        factor(exact[id]),
        factor(used[id])
      ]),
      ...(firstLayer(config).before !== undefined && scale !== 1
        ? [['epsilon of the normalisation', factor(scale ** 2), factor(scale ** 2)]]
        : []),
      ...(!biasesMove(ask)
        ? []
        : [['initial biases', 'none', `− ${plain(offset)} × sums of the initial weights`]])
    ]
  }
}

export function differenceTable(differences: readonly Difference[]): ResultTable {
  const titles = ['epoch', 'moved', 'last bit of the initial weights changed']
  return {
    title: 'Largest relative difference of the losses',
    columns: titles.map((title) => ({ title, right: true })),
    rows: differences.map(({ epoch, difference, rounding }) => [
      String(epoch),
      plain(difference, 2),
      plain(rounding, 2)
    ])
  }
}

/** What the layers before and behind the first kernel make of the input's scale and offset. */
function layerNotes({ config, keep, offset }: Ask): string[] {
  const { before, behind } = firstLayer(config)
  const notes: string[] = []
  if (before !== undefined) {
    notes.push(
      'The network normalises its input before its first weights: in training nothing depends on the scale of the input but by the epsilon of that normalisation. Tests use moving moments, which follow by steps.'
    )
    if (keep !== 'nothing') notes.push('Nothing of the first layer moves, so nothing of it stays.')
  } else if (behind) {
    notes.push(
      'A normalisation stands behind the first layer: with any factor on its weights it gives the same but for its epsilon, and the gradient is divided by that factor. So what counts is the size of its steps beside that of its weights.'
    )
  }
  if (offset !== 0 && offsetVanishes(config)) {
    notes.push(
      'The normalisation takes the offset away: training does not depend on it, but for the digits that float32 has left beside the offset.'
    )
  }
  return notes
}

export function notesOf(ask: Ask): string[] {
  const keep = keptOf(ask)
  const exact = Number.isInteger(Math.log2(ask.scale))
  return [
    'Losses are means over 20 equal parts of an epoch, in six digits.',
    ...(isExact(ask)
      ? [
          exact
            ? 'A scale that is a power of two changes no digit of a float32 number: nothing is rounded differently.'
            : 'The scale is no power of two: numbers are rounded differently, and training enlarges such differences from step to step.'
        ]
      : []),
    ...layerNotes(ask),
    ...(keep && !has(ask.config, keep) && firstLayer(ask.config).before === undefined
      ? [
          `${optimiserOf(ask.config.optimiser.id).name} without ${recordOf(MOVED, keep).name} has nothing to keep.`
        ]
      : []),
    ...(keep === 'step' && decayKindOf(ask.config) === 'decoupled' && has(ask.config, 'decay')
      ? ['Decoupled weight decay acts with the learning rate, and stays with it.']
      : [])
  ]
}
