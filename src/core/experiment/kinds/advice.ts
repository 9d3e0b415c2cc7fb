import { least, mean } from 'd3-array'
import { z } from 'zod'
import type { Figure } from '../../figure/figure'
import { listText } from '../../figure/words'
import type { RunConfig } from '../../network/config'
import { grouped, percent, plain, points } from '../../numbers'
import { CHOICE_IDS } from '../../preprocessing/preprocessing'
import type { ChoiceSpec } from '../../preprocessing/preprocessing'
import { choiceRecord } from '../../preprocessing/choices'
import { choiceSpec, runConfig } from '../../study/config-schema'
import type { RunRecord } from '../../study/run'
import { divergedNote, endOf, unfinishedText } from '../ends'
import type { End } from '../ends'
import { experimentKind, runOf } from '../kind'
import type { ExperimentFacts, ResultTable } from '../kind'
import {
  chanceAmong,
  differs,
  endingNotes,
  ENOUGH_SEEDS,
  fewSeedsText,
  hasLearned,
  overSeeds,
  overSeedsText,
  seedNotes,
  seedsText,
  withError
} from '../results'
import type { OverSeeds } from '../results'
import { seedList } from '../seeds'
import { bestTraining, epochsTo } from '../traces'

/** A choice that only works with the right learning rate is told by these factors on it. */
const RATE_FACTORS = [0.1, 1, 10] as const
/** Of the best accuracy in training that any of the runs at the learning rate asked for reaches. */
const NEARLY = 0.95

const askSchema = z.strictObject({
  config: runConfig,
  choices: z.array(choiceSpec).min(2).max(CHOICE_IDS.length),
  seeds: seedList
})
type Ask = z.infer<typeof askSchema>

/** What was measured of one choice. */
interface Advised {
  readonly choice: ChoiceSpec
  readonly accuracy: OverSeeds
  /** whether its networks have learned anything */
  readonly learned: boolean
  /** epochs, with parts of them, until the training accuracy is 95 % of the best; absent where a seed does not get there */
  readonly epochs?: number
  /** at each of RATE_FACTORS */
  readonly byRate: readonly AtRate[]
}

interface AtRate {
  /** absent while a seed has no end */
  readonly accuracy?: OverSeeds
  /** how many of the seeds diverged */
  readonly diverged: number
}

const nameOf = ({ id }: ChoiceSpec): string => choiceRecord(id).name
/** Where it ends lowest of its learning rates. */
const worstOf = ({ byRate, accuracy: own }: Advised): OverSeeds =>
  least(
    byRate.flatMap(({ accuracy }) => accuracy ?? []),
    ({ mean: of }) => of
  ) ?? own

function configOf({ config }: Ask, choice: ChoiceSpec, seed: number, factor: number): RunConfig {
  const { optimiser } = config
  const learningRate = Number((optimiser.learningRate * factor).toPrecision(6))
  return { ...config, choice, seed, optimiser: { ...optimiser, learningRate } }
}

const configsOf = (ask: Ask): RunConfig[] =>
  RATE_FACTORS.flatMap((factor) =>
    ask.choices.flatMap((choice) => ask.seeds.map((seed) => configOf(ask, choice, seed, factor)))
  )

function advisedOf(ask: Ask, runs: readonly RunRecord[]): Advised[] {
  const at = (choice: ChoiceSpec, factor: number): (RunRecord | undefined)[] =>
    ask.seeds.map((seed) => runOf(runs, configOf(ask, choice, seed, factor)))
  const level =
    NEARLY * Math.max(0, ...ask.choices.flatMap((choice) => at(choice, 1).map(bestTraining)))
  return ask.choices.flatMap((choice) => {
    const endsAt = (factor: number): End[] =>
      ask.seeds.map((seed) => endOf(runs, configOf(ask, choice, seed, factor)))
    const own = at(choice, 1)
    const found = overSeeds(endsAt(1).flatMap(({ accuracy: end }) => end ?? []))
    if (!found) return []
    const accuracy = withError(found, own[0])
    const learned = hasLearned(accuracy.mean, own[0])
    const reached = own.map((run) => run && epochsTo(run.epochs, level))
    const epochs = reached.every((value) => value !== undefined) ? mean(reached) : undefined
    const byRate = RATE_FACTORS.map((factor): AtRate => {
      const ends = endsAt(factor)
      const there = ends.flatMap(({ accuracy: end }) => end ?? [])
      const found = overSeeds(there)
      return {
        ...(found && there.length === ends.length && { accuracy: withError(found, own[0]) }),
        diverged: ends.filter(({ state }) => state === 'diverged').length
      }
    })
    return [{ choice, accuracy, learned, byRate, ...(epochs !== undefined && { epochs }) }]
  })
}

