import type { Output } from './output'

/** What a command is given besides its words. */
export interface Context {
  readonly output: Output
  readonly signal: AbortSignal
  /** folder of the built program: trainer.cjs, engine.cjs */
  readonly programFolder: string
}

/** One command of the program: adding one is one record in commands.ts. */
export interface Command {
  /** name and positional words: 'inspect <path>' */
  readonly usage: string
  readonly description: string
  /** flag with its value, and what it means */
  readonly options: readonly (readonly [flag: string, description: string])[]
  readonly example: string
  /** further sections of its help */
  readonly more?: readonly { readonly title: string; readonly body: string }[]
  /** the exit code, where what it found is no success; default 0 */
  run(
    context: Context,
    words: readonly string[],
    options: Readonly<Record<string, unknown>>
  ): Promise<number | void>
}
