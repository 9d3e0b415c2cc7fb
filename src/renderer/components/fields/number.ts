import type { Limits } from '../../../core/limits'

/** Limits of a number that a person types. */
export interface NumberLimits extends Limits {
  /** empty text means undefined */
  readonly optional?: boolean
}

/** The number in the text, or what is wrong with it. */
export function parseNumber(
  text: string,
  limits: NumberLimits
): { readonly value?: number; readonly error?: string } {
  const trimmed = text.trim().replace('−', '-')
  if (trimmed === '') return limits.optional ? {} : { error: 'Enter a number.' }
  const value = Number(trimmed)
  if (!Number.isFinite(value)) return { error: `“${text.trim()}” is not a number.` }
  if (limits.integer && !Number.isInteger(value)) return { error: 'Whole numbers only.' }
  if (limits.min !== undefined && value < limits.min) return { error: `At least ${limits.min}.` }
  if (limits.above !== undefined && value <= limits.above) {
    return { error: `Greater than ${limits.above}.` }
  }
  if (limits.max !== undefined && value > limits.max) return { error: `At most ${limits.max}.` }
  return { value }
}

/** Numbers separated by commas or spaces, or what is wrong with them. */
export function parseNumbers(
  text: string,
  limits: NumberLimits
): { readonly values: readonly number[]; readonly error?: string } {
  const values: number[] = []
  for (const part of text.split(/[\s,;]+/).filter((p) => p !== '')) {
    const { value, error } = parseNumber(part, { ...limits, optional: false })
    if (value === undefined) {
      // what is no number is quoted in its error already
      return { values, error: Number.isNaN(Number(part)) ? error : `${part}: ${error}` }
    }
    values.push(value)
  }
  return { values }
}
