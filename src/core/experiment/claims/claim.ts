import type { RunConfig } from '../../network/config'
import type { Figure } from '../../figure/figure'
import { accuracyOf, lastEpoch } from '../../explanation/finding'
import { canonicalJson } from '../../study/json'
import type { RunRecord } from '../../study/run'
import { runOf } from '../kind'
import type { ExperimentFacts, InputFacts, ResultTable } from '../kind'
import { differs, overSeeds } from '../results'
import type { OverSeeds } from '../results'

/** What the runs on these images say of a claim. */
export type VerdictId = 'true' | 'false' | 'depends' | 'open'

export const VERDICTS: Readonly<Record<VerdictId, string>> = {
  true: 'true here',
  false: 'false here',
  depends: 'depends',
  open: 'not measured'
}

export interface Verdict {
  readonly verdict: VerdictId
  /** what was measured, in numbers, and what that says of the claim */
  readonly sentence: string
  readonly figures?: readonly Figure[]
  readonly tables?: readonly ResultTable[]
  readonly data?: unknown
}

/** What a claim is judged by. */
export interface Bench {
  /** the network that is asked about: its choice, seed and loss are set by each claim */
  readonly config: RunConfig
  readonly seeds: readonly number[]
  readonly facts: ExperimentFacts
  readonly runs: readonly RunRecord[]
}

export type Change = Partial<RunConfig>

/** Something that people say about preprocessing, and how these images are asked whether it is so. */
export interface Claim<Id extends string = string> {
  readonly id: Id
  /** as it is said on the page of the question */
  readonly quote: string
  /** what is trained: each with every seed; `bench.runs` may let it name more */
  cells(bench: Bench): readonly Change[]
  /** only once all its cells have ended */
  judge(bench: Bench): Verdict
}

export function claim<const Id extends string>(record: Claim<Id>): Claim<Id> {
  return record
}

/** The network asked about, on the stored values under the exact loss where a claim says no other. */
export function configOf({ config }: Bench, change: Change, seed: number): RunConfig {
  return { ...config, choice: { id: 'raw' }, loss: 'exact', seed, ...change }
}

export function runsOf(bench: Bench, change: Change): RunRecord[] {
  return bench.seeds.flatMap((seed) => runOf(bench.runs, configOf(bench, change, seed)) ?? [])
}

/** Of the finished runs of a cell; undefined where a seed did not finish. */
export function accuracyAt(bench: Bench, change: Change): OverSeeds | undefined {
  return measured(bench, change, (run) => accuracyOf(lastEpoch(run)))
}

/** A number of each finished run of a cell; undefined where a seed lacks it. */
export function measured(
  bench: Bench,
  change: Change,
  of: (run: RunRecord) => number | undefined
): OverSeeds | undefined {
  const values = runsOf(bench, change).flatMap((run) =>
    run.status === 'finished' ? (of(run) ?? []) : []
  )
  return values.length === bench.seeds.length ? overSeeds(values) : undefined
}

/** 'more', 'less' or 'alike': alike is a difference within the spread over seeds. */
export function compared(a: OverSeeds, b: OverSeeds): 'more' | 'less' | 'alike' {
  if (!differs(a, b)) return 'alike'
  return a.mean > b.mean ? 'more' : 'less'
}

export function inputOf({ facts }: Bench, id: InputFacts['choice']['id']): InputFacts | undefined {
  const key = canonicalJson({ id })
  return facts.inputs.find(({ choice }) => canonicalJson(choice) === key)
}

/** By what x / max multiplies the stored values; undefined where that changes nothing. */
export function divisionOf(bench: Bench): number | undefined {
  const scale = inputOf(bench, 'unit')?.affine?.scale
  return scale === undefined || scale === 1 ? undefined : scale
}

export const RAW = { choice: { id: 'raw' } } as const satisfies Change
export const UNIT = { choice: { id: 'unit' } } as const satisfies Change

/** For a claim about a division, of values that are not divided. */
export const NO_DIVISION: Verdict = {
  verdict: 'open',
  sentence:
    'These pixels are stored between 0 and 1: a division by the greatest value changes nothing.'
}

/** For a claim whose runs did not finish. */
export const UNFINISHED: Verdict = {
  verdict: 'open',
  sentence: 'A run that this claim needs did not finish.'
}
