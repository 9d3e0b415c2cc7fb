import { randomUUID } from 'node:crypto'
import { byConfig, configKey, newExperiment, nextRuns } from '../../core/experiment/kind'
import type { Desk, ExperimentKind } from '../../core/experiment/kind'
import { checkedAsk, kindOf } from '../../core/experiment/kinds'
import { ADVICE } from '../../core/experiment/kinds/advice'
import { BATCH_NORM } from '../../core/experiment/kinds/batch-norm'
import { CLAIMS_KIND } from '../../core/experiment/kinds/claims'
import { CURVATURE } from '../../core/experiment/kinds/curvature'
import { EQUIVALENCE } from '../../core/experiment/kinds/equivalence/equivalence'
import { MISMATCH } from '../../core/experiment/kinds/mismatch'
import { RATE_MAP } from '../../core/experiment/kinds/rate-map/rate-map'
import { SWITCHES } from '../../core/experiment/kinds/switches/switches'
import { firstSeeds } from '../../core/experiment/seeds'
import type { RunConfig } from '../../core/network/config'
import { SETTINGS } from '../../core/network/settings'
import { canonicalJson } from '../../core/study/json'
import type { Experiment } from '../../core/study/experiment'
import type { RunRecord } from '../../core/study/run'
import { counted } from '../../core/text'
import type { OpenSet } from '../engine/dataset/open-set'
import { experimentFacts } from '../engine/experiments/facts'
import type { Context } from './command'
import { trainPlan } from './experiment'
import type { Plan } from './experiment'
import { withTrainers } from './training'
import type { TrainerSetting } from './training'
import { number, text, UsageError } from './usage'

type Options = Readonly<Record<string, unknown>>

/** Of each experiment. */
export const SEEDS = 3

/** What a study can ask beside the training of its choices, by the command that asks it alone. */
const ASKED: Readonly<Record<string, ExperimentKind>> = {
  explain: SWITCHES,
  'batch-norm': BATCH_NORM,
  equivalence: EQUIVALENCE,
  'rate-map': RATE_MAP,
  curvature: CURVATURE,
  claims: CLAIMS_KIND,
  mismatch: MISMATCH,
  advise: ADVICE
}

const NAMES = Object.keys(ASKED)

export const EXPERIMENTS_OPTION = [
  '--experiments <names>',
  `Experiments for the report, named by their commands and separated by commas, or all: ${NAMES.join(', ')}; explain compares the first two choices, and what takes one choice takes the second. Of a study file, those that it holds are completed; none leaves them as they are`
] as const

/** The kinds that are named; undefined where nothing is said, none for 'none'. */
export function askedKinds(options: Options): readonly ExperimentKind[] | undefined {
  const given = text(options, 'experiments', '--experiments')
  if (given === undefined || given === 'none') return given && []
  const names = given === 'all' ? NAMES : given.split(',').map((name) => name.trim())
  return [...new Set(names)].map((name) => {
    const kind = ASKED[name]
    if (kind) return kind
    throw new UsageError(
      `--experiments expects all, none, or some of ${NAMES.join(', ')}, not "${name}".`
    )
  })
}

/** A kind, and what is asked in its form. */
interface Asked {
  readonly kind: ExperimentKind
  readonly ask: unknown
}

/** What kinds ask of a desk. Throws UsageError where it has too few settings for one. */
export function asksOf(kinds: readonly ExperimentKind[], desk: Desk): Asked[] {
  return kinds.map((kind) => {
    if (kind.id === SWITCHES.id && desk.from === desk.to) {
      throw new UsageError('The experiment explain needs two choices.', 'Name them with --choices.')
    }
    return { kind, ask: checkedAsk(kind, kind.offer?.(desk)) }
  })
}

/** Experiments that have no runs yet; their facts are counted before anything is trained. */
export async function newExperiments(set: OpenSet, asked: readonly Asked[]): Promise<Experiment[]> {
  const { id: datasetId, name: datasetName } = set.dataset
  const found: Experiment[] = []
  for (const { kind, ask } of asked) {
    const facts = await experimentFacts(set, kind, ask)
    const identity = { id: randomUUID(), datasetId, datasetName, createdAt: Date.now() }
    found.push({ ...newExperiment(kind, ask, identity), facts })
  }
  return found
}

/** As many seeds as are asked for, from 0 on. */
export function seedsOf(options: Options, otherwise: number): readonly number[] {
  return firstSeeds(number(options, 'seeds', '--seeds', SETTINGS.seeds.limits) ?? otherwise)
}

/** What stands on the desk of a study: its first two settings, and its choices. */
export function deskOf(configs: readonly RunConfig[], seeds: readonly number[]): Desk | undefined {
  const [from] = configs
  if (!from) return undefined
  const keyOf = (config: RunConfig): string => configKey({ ...config, seed: 0 })
  const to = configs.find((config) => keyOf(config) !== keyOf(from)) ?? from
  const choices = new Map(configs.map(({ choice }) => [canonicalJson(choice), choice]))
  return { from, to, choices: [...choices.values()], seeds }
}

/** What an experiment of a study still needs; undefined for a kind or an ask of another version. */
function planOf({ kind: id, ask, facts, cancelled }: Experiment): Plan | undefined {
  const kind = kindOf(id)
  const checked = kind?.ask.safeParse(ask)
  if (!kind || !checked?.success || cancelled) return undefined
  return (runs) => kind.plan(checked.data, facts, runs)
}

interface Completed {
  readonly experiments: readonly Experiment[]
  readonly runs: readonly RunRecord[]
  /** those of them that failed just now */
  readonly failed: readonly RunRecord[]
}

/**
 * Trains what experiments need and no run has. Those that a person stopped stay as they are; a run
 * that fails costs its experiment, not the others.
 */
export async function completeExperiments(
  context: Context,
  set: OpenSet,
  given: readonly Experiment[],
  before: readonly RunRecord[],
  setting: TrainerSetting
): Promise<Completed> {
  const ownOf = ({ runIds }: Experiment): RunRecord[] =>
    before.filter(({ id }) => runIds.includes(id))
  const needs = (experiment: Experiment): boolean => {
    const plan = planOf(experiment)
    const next = plan && nextRuns(plan, ownOf(experiment), byConfig(before))
    return next !== undefined && next.taken.length + next.lacking.length > 0
  }
  if (!given.some(needs)) return { experiments: given, runs: before, failed: [] }
  const runs = [...before]
  const failed: RunRecord[] = []
  const experiments: Experiment[] = []
  await withTrainers(context, set, setting, Infinity, async (train) => {
    for (const experiment of given) {
      const plan = planOf(experiment)
      if (!plan) {
        experiments.push(experiment)
        continue
      }
      const [own, known] = [ownOf(experiment), byConfig(runs)]
      const { lacking } = nextRuns(plan, own, known)
      if (lacking.length > 0) {
        context.output.log(`${experiment.name}: ${counted(lacking.length, 'run')} to train`)
      }
      const all = await trainPlan(context, plan, train, {
        ...{ own, known },
        onEnded(records) {
          runs.push(...records)
          failed.push(...records.filter(({ status }) => status === 'failed'))
        }
      })
      experiments.push({ ...experiment, runIds: [...new Set(all.map(({ id }) => id))] })
    }
  })
  for (const { config, error } of failed) {
    context.output.log(`note: A run of ${config.choice.id} failed: ${error?.message ?? '?'}`)
  }
  return { experiments, runs, failed }
}
