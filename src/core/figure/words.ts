import { plain } from '../numbers'

export type SplitShown = 'train' | 'test' | 'all'

export const SPLIT_NAMES: Readonly<Record<SplitShown, string>> = {
  train: 'training split',
  test: 'test split',
  all: 'training and test split'
}

/** A number of a figure's sentences; what rounding left of 0 is 0. */
export function numberText(value: number): string {
  return plain(Math.abs(value) < 1e-9 ? 0 : value)
}

/** 'as stored, [0, 1] and logarithm' */
export function listText(parts: readonly string[]): string {
  if (parts.length < 2) return parts.join('')
  return `${parts.slice(0, -1).join(', ')} and ${parts[parts.length - 1]}`
}
