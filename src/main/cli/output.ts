import { errorFacts } from '../../core/error'
import { programJson } from '../../core/study/json'
import { UsageError } from './usage'

/** Where a command writes: its result on stdout, everything else on stderr. */
export interface Output {
  /** one JSON object is the whole of stdout */
  readonly json: boolean
  /** a result for people; silent with --json */
  say(line: string): void
  /** the result for programs; silent without --json */
  give(value: object): void
  /** a line beside the result */
  log(line: string): void
  readonly progress: ProgressLine
}

/** One line of progress that is rewritten in place; shown only on a terminal. */
interface ProgressLine {
  /** fraction in [0, 1], or undefined when it cannot be known */
  show(label: string, fraction?: number): void
  clear(): void
}

/**
 * A text whose letters all show: names of files and classes are written by others, and could move a
 * terminal's cursor, set its title or turn the order of letters round.
 */
export function visible(text: string, kept = '\n\t'): string {
  return text.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, (letter) =>
    kept.includes(letter) ? letter : `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`
  )
}

const BAR_WIDTH = 24
const REDRAW_MS = 80

export function createOutput(json: boolean): Output {
  const progress = createProgressLine(process.stderr)
  return {
    json,
    progress,
    say(line) {
      if (json) return
      progress.clear()
      process.stdout.write(`${visible(line)}\n`)
    },
    give(value) {
      if (json) process.stdout.write(`${programJson(value)}\n`)
    },
    log(line) {
      progress.clear()
      process.stderr.write(`${visible(line)}\n`)
    }
  }
}

function createProgressLine(stream: NodeJS.WriteStream): ProgressLine {
  let shown = false
  let last = 0
  const clear = (): void => {
    if (shown) stream.write('\r\x1b[K')
    shown = false
    last = 0
  }
  return {
    clear,
    show(label, fraction) {
      const now = Date.now()
      if (!stream.isTTY || now - last < REDRAW_MS) return
      last = now
      shown = true
      const line = fraction === undefined ? label : `${bar(fraction)} ${label}`
      stream.write(`\r${visible(line, '').slice(0, (stream.columns || 80) - 1)}\x1b[K`)
    }
  }
}

function bar(fraction: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, fraction)) * BAR_WIDTH)
  const percent = String(Math.floor(fraction * 100)).padStart(3)
  return `[${'='.repeat(filled)}${' '.repeat(BAR_WIDTH - filled)}] ${percent} %`
}

/** Exit code of a command that was stopped by Ctrl-C, as shells have it. */
export const INTERRUPTED = 130

/** Writes what went wrong, as JSON on stdout where asked for, and returns the exit code. */
export function reportError(thrown: unknown, json: boolean): number {
  const facts = errorFacts(thrown)
  if (json) process.stdout.write(`${JSON.stringify({ error: facts })}\n`)
  const lines = [`normscope: ${facts.message}`]
  if (facts.path && !facts.message.includes(facts.path)) lines.push(`  file: ${facts.path}`)
  if (facts.hint && !facts.message.includes(facts.hint)) lines.push(`  ${facts.hint}`)
  process.stderr.write(`${visible(lines.join('\n'))}\n`)
  if (facts.code === 'internal' && thrown instanceof Error && process.env.NORMSCOPE_DEBUG) {
    process.stderr.write(`${thrown.stack}\n`)
  }
  if (thrown instanceof UsageError) return 2
  return facts.code === 'interrupted' ? INTERRUPTED : 1
}
