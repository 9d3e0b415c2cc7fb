import { groupRuns } from '../../core/study/groups'
import type { RunRecord } from '../../core/study/run'

/** Names that tell runs of one data set apart, by identifier; of runs that are the same, the newest has one. */
export function runNames(records: readonly RunRecord[]): ReadonlyMap<string, string> {
  return new Map(
    groupRuns(records).flatMap(({ label, runs }) =>
      runs.map(({ id, config }) => [id, `${label}, seed ${config.seed}`] as const)
    )
  )
}
