import { z } from 'zod'
import { NormscopeError } from '../error'
import { idsOf } from '../network/setting'
import type { Experiment } from '../study/experiment'
import type { RunRecord } from '../study/run'
import type { ExperimentKind, Outcome } from './kind'
import { ADVICE } from './kinds/advice'
import { BATCH_NORM } from './kinds/batch-norm'
import { CLAIMS_KIND } from './kinds/claims'
import { CURVATURE } from './kinds/curvature'
import { EQUIVALENCE } from './kinds/equivalence/equivalence'
import { MISMATCH } from './kinds/mismatch'
import { QUESTION_KIND } from './kinds/question'
import { RATE_MAP } from './kinds/rate-map/rate-map'
import { REMEDY } from './kinds/remedy'
import { SWITCHES } from './kinds/switches/switches'
import { TRAINING } from './kinds/training'

/** All kinds of experiments, in the order in which they are offered. */
export const KINDS: readonly ExperimentKind[] = [
  TRAINING,
  QUESTION_KIND,
  SWITCHES,
  BATCH_NORM,
  REMEDY,
  EQUIVALENCE,
  RATE_MAP,
  CURVATURE,
  CLAIMS_KIND,
  MISMATCH,
  ADVICE
]

/** undefined for a kind of a later version */
export function kindOf(
  id: string,
  kinds: readonly ExperimentKind[] = KINDS
): ExperimentKind | undefined {
  return kinds.find((kind) => kind.id === id)
}

/** What is asked, checked by its kind. Throws NormscopeError. */
export function checkedAsk<Ask>(kind: ExperimentKind<string, Ask>, ask: unknown): Ask {
  const checked = kind.ask.safeParse(ask)
  if (checked.success) return checked.data
  throw new NormscopeError({
    code: 'bad-ask',
    message: `“${kind.name}” cannot be asked so: ${z.prettifyError(checked.error)}`
  })
}

/** What the runs of an experiment say; undefined for a kind or an ask of another version. */
export function outcomeOf(
  { kind: id, ask, facts, runIds }: Experiment,
  records: readonly RunRecord[],
  kinds: readonly ExperimentKind[] = KINDS
): Outcome | undefined {
  const kind = kindOf(id, kinds)
  const checked = kind?.ask.safeParse(ask)
  if (!kind || !checked?.success) return undefined
  const ids = new Set(runIds)
  return kind.outcome(
    checked.data,
    facts,
    records.filter((run) => ids.has(run.id))
  )
}

/** The kind of an id that must be there. Throws NormscopeError. */
export function knownKind(id: string, kinds: readonly ExperimentKind[] = KINDS): ExperimentKind {
  const kind = kindOf(id, kinds)
  if (kind) return kind
  throw new NormscopeError({
    code: 'unknown-kind',
    message: `This Normscope has no kind of experiment called “${id}”.`,
    expected: idsOf(kinds).join(', '),
    actual: id
  })
}
