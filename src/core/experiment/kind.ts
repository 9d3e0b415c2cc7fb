import type { z } from 'zod'
import type { Figure } from '../figure/figure'
import type { Limits } from '../limits'
import type { RunConfig } from '../network/config'
import type { ChoiceSpec } from '../preprocessing/preprocessing'
import { MAX_EXPERIMENT_NAME } from '../study/experiment'
import type { Experiment, ExperimentFacts, InputFacts, TrainingImages } from '../study/experiment'
import { canonicalJson } from '../study/json'
import type { RunRecord, RunStatus } from '../study/run'

export type { ExperimentFacts, InputFacts }

/** Rows as they are shown, one text a cell; numbers stand to the right. */
export interface ResultTable {
  readonly title: string
  readonly columns: readonly { readonly title: string; readonly right?: boolean }[]
  readonly rows: readonly (readonly string[])[]
}

/** One of several things that an outcome says, with what it is shown by: all of it is in the outcome. */
export interface OutcomePart {
  readonly title: string
  /** in a few words, beside the title */
  readonly verdict: string
  readonly sentence: string
  readonly figures: readonly Figure[]
  readonly tables: readonly ResultTable[]
}

/** What the runs that are there say, complete or not. */
export interface Outcome {
  /** computed from finished runs only; says what is missing while some are */
  readonly sentence: string
  readonly figures: readonly Figure[]
  readonly tables: readonly ResultTable[]
  /** where figures and tables belong to one part each, these in order */
  readonly parts?: readonly OutcomePart[]
  /** what a reader must know of the numbers: few seeds, cells that did not finish */
  readonly notes: readonly string[]
  /** the choice that it speaks for; it can be copied as code */
  readonly recommended?: ChoiceSpec
  /** the numbers, for --json and the report */
  readonly data: unknown
}

/** What stands in the window as a person asks: from it a kind makes the ask that it offers. */
export interface Desk {
  /** the two settings that are compared; their seeds are not meant */
  readonly from: RunConfig
  readonly to: RunConfig
  /** the choices that are checked */
  readonly choices: readonly ChoiceSpec[]
  readonly seeds: readonly number[]
}

interface FieldWords {
  /** of the ask, at its top level */
  readonly key: string
  readonly name: string
  readonly help: string
}

/** A part of an ask that a person sets before it starts; all else is as the kind offers it. */
export type AskField = FieldWords &
  (
    | { readonly type: 'number'; readonly limits: Limits; readonly unit?: string }
    /** as many seeds from 0 on; the ask holds their list */
    | { readonly type: 'seeds' }
    | { readonly type: 'option'; readonly options: readonly FieldOption[] }
    /** several of the options; the ask holds the list of their values */
    | { readonly type: 'options'; readonly options: readonly FieldOption[] }
  )

interface FieldOption {
  readonly value: string
  readonly name: string
}

/** A way to ask the data by training: which runs it needs, and what they say. */
export interface ExperimentKind<Id extends string = string, Ask = unknown> {
  readonly id: Id
  /** in lists and as a title: 'Explain the gap' */
  readonly name: string
  /** what a person learns from it, one sentence */
  readonly question: string
  /** what is asked, checked wherever it comes from */
  readonly ask: z.ZodType<Ask>
  /** what an experiment is called until a person names it; default the kind's name */
  title?(ask: Ask): string
  /** what the window asks for first; a kind without it is not offered there */
  offer?(desk: Desk): Ask
  /** what of the offer a person may change */
  readonly fields?: readonly AskField[]
  /** whose facts are needed */
  choices(ask: Ask): readonly ChoiceSpec[]
  /** facts that take seconds to count, and so are counted for the kinds that name them */
  readonly needs?: readonly ('curvature' | 'images')[]
  /** the training images of its runs, where they are not all: the facts are of these */
  images?(ask: Ask): TrainingImages
  /**
   * All runs that are needed by what is known so far, those that are there included; a search by
   * steps names more once `runs` has ended ones. Nothing new: the experiment is complete.
   */
  plan(ask: Ask, facts: ExperimentFacts, runs: readonly RunRecord[]): readonly RunConfig[]
  outcome(ask: Ask, facts: ExperimentFacts, runs: readonly RunRecord[]): Outcome
}

export function experimentKind<const Id extends string, Ask>(
  kind: ExperimentKind<Id, Ask>
): ExperimentKind<Id, Ask> {
  return kind
}

/** Plans compare every configuration with every run's, again and again. */
const keys = new WeakMap<RunConfig, string>()

/** Equal for configurations that give the same weights on the same images. */
export function configKey(config: RunConfig): string {
  const key = keys.get(config) ?? canonicalJson(config)
  keys.set(config, key)
  return key
}

/** The run of a configuration: a finished one where there is one, else the newest. */
export function runOf(runs: readonly RunRecord[], config: RunConfig): RunRecord | undefined {
  const key = configKey(config)
  const same = runs.filter((run) => configKey(run.config) === key)
  return same.find(({ status }) => status === 'finished') ?? same.at(-1)
}

/** Runs that say something, or will, by their configuration: a finished one where there is one. */
export function byConfig(runs: readonly RunRecord[]): ReadonlyMap<string, RunRecord> {
  const known = new Map<string, RunRecord>()
  for (const run of runs) {
    if (VOID.includes(run.status)) continue
    const key = configKey(run.config)
    if (known.get(key)?.status !== 'finished') known.set(key, run)
  }
  return known
}

/** Runs that say nothing of their configuration: who asks again wants them trained. */
export const VOID: readonly RunStatus[] = ['cancelled', 'failed']

/**
 * What an experiment with these runs needs next: runs that are known elsewhere, and configurations
 * that are to be trained.
 */
export function nextRuns(
  plan: (runs: readonly RunRecord[]) => readonly RunConfig[],
  own: readonly RunRecord[],
  known: ReadonlyMap<string, RunRecord>
): { readonly taken: readonly RunRecord[]; readonly lacking: readonly RunConfig[] } {
  const taken: RunRecord[] = []
  for (;;) {
    const runs = [...own, ...taken]
    const missing = newConfigs(plan(runs), runs)
    const there = missing.flatMap((config) => known.get(configKey(config)) ?? [])
    const lacking = newConfigs(missing, there)
    taken.push(...there)
    // what was there may be all that the next step of a search waits for
    if (there.length === 0 || lacking.length > 0) return { taken, lacking }
  }
}

/** An experiment without runs, before its facts are known. */
export function newExperiment<Ask>(
  { id: kind, name, title }: ExperimentKind<string, Ask>,
  ask: Ask,
  of: Pick<Experiment, 'id' | 'datasetId' | 'datasetName' | 'createdAt'>
): Omit<Experiment, 'facts'> {
  const called = (title?.(ask) ?? name).slice(0, MAX_EXPERIMENT_NAME)
  return { ...of, kind, ask, name: called, runIds: [] }
}

/** The configurations of a plan that no run has, each once. */
export function newConfigs(
  planned: readonly RunConfig[],
  runs: readonly RunRecord[]
): readonly RunConfig[] {
  const keys = new Set(runs.map(({ config }) => configKey(config)))
  return planned.filter((config) => {
    const key = configKey(config)
    if (keys.has(key)) return false
    keys.add(key)
    return true
  })
}
