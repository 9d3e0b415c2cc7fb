import { errorFacts } from '../error'
import type { ExperimentKind, Outcome } from '../experiment/kind'
import { checkedAsk, KINDS, kindOf } from '../experiment/kinds'
import { TRAINING } from '../experiment/kinds/training'
import type { ChoiceSpec } from '../preprocessing/preprocessing'
import type { Experiment } from '../study/experiment'
import type { RunRecord } from '../study/run'
import type { Study } from '../study/study'

/** An experiment of a study, and what its runs say. */
export interface ReportedExperiment {
  readonly name: string
  /** id of its kind */
  readonly kind: string
  /** that of its kind; absent for a kind that this version does not know */
  readonly question?: string
  readonly runs: readonly RunRecord[]
  readonly outcome: Outcome
}

const silent = (sentence: string): Outcome => ({
  ...{ sentence, figures: [], tables: [], notes: [] },
  data: undefined
})

/** What was asked in a study and what came out, in the order in which it was asked. */
export function reportedExperiments(
  { experiments = [], runs }: Pick<Study, 'experiments' | 'runs'>,
  kinds: readonly ExperimentKind[] = KINDS
): ReportedExperiment[] {
  // one training says what the results say
  const trainings = experiments.filter(({ kind }) => kind === TRAINING.id)
  const told =
    trainings.length === 1 ? experiments.filter((one) => one !== trainings[0]) : experiments
  const asked = [...told].sort((a, b) => a.createdAt - b.createdAt)
  return asked.map((experiment) => {
    const kind = kindOf(experiment.kind, kinds)
    const own = runs.filter(({ id }) => experiment.runIds.includes(id))
    return {
      name: experiment.name,
      kind: experiment.kind,
      question: kind?.question,
      runs: own,
      outcome: kind
        ? outcomeOf(kind, experiment, own)
        : silent(
            `An experiment of the kind “${experiment.kind}”, which this version of Normscope does not know.`
          )
    }
  })
}

/** The runs that results are of: those of trainings, and those that no other experiment tells of. */
export function trainedRuns(
  { experiments = [], runs }: Pick<Study, 'experiments' | 'runs'>,
  kinds: readonly ExperimentKind[] = KINDS
): readonly RunRecord[] {
  const idsOf = (of: readonly Experiment[]) => new Set(of.flatMap(({ runIds }) => runIds))
  const trained = idsOf(experiments.filter(({ kind }) => kind === TRAINING.id))
  const told = idsOf(experiments.filter(({ kind }) => kindOf(kind, kinds)))
  return runs.filter(({ id }) => trained.has(id) || !told.has(id))
}

function outcomeOf(kind: ExperimentKind, { ask, facts }: Experiment, runs: Study['runs']): Outcome {
  try {
    return kind.outcome(checkedAsk(kind, ask), facts, runs)
  } catch (thrown) {
    return silent(`Its outcome could not be worked out: ${errorFacts(thrown).message}`)
  }
}

/** What the experiments of a study advise. */
export const advisedChoices = (study: Study): ChoiceSpec[] =>
  reportedExperiments(study).flatMap(({ outcome }) => outcome.recommended ?? [])
