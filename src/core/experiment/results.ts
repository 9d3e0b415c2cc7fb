import { deviation, mean } from 'd3-array'
import { accuracyOf, lastEpoch } from '../explanation/finding'
import type { RunConfig } from '../network/config'
import { percent, points } from '../numbers'
import { groupRuns } from '../study/groups'
import type { RunGroup } from '../study/groups'
import { chanceOf, ENDED_STATUSES, taskCounts } from '../study/run'
import type { RunRecord } from '../study/run'
import { runOf } from './kind'
import type { ResultTable } from './kind'

/** Below this many seeds a difference may be chance. */
export const ENOUGH_SEEDS = 3

/** A measured number over seeds. */
export interface OverSeeds {
  readonly values: readonly number[]
  readonly mean: number
  /** sample standard deviation (n - 1); absent for one seed */
  readonly std?: number
  /** of an accuracy: its standard error over images, of which so many were tested */
  readonly error?: number
}

/** undefined for no values */
export function overSeeds(values: readonly number[]): OverSeeds | undefined {
  const centre = mean(values)
  if (centre === undefined) return undefined
  const std = deviation(values)
  return { values, mean: centre, ...(std !== undefined && { std }) }
}

/** Accuracy at the end of the finished runs: on the test images, or where there are none in training. */
export function accuracies(runs: readonly RunRecord[]): OverSeeds | undefined {
  const finished = runs.filter(({ status }) => status === 'finished')
  const found = overSeeds(finished.flatMap((run) => accuracyOf(lastEpoch(run)) ?? []))
  return found && withError(found, finished[0])
}

/** An accuracy with its standard error, which the number of images of the run sets. */
export function withError(accuracy: OverSeeds, run: RunRecord | undefined): OverSeeds {
  const images = run && imagesOf(run)
  return images ? { ...accuracy, error: standardError(accuracy.mean, images) } : accuracy
}

/**
 * Of an accuracy on so many images. One image more of each kind is counted, so that all right of a few
 * images is not taken for certain (Agresti & Coull 1998, with 1 for z).
 */
export function standardError(accuracy: number, images: number): number {
  const p = (accuracy * images + 0.5) / (images + 1)
  return Math.sqrt((p * (1 - p)) / (images + 1))
}

/** Images that the accuracy of a run is of. */
function imagesOf(run: RunRecord): number {
  const counts = taskCounts(run)
  const tested = counts?.reduce((sum, count) => sum + count, 0) ?? run.testCount
  return tested > 0 ? tested : run.trainCount
}

/**
 * Whether a network has learned anything: it is better than always naming the most frequent class, by
 * more than the standard error of that on as many images. Taken for so where the classes' images are
 * not known.
 */
export function hasLearned(accuracy: number, run: RunRecord | undefined): boolean {
  const chance = run && chanceOf(run)
  if (!run || chance === undefined) return true
  return accuracy > chance + standardError(chance, imagesOf(run))
}

/** '86.3 % ± 0.2 points, 3 seeds' */
export function overSeedsText({ values, mean: centre, std }: OverSeeds): string {
  const spread = std === undefined ? '' : ` ± ${points(std)}`
  return `${percent(centre)}${spread}, ${seedsText(values.length)}`
}

export function seedsText(count: number): string {
  return count === 1 ? 'one seed' : `${count} seeds`
}

/** What a sentence ends with where there are few seeds. */
export function chanceText(seeds: number): string {
  return seeds < ENOUGH_SEEDS ? `; with ${seedsText(seeds)}, this may be chance` : ''
}

/** Smaller than what it varies by from seed to seed: nothing is seen. With one seed it is not known. */
export function isSeen(value: number, spread: number | undefined): boolean {
  return spread === undefined || Math.abs(value) > spread
}

/** What always naming the most frequent class gives on the test images of these runs, in [0, 1]. */
export function chanceAmong(runs: readonly RunRecord[]): number | undefined {
  return runs[0] && chanceOf(runs[0])
}

/** What either of two means may be off by: the larger std over seeds, or the larger standard error. */
export function spreadOf(a: OverSeeds, b: OverSeeds): number {
  return Math.max(a.std ?? 0, b.std ?? 0, a.error ?? 0, b.error ?? 0)
}

/** Whether two means lie further apart than either of them spreads. */
export function differs(a: OverSeeds, b: OverSeeds): boolean {
  return Math.abs(a.mean - b.mean) > spreadOf(a, b)
}

/** What a reader must know of the numbers of an experiment. */
export function resultNotes(planned: readonly RunConfig[], runs: readonly RunRecord[]): string[] {
  const fewest = Math.min(...groupRuns(runs).map((group) => group.runs.length))
  return [...endingNotes(planned, runs), ...seedNotes(fewest)]
}

/** How many runs have not ended or broke off; `useful` are ends that the numbers are made of. */
export function endingNotes(
  planned: readonly RunConfig[],
  runs: readonly RunRecord[],
  useful: readonly RunRecord['status'][] = ['finished']
): string[] {
  const cells = planned.map((config) => runOf(runs, config))
  const missing = cells.filter((run) => !run || !ENDED_STATUSES.includes(run.status)).length
  const broken = cells.filter(
    (run) => run && ENDED_STATUSES.includes(run.status) && !useful.includes(run.status)
  ).length
  return [
    ...(missing > 0 ? [`${missing} of ${planned.length} runs have not ended.`] : []),
    ...(broken > 0
      ? [`${broken} of ${planned.length} runs did not finish and are left out of the numbers.`]
      : [])
  ]
}

/** What a sentence about differences ends with; '' for enough seeds. */
export function fewSeedsText(count: number): string {
  return count < ENOUGH_SEEDS ? ` With ${seedsText(count)}, the differences may be chance.` : ''
}

export function seedNotes(count: number): string[] {
  return count < ENOUGH_SEEDS
    ? [`With fewer than ${ENOUGH_SEEDS} seeds, differences may be chance.`]
    : []
}

/** One row a setting: its accuracy over the seeds. */
export function accuracyTable(runs: readonly RunRecord[]): ResultTable {
  const columns = ['accuracy', '± seeds', 'seeds'].map((title) => ({ title, right: true }))
  return {
    title: 'Accuracy at the end',
    columns: [{ title: 'setting' }, ...columns],
    rows: groupRuns(runs).map(({ label, runs: seeds }) => {
      const found = accuracies(seeds)
      const spread = found?.std === undefined ? '–' : points(found.std)
      return [label, percent(found?.mean), spread, String(found?.values.length ?? 0)]
    })
  }
}

/** The settings with their accuracy, for programs. */
export function accuracyData(runs: readonly RunRecord[]): {
  readonly label: string
  readonly config: RunConfig
  readonly accuracyBySeed: readonly {
    readonly seed: number
    readonly status: RunRecord['status']
    readonly accuracy?: number
  }[]
  readonly accuracy?: number
  readonly std?: number
}[] {
  return groupRuns(runs).map(({ label, config, runs: seeds }: RunGroup) => {
    const found = accuracies(seeds)
    const accuracyBySeed = seeds.map((run) => ({
      seed: run.config.seed,
      status: run.status,
      accuracy: run.status === 'finished' ? accuracyOf(lastEpoch(run)) : undefined
    }))
    return { label, config, accuracyBySeed, accuracy: found?.mean, std: found?.std }
  })
}
