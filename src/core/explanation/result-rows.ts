import { csvText } from '../csv'
import { accuracyOf, findingOf, lastEpoch, sentenceFor } from './finding'
import type { Finding, Severity } from './finding'
import { mean } from '../statistics/mean'
import { groupRuns } from '../study/groups'
import type { RunGroup } from '../study/groups'
import { chanceOf, hasUnequalClasses } from '../study/run'
import type { RunRecord, RunStatus } from '../study/run'

/** One row of the results: the runs of one configuration, means over its seeds. */
export interface ResultRow {
  readonly group: RunGroup
  /** after the last epoch, in [0, 1] */
  readonly accuracy?: number
  /** runs that the means are over: one a seed */
  readonly count: number
  /** sample standard deviation over the seeds, in [0, 1]; absent with one seed */
  readonly spread?: number
  /** mean recall over the classes after the last epoch, in [0, 1] */
  readonly balanced?: number
  /** accuracy of always naming the most frequent class */
  readonly chance?: number
  /** the classes' test images are unequally many */
  readonly unequal: boolean
  /** highest accuracy of any epoch, in [0, 1]: chosen on the test images */
  readonly highest?: number
  readonly dead?: number
  /** parts of the last epoch's samples without gradient: wrong, right */
  readonly trapped?: number
  readonly learned?: number
  /** their sum, which older records have alone */
  readonly zeroGradient?: number
  /** training only, seconds */
  readonly seconds?: number
  readonly imagesPerSecond?: number
  /** the gravest finding of its seeds, once all have ended */
  readonly finding?: Finding
  /** the run that the finding and the sentence are of */
  readonly foundIn?: RunRecord
  readonly sentence: string
}

function spreadOf(values: readonly number[]): number | undefined {
  const middle = mean(values)
  if (middle === undefined || values.length < 2) return undefined
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0)
  return Math.sqrt(squares / (values.length - 1))
}

/** Ends that come of training itself. */
const TRAINED: readonly RunStatus[] = ['finished', 'diverged']

const SEVERITIES: readonly Severity[] = ['bad', 'warn', 'note', 'good']

function rowOf(group: RunGroup, all: readonly RunRecord[]): ResultRow {
  // what still runs or broke off would mix an early epoch into the means
  const done = group.runs.filter(({ status }) => TRAINED.includes(status))
  const runs = done.length > 0 ? done : group.runs
  const lasts = runs.map(lastEpoch).filter((last) => last !== undefined)
  const accuracies = lasts.map(accuracyOf).filter((value) => value !== undefined)
  const found = group.runs.map((run) => ({ run, finding: findingOf(run, all) }))
  const gravest = [...found].sort(
    (a, b) =>
      SEVERITIES.indexOf(a.finding?.severity ?? 'good') -
      SEVERITIES.indexOf(b.finding?.severity ?? 'good')
  )[0]
  return {
    group,
    accuracy: mean(accuracies),
    count: accuracies.length,
    spread: spreadOf(accuracies),
    balanced: mean(lasts.map((last) => last.balancedAccuracy)),
    chance: group.runs[0] && chanceOf(group.runs[0]),
    unequal: group.runs.some(hasUnequalClasses),
    highest: mean(
      runs.map((run) => {
        const values = run.epochs
          .filter(({ epoch }) => epoch > 0)
          .map(accuracyOf)
          .filter((value) => value !== undefined)
        return values.length > 0 ? Math.max(...values) : undefined
      })
    ),
    dead: mean(lasts.map((last) => last.deadUnitFraction)),
    trapped: mean(lasts.map((last) => last.trappedFraction)),
    learned: mean(lasts.map((last) => last.learnedFraction)),
    zeroGradient: mean(lasts.map((last) => last.zeroGradientFraction)),
    seconds: mean(
      runs.map((run) =>
        lastEpoch(run) ? run.epochs.reduce((sum, epoch) => sum + epoch.seconds, 0) : undefined
      )
    ),
    imagesPerSecond: mean(
      runs.map((run) => run.imagesPerSecond ?? run.epochs.at(-1)?.imagesPerSecond)
    ),
    finding: found.every(({ finding }) => finding) ? gravest?.finding : undefined,
    foundIn: gravest?.run,
    sentence: gravest ? sentenceFor(gravest.run, all) : ''
  }
}

/** Best first; what has no result yet comes last, in the order of the queue. */
export function resultRows(records: readonly RunRecord[]): ResultRow[] {
  return groupRuns(records)
    .map((group) => rowOf(group, records))
    .sort((a, b) => (b.accuracy ?? -1) - (a.accuracy ?? -1))
}

const COLUMNS: readonly [string, (row: ResultRow) => string | number | undefined][] = [
  ['choice', ({ group }) => group.config.choice.id],
  ['details', ({ group }) => group.details.join('; ')],
  ['loss', ({ group }) => group.config.loss],
  ['seeds', ({ group }) => group.runs.map((run) => run.config.seed).join(' ')],
  ['test_accuracy', (row) => row.accuracy],
  ['std_over_seeds', (row) => row.spread],
  ['runs', (row) => row.count],
  ['balanced_accuracy', (row) => row.balanced],
  ['chance', (row) => row.chance],
  ['highest_accuracy_seen', (row) => row.highest],
  ['dead_unit_fraction', (row) => row.dead],
  ['trapped_fraction', (row) => row.trapped],
  ['learned_fraction', (row) => row.learned],
  ['zero_gradient_fraction', (row) => row.zeroGradient],
  ['seconds', (row) => row.seconds],
  ['images_per_second', (row) => row.imagesPerSecond],
  ['finding', (row) => row.finding?.code],
  ['sentence', (row) => row.sentence]
]

/** The results as CSV with full precision. */
export function resultsCsv(rows: readonly ResultRow[]): string {
  return csvText([
    COLUMNS.map(([name]) => name),
    ...rows.map((row) => COLUMNS.map(([, value]) => value(row)))
  ])
}
