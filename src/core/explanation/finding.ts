import { chanceOf } from '../study/chance'
import type { EpochRecord, RunRecord } from '../study/run'

export type FindingId = 'fine' | 'dead units' | 'loss clipped' | 'diverged' | 'at chance'

/** Share of an epoch's samples without gradient from which the clipped loss is named as the finding. */
export const CLIPPED_FROM = 0.5
/** Share of dead hidden units from which they are named: a quarter of the network is not there. */
export const DEAD_FROM = 0.25
/** An accuracy is at chance below this part of the way from chance to all right. */
export const CHANCE_ROOM = 0.05

export interface FindingRecord {
  readonly id: FindingId
  readonly tone: 'good' | 'warn' | 'bad'
  /** what the finding means, with its threshold */
  readonly definition: string
  readonly holds: (record: RunRecord, last: EpochRecord | undefined) => boolean
}

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
export const FINDINGS: readonly FindingRecord[] = [
  {
    id: 'diverged',
    tone: 'bad',
    definition: 'Loss or weights stopped being finite, or the loss stayed far above its start.',
    holds: (record) => record.status === 'diverged'
  },
  {
    id: 'loss clipped',
    tone: 'bad',
    definition: `With the clipped loss, at least ${CLIPPED_FROM * 100} % of the last epoch's samples had a loss gradient of exactly 0.`,
    holds: (record, last) =>
      record.config.loss === 'clipped' && (last?.zeroGradientFraction ?? 0) >= CLIPPED_FROM
  },
  {
    id: 'dead units',
    tone: 'warn',
    definition: `At least ${DEAD_FROM * 100} % of the hidden units are 0 for every image of the training split.`,
    holds: (_record, last) => (last?.deadUnitFraction ?? 0) >= DEAD_FROM
  },
  {
    id: 'at chance',
    tone: 'bad',
    definition: `The accuracy lies within ${CHANCE_ROOM * 100} % of the way from chance to all right. Chance is the accuracy of always naming the most frequent class of the test images.`,
    holds(record, last) {
      const chance = chanceOf(record)
      const accuracy = accuracyOf(last)
      if (chance === undefined || accuracy === undefined) return false
      return accuracy < chance + CHANCE_ROOM * (1 - chance)
    }
  },
  {
    id: 'fine',
    tone: 'good',
    definition: 'None of the other findings holds.',
    holds: (_record, last) => last !== undefined
  }
]

/**
 * What stands out about an ended run; undefined while it is under way, or when it was cancelled or
 * failed. Without the test images of each class nothing is said of chance.
 */
export function findingOf(record: RunRecord): FindingRecord | undefined {
  if (record.status !== 'finished' && record.status !== 'diverged') return undefined
  const last = lastEpoch(record)
  return FINDINGS.find((finding) => finding.holds(record, last))
}
