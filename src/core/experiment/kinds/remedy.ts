import { z } from 'zod'
import { trainingFigure } from '../../figure/training'
import type { RunConfig } from '../../network/config'
import { percent, points } from '../../numbers'
import { runConfig } from '../../study/config-schema'
import { upperFirst } from '../../text'
import { divergedNote, endOf, endText, unfinishedText } from '../ends'
import type { End } from '../ends'
import { configKey, experimentKind, runOf } from '../kind'
import { chanceText, ENOUGH_SEEDS, isSeen, overSeeds, seedsText } from '../results'
import type { OverSeeds } from '../results'
import { seedList } from '../seeds'

const MAX_NAME = 120

const ask = z
  .strictObject({
    /** the setting as it was */
    config: runConfig,
    /** the same with the remedy */
    changed: runConfig,
    /** what is tried, within a sentence: 'the exact loss' */
    name: z.string().min(1).max(MAX_NAME).optional(),
    seeds: seedList
  })
  .refine(
    ({ config, changed }) => configKey({ ...changed, seed: config.seed }) !== configKey(config),
    { path: ['changed'], message: 'something that differs: the remedy changes nothing' }
  )

type Ask = z.infer<typeof ask>

const SIDES = ['config', 'changed'] as const

const configsOf = (asked: Ask): RunConfig[] =>
  asked.seeds.flatMap((seed) => SIDES.map((side) => ({ ...asked[side], seed })))

/** A setting beside its copy with one thing changed, on the same seeds. */
export const REMEDY = experimentKind({
  id: 'remedy',
  name: 'Test a remedy',
  question: 'Does this change help?',
  ask,
  choices: () => [],
  plan: configsOf,
  outcome(asked, _facts, runs) {
    const { seeds, name } = asked
    const [before, after] = SIDES.map((side) =>
      seeds.map((seed) => endOf(runs, { ...asked[side], seed }))
    ) as [End[], End[]]
    const ends = [...before, ...after]
    const unfinished = unfinishedText(ends)
    const effect = unfinished === undefined ? effectOf(before, after) : undefined
    const sentence = effect ? sentenceOf(name ?? 'the change', effect) : (unfinished ?? '')
    const own = configsOf(asked).flatMap((config) => runOf(runs, config) ?? [])
    const figure = trainingFigure(own, { measure: 'accuracy', split: 'test' })
    const diverged = divergedNote(ends)
    return {
      sentence,
      figures: figure ? [figure] : [],
      tables: [
        {
          title: 'Accuracy at the end',
          columns: ['Seed', 'As it was', upperFirst(name ?? 'changed')].map((title) => ({
            title,
            right: true
          })),
          rows: seeds.map((seed, at) => [String(seed), endText(before[at]!), endText(after[at]!)])
        }
      ],
      notes: [
        ...(diverged === undefined ? [] : [diverged]),
        ...(seeds.length < ENOUGH_SEEDS
          ? [`With fewer than ${ENOUGH_SEEDS} seeds, differences may be chance.`]
          : [])
      ],
      data: {
        before: before.map(({ accuracy }) => accuracy),
        after: after.map(({ accuracy }) => accuracy),
        difference: effect?.difference.mean,
        spread: effect?.difference.std,
        verdict: effect?.verdict,
        sentence
      }
    }
  }
})

interface Effect {
  readonly before: OverSeeds
  readonly after: OverSeeds
  /** of each seed with itself: both runs have the same initial weights and order of images */
  readonly difference: OverSeeds
  readonly verdict: 'helped' | 'no difference seen' | 'worse'
}

function effectOf(before: readonly End[], after: readonly End[]): Effect | undefined {
  const [a, b] = [before, after].map((ends) => ends.map(({ accuracy }) => accuracy!)) as [
    number[],
    number[]
  ]
  const parts = [a, b, b.map((value, at) => value - a[at]!)].map(overSeeds)
  const [from, to, difference] = parts
  if (!from || !to || !difference) return undefined
  const seen = difference.mean !== 0 && isSeen(difference.mean, difference.std)
  const verdict = !seen ? 'no difference seen' : difference.mean > 0 ? 'helped' : 'worse'
  return { before: from, after: to, difference, verdict }
}

function sentenceOf(name: string, { before, after, difference, verdict }: Effect): string {
  const { values, std } = difference
  const spread = std === undefined ? '' : `, ± ${points(std)}`
  const told = `from ${percent(before.mean)} to ${percent(after.mean)} (${seedsText(values.length)}${spread})${chanceText(values.length)}`
  const by = points(difference.mean)
  if (verdict === 'helped') return `${upperFirst(name)} helped by ${by}, ${told}.`
  if (verdict === 'worse') return `${upperFirst(name)} made it worse by ${by}, ${told}.`
  return `No difference seen with ${name}: ${told}.`
}
