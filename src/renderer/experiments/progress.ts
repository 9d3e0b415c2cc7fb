import { accuracies } from '../../core/experiment/results'
import type { OverSeeds } from '../../core/experiment/results'
import type { Experiment } from '../../core/study/experiment'
import { groupRuns } from '../../core/study/groups'
import type { RunRecord } from '../../core/study/run'
import { isEnded } from '../state/runs.svelte'
import type { Runs } from '../state/runs.svelte'

/** How far the runs of an experiment are. */
interface ExperimentProgress {
  readonly runs: readonly RunRecord[]
  readonly ended: number
  readonly finished: number
  /** runs are under way or wait */
  readonly open: boolean
  /** of all runs that are planned so far, in [0, 1] */
  readonly fraction: number
}

export function runsOf({ runIds }: Experiment, runs: Runs): RunRecord[] {
  return runIds.flatMap((id) => runs.record(id) ?? [])
}

export function progressOf(experiment: Experiment, known: Runs): ExperimentProgress {
  const runs = runsOf(experiment, known)
  const ended = runs.filter(isEnded).length
  const done = runs.reduce(
    (sum, run) => sum + (isEnded(run) ? 1 : (known.progress(run.id)?.fraction ?? 0)),
    0
  )
  return {
    runs,
    ended,
    finished: runs.filter(({ status }) => status === 'finished').length,
    open: ended < runs.length,
    fraction: runs.length === 0 ? 0 : done / runs.length
  }
}

/** The best mean accuracy of a setting, over its seeds; undefined before a run has finished. */
export function bestOf(runs: readonly RunRecord[]): OverSeeds | undefined {
  return groupRuns(runs)
    .flatMap((group) => accuracies(group.runs) ?? [])
    .sort((a, b) => b.mean - a.mean)[0]
}

/** Seconds to train so many images at the rate of runs that are there; undefined without any. */
export function secondsFor(
  images: number,
  runs: readonly RunRecord[],
  trainers: number
): number | undefined {
  const rates = runs.flatMap(({ imagesPerSecond }) => imagesPerSecond ?? []).sort((a, b) => a - b)
  const rate = rates[rates.length >> 1]
  return rate ? images / (rate * Math.max(1, trainers)) : undefined
}
