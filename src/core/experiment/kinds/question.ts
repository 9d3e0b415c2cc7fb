import { z } from 'zod'
import { lastEpoch } from '../../explanation/finding'
import { trainingFigure } from '../../figure/training'
import { lossOf } from '../../network/losses'
import type { LossId } from '../../network/losses'
import { questionConfigs, QUESTION } from '../../network/question'
import { SETTINGS } from '../../network/settings'
import { percent, plain } from '../../numbers'
import { mean } from '../../statistics/mean'
import { numberWithin } from '../../study/config-schema'
import type { ExperimentFacts } from '../../study/experiment'
import type { RunRecord } from '../../study/run'
import { experimentKind } from '../kind'
import {
  accuracies,
  accuracyData,
  accuracyTable,
  differs,
  resultNotes,
  seedsText
} from '../results'
import type { OverSeeds } from '../results'
import { seedList } from '../seeds'

/** Accuracies further apart than this are called a gap, in [0, 1]. */
const GAP_THRESHOLD = 0.2
/** A trapped share below this is not spoken of, in [0, 1]. */
const TRAPPED_THRESHOLD = 0.005

/** The networks of the question, with the tutorial's own settings. */
export const QUESTION_KIND = experimentKind({
  id: 'question',
  name: 'The question',
  question:
    'Why does the tutorial’s network fail on pixels as they are stored and learn when they are rescaled to [0, 1]?',
  ask: z.strictObject({
    epochs: numberWithin(SETTINGS.epochs.limits),
    seeds: seedList,
    limit: numberWithin(SETTINGS.limit.limits).optional()
  }),
  offer: () => ({ epochs: QUESTION.epochs, seeds: QUESTION.seeds }),
  fields: [
    { key: 'epochs', type: 'number', ...SETTINGS.epochs },
    { key: 'seeds', type: 'seeds', name: SETTINGS.seeds.name, help: SETTINGS.seeds.help }
  ],
  choices: () => QUESTION.choices.map((id) => ({ id })),
  images: ({ limit }) => ({ ...(limit !== undefined && { limit }) }),
  plan: (asked) => questionConfigs(asked),
  outcome(asked, facts, runs) {
    const figures = (['accuracy', 'zero-gradient'] as const).flatMap(
      (measure) => trainingFigure(runs, { measure, split: 'test' }) ?? []
    )
    return {
      sentence: questionSentence(runs, divisorOf(facts)),
      figures,
      tables: [accuracyTable(runs)],
      notes: resultNotes(questionConfigs(asked), runs),
      data: { settings: accuracyData(runs) }
    }
  }
})

/** What the pixels of these images are divided by to lie in [0, 1]: 255 for bytes. */
export function divisorOf({ inputs }: Pick<ExperimentFacts, 'inputs'>): number | undefined {
  const scale = inputs.find(({ choice }) => choice.id === 'unit')?.affine?.scale
  // the reciprocal of a reciprocal
  return scale === undefined ? undefined : Number((1 / scale).toPrecision(12))
}

/** What one loss made of the stored pixels and of the rescaled ones. */
interface Pair {
  readonly loss: LossId
  readonly raw: OverSeeds
  readonly unit: OverSeeds
  /** of the stored samples of the last epoch, in [0, 1] */
  readonly trapped?: number
  readonly epochs: number
}

function pairOf(records: readonly RunRecord[], loss: LossId): Pair | undefined {
  const [raw, unit] = QUESTION.choices.map((id) =>
    records.filter(
      ({ config, status }) =>
        status === 'finished' && config.choice.id === id && config.loss === loss
    )
  ) as [RunRecord[], RunRecord[]]
  const [ofRaw, ofUnit] = [accuracies(raw), accuracies(unit)]
  if (!ofRaw || !ofUnit) return undefined
  return {
    loss,
    raw: ofRaw,
    unit: ofUnit,
    trapped: mean(raw.map((run) => lastEpoch(run)?.trappedFraction)),
    epochs: raw[0]?.config.epochs ?? 0
  }
}

/**
 * What "Reproduce the question" showed: stored pixels against rescaled ones under each loss, side by
 * side, as measured. It names no cause: which switch makes how much of the gap, another experiment measures.
 */
export function questionSentence(records: readonly RunRecord[], divisor?: number): string {
  const rescaled = divisor === undefined ? 'rescaled to [0, 1]' : `divided by ${plain(divisor)}`
  const pairs = QUESTION.losses.flatMap((loss) => pairOf(records, loss) ?? [])
  const [first] = pairs
  if (!first) {
    return `An answer needs finished runs of stored pixels and of pixels ${rescaled} under one loss.`
  }
  const gap = pairs.some(
    ({ raw, unit }) => unit.mean - raw.mean > GAP_THRESHOLD && differs(raw, unit)
  )
  const told = pairs.map(
    ({ loss, raw, unit }) => `${lossOf(loss).label}, ${rangeText(raw)} against ${rangeText(unit)}`
  )
  return [
    ...(gap ? [] : ['The gap in the question did not appear here.']),
    `Test accuracy after ${epochsText(first.epochs)}, stored pixels against pixels ${rescaled}, ${overText(pairs)}: ${told.join('; ')}.`,
    ...trappedTexts(pairs),
    ...(gap
      ? [
          '“Explain the gap” in Why, or “normscope explain”, measures what the gap is made of, one switch at a time.'
        ]
      : [])
  ].join(' ')
}

const epochsText = (epochs: number): string => (epochs === 1 ? 'one epoch' : `${epochs} epochs`)

/** '14.2 ± 5.1 %' */
function rangeText({ mean: centre, std }: OverSeeds): string {
  return std === undefined ? percent(centre) : `${(centre * 100).toFixed(1)} ± ${percent(std)}`
}

function overText(pairs: readonly Pair[]): string {
  const counts = pairs.flatMap(({ raw, unit }) => [raw.values.length, unit.values.length])
  const fewest = Math.min(...counts)
  const most = Math.max(...counts)
  const seeds = fewest === most ? seedsText(most) : `${fewest} to ${most} seeds`
  const what = fewest === 1 ? seeds : `mean ± standard deviation of ${seeds}`
  return fewest < QUESTION.seeds.length ? `${what}, so differences may be chance` : what
}

function trappedTexts(pairs: readonly Pair[]): string[] {
  const told = pairs.flatMap(({ loss, trapped = 0 }) =>
    trapped < TRAPPED_THRESHOLD ? [] : [`${percent(trapped)} under the ${lossOf(loss).label}`]
  )
  return told.length === 0
    ? []
    : [
        `Of the stored samples in the last epoch, these are wrong and have no loss gradient: ${told.join(', ')}.`
      ]
}
