import { TUTORIAL_CONFIG } from '../../../core/network/config'
import type { RunConfig } from '../../../core/network/config'
import type { RunRecord } from '../../../core/study/run'

const PREFIX = 'question-'

/** The question's four runs: raw and divided by 255, under the loss of 2018 and the exact one. */
export function questionConfigs(): RunConfig[] {
  return (['clipped', 'exact'] as const).flatMap((loss) =>
    (['raw', 'unit'] as const).map((id) => ({ ...TUTORIAL_CONFIG, choice: { id }, loss }))
  )
}

export function questionGroupId(now: number): string {
  return `${PREFIX}${now}`
}

/** The runs of the newest reproduction of the question. */
export function newestQuestion(records: readonly RunRecord[]): RunRecord[] {
  const newest = [...records].reverse().find(({ groupId }) => groupId.startsWith(PREFIX))
  return newest ? records.filter(({ groupId }) => groupId === newest.groupId) : []
}
