import { CHOICES } from '../preprocessing/choices'
import type { ChoiceId } from '../preprocessing/preprocessing'

export function choiceName(id: ChoiceId): string {
  return CHOICES.find((choice) => choice.id === id)?.name ?? id
}
