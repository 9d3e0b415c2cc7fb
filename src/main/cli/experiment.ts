import type { Dataset } from '../../core/dataset/dataset'
import { checkedAsk } from '../../core/experiment/kinds'
import { newConfigs } from '../../core/experiment/kind'
import type { ExperimentKind, Outcome } from '../../core/experiment/kind'
import type { ExperimentFacts } from '../../core/study/experiment'
import type { RunRecord } from '../../core/study/run'
import { OpenSet } from '../engine/dataset/open-set'
import { experimentFacts } from '../engine/experiments/facts'
import type { Context } from './command'
import type { Output } from './output'
import { tableLines } from './table'
import { showProgress, throwIfFailed, withTrainers } from './training'
import type { TrainerSetting } from './training'

export interface ExperimentResult {
  readonly facts: ExperimentFacts
  readonly runs: readonly RunRecord[]
  readonly outcome: Outcome
}

/**
 * Asks the data set: trains what the kind plans, and what it plans after that, until nothing is new.
 * Throws NormscopeError where the ask is none, a run fails or it is interrupted.
 */
export async function runExperiment<Ask>(
  context: Context,
  dataset: Dataset,
  kind: ExperimentKind<string, Ask>,
  given: Ask,
  setting: TrainerSetting
): Promise<ExperimentResult> {
  const ask = checkedAsk(kind, given)
  const set = new OpenSet(dataset)
  const facts = await experimentFacts(set, kind, ask)
  const runs: RunRecord[] = []
  const first = newConfigs(kind.plan(ask, facts, runs), runs)
  await withTrainers(context, set, setting, first.length, async (train) => {
    for (let configs = first; configs.length > 0;) {
      const latest = new Map<string, RunRecord>()
      const total = runs.length + configs.length
      const records = await train(configs, (record) => {
        latest.set(record.id, record)
        showProgress(context, [...runs, ...latest.values()], total)
      })
      records.forEach(throwIfFailed)
      runs.push(...records)
      configs = newConfigs(kind.plan(ask, facts, runs), runs)
    }
  })
  context.output.progress.clear()
  for (const note of runs[0]?.notes ?? []) context.output.log(`note: ${note}`)
  return { facts, runs, outcome: kind.outcome(ask, facts, runs) }
}

/** What was asked and what came out, for programs. */
export function giveOutcome(
  output: Output,
  { name, id }: Dataset,
  ask: unknown,
  { facts, runs, outcome }: ExperimentResult,
  more: object = {}
): void {
  const { sentence, notes, data } = outcome
  const [first] = runs
  output.give({
    backend: first?.backend,
    tensorflowVersion: first?.tensorflowVersion,
    dataset: { name, id },
    ...{ ask, facts, runs: runs.length },
    ...(data as object),
    ...more,
    ...{ notes, sentence }
  })
}

/** What came out, for people: tables, notes, and the sentence last. */
export function sayOutcome(output: Output, { sentence, tables, notes }: Outcome): void {
  for (const { title, columns, rows } of tables) {
    output.say(title)
    for (const line of tableLines(columns, rows)) output.say(line)
    output.say('')
  }
  for (const note of notes) output.say(note)
  if (notes.length > 0) output.say('')
  output.say(sentence)
}
