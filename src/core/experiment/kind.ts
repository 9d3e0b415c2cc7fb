import type { z } from 'zod'
import type { Figure } from '../figure/figure'
import type { RunConfig } from '../network/config'
import type { ChoiceSpec } from '../preprocessing/preprocessing'
import type { Curvature } from '../statistics/curvature'
import { canonicalJson } from '../study/json'
import type { RunRecord } from '../study/run'

/** What a choice makes of the training images, counted before any run. */
export interface InputFacts {
  readonly choice: ChoiceSpec
  /** over all values of all training images */
  readonly mean: number
  /** population std over the same */
  readonly std: number
  /** y = scale x + offset for every stored value x; absent where no one such map is the choice */
  readonly affine?: { readonly scale: number; readonly offset: number }
  /** for kinds that need it */
  readonly curvature?: Curvature
}

/** What an experiment knows of its data set; kept with it, so that its outcome needs nothing else. */
export interface ExperimentFacts {
  /** values in one image */
  readonly features: number
  readonly classes: number
  readonly trainCount: number
  readonly testCount: number
  /** one for each choice that the kind names */
  readonly inputs: readonly InputFacts[]
}

/** Rows as they are shown, one text a cell; numbers stand to the right. */
export interface ResultTable {
  readonly title: string
  readonly columns: readonly { readonly title: string; readonly right?: boolean }[]
  readonly rows: readonly (readonly string[])[]
}

/** What the runs that are there say, complete or not. */
export interface Outcome {
  /** computed from finished runs only; says what is missing while some are */
  readonly sentence: string
  readonly figures: readonly Figure[]
  readonly tables: readonly ResultTable[]
  /** what a reader must know of the numbers: few seeds, cells that did not finish */
  readonly notes: readonly string[]
  /** the numbers, for --json and the report */
  readonly data: unknown
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
  /** whose facts are needed */
  choices(ask: Ask): readonly ChoiceSpec[]
  /** facts that take seconds to count, and so are counted for the kinds that name them */
  readonly needs?: readonly 'curvature'[]
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

/** Equal for configurations that give the same weights on the same images. */
export function configKey(config: RunConfig): string {
  return canonicalJson(config)
}

/** The run of a configuration: a finished one where there is one, else the newest. */
export function runOf(runs: readonly RunRecord[], config: RunConfig): RunRecord | undefined {
  const key = configKey(config)
  const same = runs.filter((run) => configKey(run.config) === key)
  return same.find(({ status }) => status === 'finished') ?? same.at(-1)
}
