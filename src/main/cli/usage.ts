import { NormscopeError } from '../../core/error'
import { isWithin, limitsText } from '../../core/limits'
import type { Limits } from '../../core/limits'

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

/** The values of an option that may be given again. */
export function texts(options: Options, key: string, flag: string): readonly string[] {
  const given = options[key]
  const values: readonly unknown[] = Array.isArray(given) ? given : [given]
  return values.flatMap((value) => text({ [key]: value }, key, flag) ?? [])
}

/** An option's value as a number within limits. */
export function number(
  options: Options,
  key: string,
  flag: string,
  limits: Limits
): number | undefined {
  const given = text(options, key, flag)
  return given === undefined ? undefined : parseNumber(given, flag, limits)
}

/** Comma-separated numbers, each within limits. */
export function numbers(
  options: Options,
  key: string,
  flag: string,
  limits: Limits
): number[] | undefined {
  const given = text(options, key, flag)
  return given?.split(',').map((part) => parseNumber(part.trim(), flag, limits))
}

/** As people write numbers: no 0x10, no empty word, no Infinity. */
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

function parseNumber(given: string, flag: string, limits: Limits): number {
  const value = DECIMAL.test(given.trim()) ? Number(given) : NaN
  if (isWithin(value, limits)) return value
  throw new UsageError(`${flag} expects ${limitsText(limits)}, not "${given}".`)
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
    throw new UsageError(`${flag} expects one of ${words.join(', ')}, not "${given}".`)
  }
  return found
}