/** Best first; among those that are not told apart the one that copes best with other learning rates. */
function ranked(advised: readonly Advised[]): { best?: Advised; alike: readonly Advised[] } {
  const sorted = advised
    .filter(({ learned }) => learned)
    .sort((a, b) => b.accuracy.mean - a.accuracy.mean)
  const [top] = sorted
  if (!top) return { alike: [] }
  const alike = sorted.filter((one) => one === top || !differs(top.accuracy, one.accuracy))
  const best = [...alike].sort((a, b) => worstOf(b).mean - worstOf(a).mean)[0]
  return { alike, ...(best && { best }) }
}

/** What to use for these images and this network, and on what evidence. */
export const ADVICE = experimentKind({
  id: 'advice',
  name: 'Which choice to use',
  question: 'Which of these choices serves these images and this network best?',
  ask: askSchema,
  offer: ({ to, choices, seeds }): Ask => ({
    config: to,
    choices:
      choices.length > 1
        ? [...choices]
        : (['raw', 'unit', 'standardised', 'standardised-per-pixel', 'per-image'] as const).map(
            (id) => ({ id })
          ),
    seeds
  }),
  fields: [
    { key: 'seeds', type: 'seeds', name: 'Seeds', help: 'runs per choice and learning rate' }
  ],
  choices: () => [],
  images: ({ config: { limit, classes } }) => ({ limit, classes }),
  plan: configsOf,
  outcome(ask, facts, runs) {
    const advised = advisedOf(ask, runs)
    const planned = configsOf(ask)
    const ends = planned.map((config) => endOf(runs, config))
    const unfinished = unfinishedText(ends)
    const complete = unfinished === undefined
    const { best, alike } = ranked(advised)
    const useless = complete ? uselessText(advised, chanceAmong(runs)) : undefined
    const recommended = complete && useless === undefined ? best?.choice : undefined
    const sentence =
      useless ??
      (complete && best
        ? adviceSentence(best, alike, advised, ask.seeds.length)
        : (unfinished ?? ''))
    const diverged = divergedNote(ends)
    return {
      sentence,
      figures: advised.length > 0 ? [rateFigure(ask, advised, sentence)] : [],
      tables: advised.length > 0 ? [adviceTable(ask, facts, advised)] : [],
      notes: [
        ...(diverged === undefined ? [] : [diverged]),
        ...endingNotes(planned, runs, ['finished', 'diverged']),
        ...seedNotes(ask.seeds.length)
      ],
      ...(recommended && { recommended }),
      data: {
        ...(recommended && { recommended, decided: ask.seeds.length >= ENOUGH_SEEDS }),
        choices: advised.map(({ choice, accuracy, learned, epochs, byRate }) => ({
          ...{
            choice,
            accuracy: accuracy.mean,
            std: accuracy.std,
            accuracyBySeed: accuracy.values,
            learned
          },
          ...(epochs !== undefined && { stepsToNearlyBest: stepsOf(ask, facts, epochs) }),
          byLearningRate: RATE_FACTORS.map((factor, at) => ({
            learningRate: ask.config.optimiser.learningRate * factor,
            accuracy: byRate[at]!.accuracy?.mean,
            std: byRate[at]!.accuracy?.std,
            diverged: byRate[at]!.diverged
          }))
        }))
      }
    }
  }
})

/** Where no choice does better than a network that has learned nothing, none is advised. */
function uselessText(advised: readonly Advised[], chance: number | undefined): string | undefined {
  const [top] = [...advised].sort((a, b) => b.accuracy.mean - a.accuracy.mean)
  if (!top || chance === undefined || advised.some(({ learned }) => learned)) return undefined
  const than = top.accuracy.mean > chance ? ', no more than it may be off by on so few images' : ''
  return `No choice is advised: the best of these networks, under “${nameOf(top.choice)}”, is right on ${percent(top.accuracy.mean)} of the test images, and always naming the most frequent class is right on ${percent(chance)}${than}.`
}

