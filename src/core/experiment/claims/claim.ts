import type { RunConfig } from '../../network/config'
import { withActivation } from '../../network/layers/first-layer'
import { layerActivations } from '../../network/layers/plan'
import type { Figure } from '../../figure/figure'
import { canonicalJson } from '../../study/json'
import { chanceOf } from '../../study/run'
import type { RunRecord } from '../../study/run'
import { runOf } from '../kind'
import type { ExperimentFacts, InputFacts, ResultTable } from '../kind'
import { accuracies, hasLearned, overSeeds, spreadOf } from '../results'
import type { OverSeeds } from '../results'

/** What the runs on these images say of a claim. */
export type VerdictId = 'true' | 'false' | 'depends' | 'undecided' | 'open'

export const VERDICTS: Readonly<Record<VerdictId, string>> = {
  true: 'true here',
  false: 'false here',
  depends: 'depends',
  undecided: 'not decided',
  open: 'not measured'
}

/** Why runs that have finished decide nothing. */
type Doubt = 'spread' | 'untrained'

export interface Verdict {
  readonly verdict: VerdictId
  /** of one that is not decided */
  readonly doubt?: Doubt | 'seeds'
  /** what it would be if its differences were no chance */
  readonly leaning?: VerdictId
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
  /** with fewer it is not decided; default: as many as tell a difference from chance */
  readonly fewestSeeds?: number
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
  const { activation } = change
  // an activation that is written at a layer would stay where the network's alone changes
  const network = activation === undefined ? config : withActivation(config, activation)
  return { ...network, choice: { id: 'raw' }, loss: 'exact', seed, ...change }
}

/** For claims about activations: a network that has none. */
export function noActivation({ config }: Bench): Verdict | undefined {
  return layerActivations(config).some((activation) => activation !== undefined)
    ? undefined
    : { verdict: 'open', sentence: 'No layer of this network has an activation.' }
}

export function runsOf(bench: Bench, change: Change): RunRecord[] {
  return bench.seeds.flatMap((seed) => runOf(bench.runs, configOf(bench, change, seed)) ?? [])
}

/** A number over the seeds of a cell; of an accuracy, beside what knowing nothing gives. */
export interface Measured extends OverSeeds {
  /** whether the networks have learned anything */
  readonly learned?: boolean
  readonly chance?: number
}

/** Of the finished runs of a cell; undefined where a seed did not finish. */
export function accuracyAt(bench: Bench, change: Change): Measured | undefined {
  const runs = runsOf(bench, change)
  const found = accuracies(runs)
  if (found?.values.length !== bench.seeds.length) return undefined
  const [run] = runs
  return { ...found, learned: hasLearned(found.mean, run), ...(run && { chance: chanceOf(run) }) }
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

/**
 * What two numbers say of one another. 'alike': no difference is seen where one would be; 'unclear': one
 * may be chance, or hide in the spread; 'untrained': neither network has learned anything.
 */
export type Comparison = 'more' | 'less' | 'alike' | 'unclear' | 'untrained'

/** A difference is told from chance where it is so many times what either number may be off by: our convention. */
export const TOLD = 2
/** The best of several lies above the last by chance too: with four, this many times (Tukey's studentized range). */
export const TOLD_OF_SEVERAL = 3
/** A difference of this much does not hide in the spread where two accuracies are called alike: our convention. */
const ALIKE = 0.02

/** @param told how many times the spread a difference has to be */
export function compared(a: Measured, b: Measured, told = TOLD): Comparison {
  if (a.learned === false && b.learned === false) return 'untrained'
  const [gap, spread] = [a.mean - b.mean, spreadOf(a, b)]
  if (Math.abs(gap) <= spread) return spread <= ALIKE ? 'alike' : 'unclear'
  if (Math.abs(gap) < told * spread) return 'unclear'
  return gap > 0 ? 'more' : 'less'
}

/** What keeps a verdict from being drawn from comparisons; undefined where nothing does. */
export function doubtOf(...comparisons: readonly Comparison[]): Doubt | undefined {
  if (comparisons.every((one) => one === 'untrained')) return 'untrained'
  return comparisons.includes('unclear') ? 'spread' : undefined
}

const DOUBTS: Readonly<Record<Doubt, string>> = {
  spread:
    'That is not decided: a difference on which it turns is too small beside the spread over seeds or the standard error of the test images, or could hide in them.',
  untrained:
    'That is not decided: no network on which it turns is better than always naming the most frequent class.'
}

/** A verdict that is not drawn, with why. */
export function undecided(
  doubt: Doubt,
  sentence: string,
  rest: Omit<Verdict, 'verdict' | 'doubt' | 'sentence'>
): Verdict {
  return { verdict: 'undecided', doubt, sentence: `${sentence} ${DOUBTS[doubt]}`, ...rest }
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
