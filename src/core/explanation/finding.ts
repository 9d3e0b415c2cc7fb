import { lossOf } from '../network/losses'
import { percent } from '../numbers'
import { chanceOf } from '../study/run'
import type { EpochRecord, RunRecord } from '../study/run'
import { lowerFirst, upperFirst } from '../text'

/** Something that stands out about an ended run: when it holds, and what is said of it. */
export interface FindingRecord<Id extends string = string> {
  readonly id: Id
  readonly tone: 'good' | 'warn' | 'bad'
  /** what the finding means, with its threshold */
  readonly definition: string
  /** from which value on it holds, and where that value comes from */
  readonly threshold?: { readonly value: number; readonly source: string }
  holds(record: RunRecord, last: EpochRecord | undefined): boolean
  /** from the run's measurements and, where there is one, the same run under another loss */
  sentence(record: RunRecord, all: readonly RunRecord[]): string
}

/** Share of an epoch's samples, wrong and without gradient, from which the clipped loss is named. */
export const CLIPPED_THRESHOLD = 0.5
/** Share of the hidden units from which dead ones are named. */
const DEAD_THRESHOLD = 0.25
/** An accuracy is at chance below this part of the way from chance to all right. */
const CHANCE_THRESHOLD = 0.05

/** The last epoch after training began. */
export function lastEpoch(record: RunRecord): EpochRecord | undefined {
  const last = record.epochs.at(-1)
  return last && last.epoch > 0 ? last : undefined
}

/** Of the test images, or of the training images where there is no test split; in [0, 1]. */
export function accuracyOf(epoch: EpochRecord | undefined): number | undefined {
  return epoch && (epoch.testAccuracy ?? epoch.trainAccuracy)
}

/** In order of precedence: the first that holds is the run's finding. */
export const FINDINGS = [
  {
    id: 'diverged',
    tone: 'bad',
    definition: 'Loss or weights stopped being finite, or the loss stayed far above its start.',
    holds: (record) => record.status === 'diverged',
    sentence({ divergence }) {
      if (!divergence) return 'Training diverged.'
      const { epoch, step, reason } = divergence
      return `Training diverged in epoch ${epoch}, at step ${step}: ${lowerFirst(reason)}`
    }
  },
  {
    id: 'loss clipped',
    tone: 'bad',
    definition: `With a clipped loss, at least ${percent(CLIPPED_THRESHOLD, 0)} of the last epoch's samples were wrong and had a loss gradient of exactly 0.`,
    threshold: {
      value: CLIPPED_THRESHOLD,
      source: 'our convention: most samples teach the network nothing'
    },
    holds: (record, last) =>
      lossOf(record.config.loss).clip !== undefined &&
      (last?.trappedFraction ?? 0) >= CLIPPED_THRESHOLD,
    sentence(record, all) {
      const trapped = lastEpoch(record)?.trappedFraction ?? 0
      const other = accuracyOf(counterpart(record, all)?.epochs.at(-1))
      const remedy =
        other === undefined
          ? ''
          : `; with the exact loss, the same network reaches ${percent(other)}`
      return `In the last epoch, ${percent(trapped)} of the samples were wrong and had a loss gradient of exactly 0 under the ${lossOf(record.config.loss).label}, so they taught the network nothing; ${ending(record)}${remedy}.`
    }
  },
  {
    id: 'dead units',
    tone: 'warn',
    definition: `At least ${percent(DEAD_THRESHOLD, 0)} of the hidden units are 0 for every image of the training split.`,
    threshold: {
      value: DEAD_THRESHOLD,
      source: 'our convention: a quarter of the hidden units contributes nothing'
    },
    holds: (_record, last) => (last?.deadUnitFraction ?? 0) >= DEAD_THRESHOLD,
    sentence(record) {
      const dead = lastEpoch(record)?.deadUnitFraction ?? 0
      return `${percent(dead)} of the hidden units output 0 for every training image and contribute nothing; ${ending(record)}.`
    }
  },
  {
    id: 'at chance',
    tone: 'bad',
    definition: `The accuracy lies within ${percent(CHANCE_THRESHOLD, 0)} of the way from chance to all right. Chance is the accuracy of always naming the most frequent class of the test images.`,
    threshold: {
      value: CHANCE_THRESHOLD,
      source: 'our convention: what is left of the way to all right is hardly begun'
    },
    holds(record, last) {
      const chance = chanceOf(record)
      const accuracy = accuracyOf(last)
      if (chance === undefined || accuracy === undefined) return false
      return accuracy < chance + CHANCE_THRESHOLD * (1 - chance)
    },
    sentence(record) {
      const chance = chanceOf(record) ?? 0
      const better = (accuracyOf(lastEpoch(record)) ?? 0) > chance ? 'little' : 'no'
      return `The network does ${better} better than always guessing the most frequent class, which gives ${percent(chance)}; ${ending(record)}.`
    }
  },
  {
    id: 'fine',
    tone: 'good',
    definition: 'None of the other findings holds.',
    holds: (_record, last) => last !== undefined,
    sentence: (record) =>
      `${upperFirst(ending(record))}; none of the checks for known problems was triggered.`
  }
] as const satisfies readonly FindingRecord[]

/**
 * What stands out about an ended run; undefined while it is under way, or when it was cancelled or
 * failed. Without the test images of each class nothing is said of chance.
 */
export function findingOf(
  record: RunRecord,
  findings: readonly FindingRecord[] = FINDINGS
): FindingRecord | undefined {
  if (record.status !== 'finished' && record.status !== 'diverged') return undefined
  const last = lastEpoch(record)
  return findings.find((finding) => finding.holds(record, last))
}

/** One sentence about a run, ended or not. */
export function sentenceFor(
  record: RunRecord,
  all: readonly RunRecord[],
  findings: readonly FindingRecord[] = FINDINGS
): string {
  const finding = findingOf(record, findings)
  return finding ? finding.sentence(record, all) : STATUS_SENTENCES[record.status](record)
}

const STATUS_SENTENCES: Readonly<Record<RunRecord['status'], (record: RunRecord) => string>> = {
  queued: () => 'The run is waiting for its turn.',
  running: () => 'The run is in progress.',
  paused: () => 'The run is paused.',
  cancelled: (record) => `The run was cancelled; ${ending(record)}.`,
  failed: ({ error }) => `The run failed: ${error?.message ?? 'no reason was given.'}`,
  finished: () => 'The run ended before its first epoch.',
  diverged: () => 'Training diverged.'
}

/** The finished run that differs in having the exact loss alone. */
function counterpart(record: RunRecord, all: readonly RunRecord[]): RunRecord | undefined {
  const without = ({ config }: RunRecord): string => JSON.stringify({ ...config, loss: undefined })
  return all.find(
    (other) =>
      other.status === 'finished' &&
      other.datasetId === record.datasetId &&
      other.config.loss === 'exact' &&
      without(other) === without(record)
  )
}

/** 'the last test accuracy is 77.3 %' */
function ending(record: RunRecord): string {
  const last = lastEpoch(record)
  const accuracy = accuracyOf(last)
  if (accuracy === undefined) return 'no epoch was completed'
  const which = last?.testAccuracy === undefined ? 'training' : 'test'
  return `the last ${which} accuracy is ${percent(accuracy)}`
}