function adviceSentence(
  best: Advised,
  alike: readonly Advised[],
  advised: readonly Advised[],
  seeds: number
): string {
  const few = fewSeedsText(seeds)
  const others = alike.filter((one) => one !== best)
  const rates = `with a tenth and ten times the learning rate it keeps at least ${percent(worstOf(best).mean)}`
  if (alike.length === advised.length && advised.length > 1) {
    const copes = others.every((one) => differs(worstOf(best), worstOf(one)))
      ? `; “${nameOf(best.choice)}” copes best with other learning rates:`
      : `; “${nameOf(best.choice)}” ends at`
    return `No difference seen between these choices at this learning rate${copes} ${overSeedsText(best.accuracy)}, and ${rates}.${few}`
  }
  const same =
    others.length === 0
      ? ''
      : ` ${listText(others.slice(0, 4).map(({ choice }) => `“${nameOf(choice)}”`))} cannot be told apart from it by accuracy.`
  const start =
    seeds < ENOUGH_SEEDS
      ? `Not decided with ${seedsText(seeds)}: “${nameOf(best.choice)}” is ahead with`
      : `Use “${nameOf(best.choice)}” here:`
  return `${start} ${overSeedsText(best.accuracy)}, and ${rates}.${same}${few}`
}

/** Steps of so many epochs, in the facts' number of training images. */
function stepsOf({ config }: Ask, { trainCount }: ExperimentFacts, epochs: number): number {
  return Math.round(epochs * Math.ceil(trainCount / config.batch))
}

function adviceTable(ask: Ask, facts: ExperimentFacts, advised: readonly Advised[]): ResultTable {
  const { config } = ask
  const rates = RATE_FACTORS.map((factor) => plain(config.optimiser.learningRate * factor, 3))
  return {
    title: 'Evidence: test accuracy, and how long it takes',
    columns: [
      { title: 'choice' },
      ...[
        'accuracy',
        '± seeds',
        'steps to 95 % of the best',
        ...rates.map((rate) => `rate ${rate}`)
      ].map((title) => ({ title, right: true }))
    ],
    rows: [...advised]
      .sort((a, b) => b.accuracy.mean - a.accuracy.mean)
      .map(({ choice, accuracy, epochs, byRate }) => [
        nameOf(choice),
        percent(accuracy.mean),
        accuracy.std === undefined ? '–' : points(accuracy.std),
        epochs === undefined ? 'not reached' : grouped(stepsOf(ask, facts, epochs)),
        ...byRate.map((rate) => `${percent(rate.accuracy?.mean)}${rate.diverged > 0 ? ' *' : ''}`)
      ])
  }
}

function rateFigure({ config, seeds }: Ask, advised: readonly Advised[], summary: string): Figure {
  const rates = RATE_FACTORS.map((factor) => config.optimiser.learningRate * factor)
  return {
    id: 'advice-learning-rates',
    title: 'Test accuracy by learning rate',
    subtitle: `mean of ${seeds.length === 1 ? 'one seed' : `${seeds.length} seeds`} after ${config.epochs} epochs; a choice that copes with other rates stays high`,
    definition:
      'Accuracy on the test images at the end of the run, with a tenth of the learning rate asked for, with it, and with ten times of it. A run that diverged counts with the accuracy of the epoch in which it did, and with chance where its weights were no longer numbers.',
    summary,
    x: { label: 'learning rate', scale: 'log', format: 'number' },
    y: { label: 'test accuracy', scale: 'linear', format: 'percent', min: 0, max: 1 },
    marks: advised.map(({ choice, byRate }) => ({
      kind: 'line' as const,
      label: choiceRecord(choice.id).shortName,
      colour: { choice: choice.id },
      dash: choiceRecord(choice.id).colour.line,
      x: rates,
      y: byRate.map((rate) => rate.accuracy?.mean ?? NaN),
      points: true,
      directLabel: true
    }))
  }
}
