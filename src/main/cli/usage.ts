import { NormscopeError } from '../../core/error'

/** The call's words are off: the command ends with exit code 2. */
export class UsageError extends NormscopeError {
  constructor(message: string, hint?: string) {
    super({ code: 'usage', message, hint })
  }
}

type Options = Readonly<Record<string, unknown>>

/** An option's value as text; a repeated option is refused. */
export function text(options: Options, key: string, flag: string): string | undefined {
  const value = options[key]
  if (value === undefined) return undefined
  if (Array.isArray(value))
    throw new UsageError(`${flag} was given ${value.length} times; give it once.`)
  if (value === true || value === '') throw new UsageError(`${flag} needs a value.`)
  return String(value)
}

export interface NumberRule {
  readonly integer?: boolean
  readonly min?: number
  readonly max?: number
  /** the minimum itself is refused */
  readonly above?: boolean
}

/** An option's value as a number within the rule. */
export function number(
  options: Options,
  key: string,
  flag: string,
  rule: NumberRule
): number | undefined {
  const given = text(options, key, flag)
  return given === undefined ? undefined : parseNumber(given, flag, rule)
}

/** Comma-separated numbers, each within the rule. */
export function numbers(
  options: Options,
  key: string,
  flag: string,
  rule: NumberRule
): number[] | undefined {
  const given = text(options, key, flag)
  return given?.split(',').map((part) => parseNumber(part.trim(), flag, rule))
}

/** As people write numbers: no 0x10, no empty word, no Infinity. */
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

function parseNumber(given: string, flag: string, rule: NumberRule): number {
  const value = DECIMAL.test(given.trim()) ? Number(given) : NaN
  const min = rule.min ?? -Infinity
  const max = rule.max ?? Infinity
  const within = rule.above ? value > min && value <= max : value >= min && value <= max
  if (Number.isFinite(value) && within && (!rule.integer || Number.isInteger(value))) return value
  throw new UsageError(`${flag} expects ${describe(rule)}, not "${given}".`)
}

function describe({ integer, min, max, above }: NumberRule): string {
  const noun = integer ? 'a whole number' : 'a number'
  if (min !== undefined && max !== undefined) return `${noun} from ${min} to ${max}`
  if (min !== undefined) return above ? `${noun} greater than ${min}` : `${noun} of at least ${min}`
  return max === undefined ? noun : `${noun} of at most ${max}`
}

/** An option's value as one of the words of a list. */
export function word<T extends string>(
  options: Options,
  key: string,
  flag: string,
  words: readonly T[]
): T | undefined {
  const given = text(options, key, flag)
  if (given === undefined) return undefined
  const found = words.find((candidate) => candidate === given)
  if (found === undefined) {
    throw new UsageError(`${flag} expects one of ${words.join(', ')}; not "${given}".`)
  }
  return found
}
