/** What a number that a person gives may be. */
export interface Limits {
  readonly min?: number
  /** greater than this, which is not allowed itself */
  readonly above?: number
  readonly max?: number
  readonly integer?: boolean
}

export function isWithin(value: number, { min, above, max, integer }: Limits): boolean {
  return (
    Number.isFinite(value) &&
    (!integer || Number.isInteger(value)) &&
    (min === undefined || value >= min) &&
    (above === undefined || value > above) &&
    (max === undefined || value <= max)
  )
}

/** 'a whole number from 1 to 65536' */
export function limitsText({ min, above, max, integer }: Limits): string {
  const noun = integer ? 'a whole number' : 'a number'
  if (above !== undefined) {
    return `${noun} greater than ${above}${max === undefined ? '' : ` and at most ${max}`}`
  }
  if (min !== undefined && max !== undefined) return `${noun} from ${min} to ${max}`
  if (min !== undefined) return `${noun} of at least ${min}`
  return max === undefined ? noun : `${noun} of at most ${max}`
}
