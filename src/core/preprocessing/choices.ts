import type { ChoiceRecord, Constants } from './choice'
import { CHOICES } from './choices/list'
import type { ChoiceId, ConstantsSpec } from './preprocessing'

export { CHOICES } from './choices/list'
export type { ChoiceRecord } from './choice'

const BY_ID: ReadonlyMap<string, ChoiceRecord> = new Map(
  CHOICES.map((record: ChoiceRecord) => [record.id, record])
)

export function choiceRecord(id: ChoiceId): ChoiceRecord {
  return BY_ID.get(id)!
}

/** What a person gives with a choice. */
export function constantsOf({ constants = {} }: ChoiceRecord): Constants {
  return constants
}

export function takesConstants(id: ChoiceId): id is ConstantsSpec['id'] {
  return Object.keys(constantsOf(choiceRecord(id))).length > 0
}
