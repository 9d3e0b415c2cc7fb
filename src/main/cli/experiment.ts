import { resolve } from 'node:path'
import { csvText } from '../../core/csv'
import type { Dataset } from '../../core/dataset/dataset'
import { checkedAsk } from '../../core/experiment/kinds'
import { nextRuns } from '../../core/experiment/kind'
import type { ExperimentKind, Outcome } from '../../core/experiment/kind'
import type { RunConfig } from '../../core/network/config'
import type { ExperimentFacts } from '../../core/study/experiment'
import { programJson } from '../../core/study/json'
import type { RunRecord } from '../../core/study/run'
import { OpenSet } from '../engine/dataset/open-set'
import { experimentFacts } from '../engine/experiments/facts'
import type { Context } from './command'
import type { Output } from './output'
import { checkFree, writeWhole } from './results-folder'
import { loadRenderer } from './study-results'
import { tableLines } from './table'
import { showProgress, throwIfFailed, withTrainers } from './training'
import type { Train, TrainerSetting } from './training'
import { text } from './usage'

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
  const plan: Plan = (runs) => kind.plan(ask, facts, runs)
  const { lacking } = nextRuns(plan, [], new Map())
  const runs = await withTrainers(context, set, setting, lacking.length, (train) =>
    trainPlan(context, plan, train, { onEnded: (records) => records.forEach(throwIfFailed) })
  )
  for (const note of runs[0]?.notes ?? []) context.output.log(`note: ${note}`)
  return { facts, runs, outcome: kind.outcome(ask, facts, runs) }
}

/** What is needed with these runs there. */
export type Plan = (runs: readonly RunRecord[]) => readonly RunConfig[]

interface PlanSetting {
  /** runs that are there already */
  readonly own?: readonly RunRecord[]
  /** runs made for something else, by their configuration */
  readonly known?: ReadonlyMap<string, RunRecord>
  readonly onEnded?: (records: readonly RunRecord[]) => void
}

/** All runs of a plan: those that are there, and those that are trained until it needs no more. */
export async function trainPlan(
  context: Context,
  plan: Plan,
  train: Train,
  { own = [], known = new Map(), onEnded }: PlanSetting = {}
): Promise<RunRecord[]> {
  const runs = [...own]
  for (;;) {
    const { taken, lacking } = nextRuns(plan, runs, known)
    runs.push(...taken)
    if (lacking.length === 0) break
    const latest = new Map<string, RunRecord>()
    const total = runs.length + lacking.length
    const records = await train(lacking, (record) => {
      latest.set(record.id, record)
      showProgress(context, [...runs, ...latest.values()], total)
    })
    onEnded?.(records)
    runs.push(...records)
  }
  context.output.progress.clear()
  return runs
}

/** What was asked and what came out, for programs. */
export function giveOutcome(
  output: Output,
  dataset: Dataset,
  ask: unknown,
  result: ExperimentResult,
  more: object = {}
): void {
  output.give(toldOutcome(dataset, ask, result, more))
}

/** The same as one object, sentence last. */
function toldOutcome(
  { name, id }: Dataset,
  ask: unknown,
  { facts, runs, outcome }: ExperimentResult,
  more: object
): object {
  const { sentence, notes, data } = outcome
  const [first] = runs
  return {
    backend: first?.backend,
    tensorflowVersion: first?.tensorflowVersion,
    dataset: { name, id },
    ...{ ask, facts, runs: runs.length },
    ...(data as object),
    ...more,
    ...{ notes, sentence }
  }
}

export const OUT_OPTION = [
  '--out <folder>',
  'New or empty folder for the figures (PNG, SVG, CSV), the tables and outcome.json'
] as const

/** Where the outcome is written, if anywhere: refused before anything is trained. */
export async function outFolder(
  options: Readonly<Record<string, unknown>>
): Promise<string | undefined> {
  const given = text(options, 'out', '--out')
  if (given === undefined) return undefined
  const out = resolve(given)
  await checkFree(out)
  return out
}

/** Every figure as on screen, every table, and what programs get, into the folder: all or none. */
export async function writeOutcome(
  { output, programFolder, signal }: Context,
  out: string | undefined,
  dataset: Dataset,
  ask: unknown,
  result: ExperimentResult
): Promise<void> {
  if (out === undefined) return
  const { figures, tables } = result.outcome
  const { figureFiles, loadFont } = await loadRenderer()
  loadFont(programFolder)
  const files = [
    ...figures.flatMap(figureFiles),
    ...tables.map(({ columns, rows }, at) => ({
      name: `table-${at + 1}.csv`,
      bytes: Buffer.from(csvText([columns.map(({ title }) => title), ...rows]))
    })),
    {
      name: 'outcome.json',
      bytes: Buffer.from(`${programJson(toldOutcome(dataset, ask, result, {}), 1)}\n`)
    }
  ]
  signal.throwIfAborted()
  await writeWhole(out, files, signal)
  output.say(`${files.length} files in ${out}`)
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
