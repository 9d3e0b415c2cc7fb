import { CHOICES } from '../preprocessing/choices'
import type { ChoiceId } from '../preprocessing/preprocessing'

/** 0.8473 -> '84.7 %'; 0.9998 -> '99.98 %', for a share that is nearly all must not read as all. */
export function share(value: number): string {
  const percent = value * 100
  const nearlyAll = value < 1 && percent >= 99.95
  return `${percent.toFixed(nearlyAll ? 2 : 1).replace('100.00', '99.99')} %`
}

/** Difference of two accuracies in percentage points. */
export function points(value: number): string {
  return `${(Math.abs(value) * 100).toFixed(1)} points`
}

export function choiceName(id: ChoiceId): string {
  return CHOICES.find((choice) => choice.id === id)?.name ?? id
}

export function mean(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
