import { errorFacts } from '../error'
import type { ExperimentKind, Outcome } from '../experiment/kind'
import { checkedAsk, KINDS, kindOf } from '../experiment/kinds'
import { TRAINING } from '../experiment/kinds/training'
import type { Experiment } from '../study/experiment'
import type { Study } from '../study/study'

/** An experiment of a study, and what its runs say. */
interface ReportedExperiment {
  readonly name: string
  /** id of its kind */
  readonly kind: string
  /** that of its kind; absent for a kind that this version does not know */
  readonly question?: string
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
  // one training of all runs says what the results of all runs say
  const [only, another] = experiments
  if (only?.kind === TRAINING.id && another === undefined) return []
  const asked = [...experiments].sort((a, b) => a.createdAt - b.createdAt)
  return asked.map((experiment) => {
    const kind = kindOf(experiment.kind, kinds)
    const own = runs.filter(({ id }) => experiment.runIds.includes(id))
    return {
      name: experiment.name,
      kind: experiment.kind,
      question: kind?.question,
      outcome: kind
        ? outcomeOf(kind, experiment, own)
        : silent(
            `An experiment of the kind “${experiment.kind}”, which this version of Normscope does not know.`
          )
    }
  })
}

function outcomeOf(kind: ExperimentKind, { ask, facts }: Experiment, runs: Study['runs']): Outcome {
  try {
    return kind.outcome(checkedAsk(kind, ask), facts, runs)
  } catch (thrown) {
    return silent(`Its outcome could not be worked out: ${errorFacts(thrown).message}`)
  }
}
