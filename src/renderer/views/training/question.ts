import type { RunRecord } from '../../../core/study/run'

const PREFIX = 'question-'

export function questionGroupId(now: number): string {
  return `${PREFIX}${now}`
}

/** The runs of the newest reproduction of the question. */
export function newestQuestion(records: readonly RunRecord[]): RunRecord[] {
  const newest = [...records].reverse().find(({ groupId }) => groupId.startsWith(PREFIX))
  return newest ? records.filter(({ groupId }) => groupId === newest.groupId) : []
}
