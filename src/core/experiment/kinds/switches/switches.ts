import { mean } from 'd3-array'
import { z } from 'zod'
import { firstLayer } from '../../../network/layers/first-layer'
import { SETTINGS } from '../../../network/settings'
import { grouped, percent, points } from '../../../numbers'

import { runConfig } from '../../../study/config-schema'
import { divergedNote } from '../../ends'
import { experimentKind } from '../../kind'
import { ENOUGH_SEEDS } from '../../results'
import { seedList } from '../../seeds'
import { configsOf, trialOf } from './cells'
import type { SwitchesAsk, Trial } from './cells'
import { isOn } from './design'
import { figuresOf } from './figures'
import { resultOf, rowsOf } from './result'
import type { Result, Row } from './result'
import { scalesFirstLayer } from './relation'
import { differ } from './switch'
import { sentenceOf } from './sentence'
import { tablesOf } from './tables'

const ask: z.ZodType<SwitchesAsk> = z
  .strictObject({
    from: runConfig,
    to: runConfig,
    seeds: seedList
  })
  .refine(({ from, to }) => !differ(from.classes, to.classes), {
    path: ['to', 'classes'],
    message: 'the same classes as the first setting: accuracies of two tasks are not one gap'
  })

/** What of a gap between two settings comes from which of their differences. */
export const SWITCHES = experimentKind({
  id: 'switches',
  name: 'Explain the gap',
  question: 'Of the gap between two settings, how much comes from each thing in which they differ?',
  ask,
  offer: ({ from, to, seeds }) => ({ from, to, seeds }),
  fields: [
    {
      key: 'seeds',
      type: 'seeds',
      name: SETTINGS.seeds.name,
      help: 'each combination is trained with every seed'
    }
  ],
  images: ({ from: { limit, classes } }) => ({ limit, classes }),
  choices: ({ from, to }) => [from.choice, to.choice],
  plan: (asked, facts) => configsOf(trialOf(asked, facts)),
  outcome(asked, facts, runs) {
    const trial = trialOf(asked, facts)
    const rows = rowsOf(trial, runs)
    const result = resultOf(trial, rows)
    const sentence = sentenceOf(trial, rows, result)
    return {
      sentence,
      figures: result ? figuresOf(trial, result) : [],
      tables: tablesOf(trial, rows, result),
      notes: notesOf(asked, trial, rows, result),
      data: dataOf(asked, trial, rows, result, sentence)
    }
  }
})

/** Why the choice is one switch where the input's scale is not a matter of the first layer's settings. */
function scaleNotes({ from, to }: SwitchesAsk): string[] {
  if (!differ([from.choice, from.input], [to.choice, to.input])) return []
  const sides = [from, to].filter((config) => !scalesFirstLayer(config))
  if (sides.length === 0) return []
  const normalised = sides.some((config) => firstLayer(config).before !== undefined)
  return [
    normalised
      ? 'A normalisation of the input takes its scale away but for its epsilon, so no weights or learning rate of the first layer are as good as another scale: the choice is one switch.'
      : 'The first layer is a residual block, whose convolutions share their factors, so it cannot make up for the scale of the input: the choice is one switch.'
  ]
}

function notesOf(
  asked: SwitchesAsk,
  trial: Trial,
  rows: readonly Row[],
  result: Result | undefined
): string[] {
  const { design, seeds, switches } = trial
  const diverged = divergedNote(rows.flatMap(({ ends }) => ends))
  const notes: string[] = diverged === undefined ? [] : [diverged]
  if (seeds.length < ENOUGH_SEEDS && switches.length > 0) {
    notes.push(`With fewer than ${ENOUGH_SEEDS} seeds, differences may be chance.`)
  }
  if (result && design.kind === 'full' && switches.length > 1) {
    notes.push(
      'No order of switching is the true one: the range over all orders stands with each share.'
    )
  }
  const { sampledImages } = trial
  if (sampledImages !== undefined) {
    notes.push(`Mean and std of the inputs are of ${grouped(sampledImages)} training images.`)
  }
  if (design.kind === 'fractional') {
    const left = result?.unassigned
    notes.push(
      `${switches.length} switches have ${2 ** switches.length} combinations; ${design.cells.length} are trained: a fraction of resolution IV with ${design.fraction.length}, each switch alone, and all but each. What a switch changes is measured where it is switched first and where it is switched last; in the orders between it may change more or less. Shares are estimates of main effects, confounded with some interactions of three switches and more.${left === undefined ? '' : ` Such interactions hold ${points(left)} of the gap, shared out equally.`}`
    )
  }
  notes.push(...scaleNotes(asked))
  const check = rows.find(({ cell }) => cell === undefined)
  if (result && check) notes.push(checkText(trial.names[1], result, check))
  return notes
}

function checkText(name: string, { to }: Result, { ends, accuracy }: Row): string {
  const largest = Math.max(...ends.map((end, at) => Math.abs(end.accuracy! - to[at]!)))
  return `Check: by the identity of scalings, all switches on is ${name}. Trained itself, that ends at ${percent(accuracy)}, all switches on at ${percent(mean(to))}; the largest difference on a seed is ${points(largest)}. In exact arithmetic they are one training.`
}

/** For programs. */
function dataOf(
  { from, to }: SwitchesAsk,
  trial: Trial,
  rows: readonly Row[],
  result: Result | undefined,
  sentence: string
) {
  const { switches, design, seeds, names } = trial
  const bySwitch = <T>(value: (at: number) => T | undefined): Record<string, T> =>
    Object.fromEntries(
      switches.flatMap(({ name }, at) => {
        const found = value(at)
        return found === undefined ? [] : [[name, found]]
      })
    )
  const accuracies = ({ ends, accuracy }: Row) => ({
    accuracyBySeed: ends.map((end) => end.accuracy),
    ...(ends.some(({ state }) => state === 'diverged') && {
      diverged: seeds.filter((_, at) => ends[at]!.state === 'diverged')
    }),
    accuracy
  })
  const check = rows.find(({ cell }) => cell === undefined)
  return {
    from: {
      name: names[0],
      choice: from.choice.id,
      loss: from.loss,
      ...(result && { accuracy: mean(result.from) })
    },
    to: {
      name: names[1],
      choice: to.choice.id,
      loss: to.loss,
      ...(result && { accuracy: mean(result.to) })
    },
    gap: result?.gap,
    gapSpread: result?.gapSpread,
    seeds,
    design: { kind: design.kind, cells: design.cells.length, of: 2 ** design.switches },
    switches: switches.map(({ name }) => name),
    labels: bySwitch((at) => switches[at]!.label),
    cells: rows
      .filter(({ cell }) => cell !== undefined)
      .map((row) => ({
        on: switches.filter((_, at) => isOn(row.cell!, at)).map(({ name }) => name),
        ...accuracies(row)
      })),
    check: check && accuracies(check),
    shapley: result && bySwitch((at) => result.shares[at]!.share),
    spread: result && bySwitch((at) => result.shares[at]!.spread),
    range: result && bySwitch((at) => result.shares[at]!.range),
    firstAndLast: result && bySwitch((at) => result.shares[at]!.ends),
    unassigned: result?.unassigned,
    sentence
  }
}
