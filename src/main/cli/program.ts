import { cac } from 'cac'
import { version } from '../../../package.json'
import { FORMATS } from '../../core/format/formats'
import { upperFirst } from '../../core/text'
import { keyOf, readArguments } from './arguments'
import type { Command } from './command'
import { pathHelp } from './dataset'
import { createOutput, reportError } from './output'
import { UsageError } from './usage'

interface ProgramOptions {
  readonly commands: readonly Command[]
  /** aborted when the person interrupts */
  readonly signal: AbortSignal
  /** folder of the built program: trainer.cjs, engine.cjs */
  readonly programFolder: string
}

/** Carries out a command line; the exit code. */
export async function runProgram(
  argv: readonly string[],
  { commands, signal, programFolder }: ProgramOptions
): Promise<number> {
  const json = argv.includes('--json')
  const output = createOutput(json)
  const cli = cac('normscope')
  cli.version(version)
  cli.help((sections) => {
    const command = cli.matchedCommand
    const record = commands.find(({ usage }) => usage === command?.rawName)
    const takesPath = /path/.test(command?.rawName ?? 'path')
    // its list of calls for help repeats the list of commands
    const rest = sections.slice(1).filter(({ title }) => !title?.startsWith('For more info'))
    return [
      ...sections.slice(0, 1),
      ...(command ? [{ body: command.description }] : []),
      ...rest,
      ...(record?.more ?? []),
      ...(takesPath ? [pathHelp(FORMATS)] : []),
      ...(command ? [] : [{ body: 'normscope COMMAND --help shows its options.' }])
    ]
  })
  let work: (() => Promise<number | void>) | undefined
  const { words: plain, values } = readArguments(argv, commands)
  for (const command of commands) {
    const made = cli.command(command.usage, command.description)
    for (const [flag, description] of command.options) made.option(flag, description)
    made.option('--json', 'Print one JSON object on stdout, and everything else on stderr')
    made.example(command.example)
    const words = (command.usage.match(/[<[]/g) ?? []).length
    made.action((...given: unknown[]) => {
      const options = { ...(given[words] as Record<string, unknown>) }
      for (const [key, [first, ...more]] of values) {
        options[key] ??= more.length === 0 ? first : [first, ...more]
      }
      const context = { output, signal, programFolder }
      work = () =>
        command.run(
          context,
          // the last may be a list
          given.slice(0, words).flatMap((word) => [word ?? ''].flat().map(String)),
          options
        )
    })
  }
  try {
    parse(cli, plain)
    if (cli.options.help || cli.options.version) return 0
    if (!work) {
      if (cli.args.length > 0) throw new UsageError(`There is no command "${cli.args[0]}".`)
      cli.outputHelp()
      return argv.length > 0 && !json ? 2 : 0
    }
    const code = await work()
    output.progress.clear()
    return code ?? 0
  } catch (thrown) {
    output.progress.clear()
    return reportError(signal.aborted ? (signal.reason as unknown) : thrown, json)
  }
}

/** Parses and finds the command; the parser's own complaints become usage errors. */
function parse(cli: ReturnType<typeof cac>, argv: readonly string[]): void {
  try {
    cli.parse(['node', 'normscope', ...argv], { run: false })
    void cli.runMatchedCommand()
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown)
    // the parser names an option by its key, the person wrote it otherwise
    const flags = argv.map((word) => word.replace(/=.*$/s, ''))
    const asWritten = (option: string): string =>
      flags.find((flag) => keyOf(flag) === option.slice(2)) ?? option
    throw new UsageError(
      `${upperFirst(message.replace(/--\w+/, asWritten).replace(/`/g, '"'))}.`,
      'normscope --help lists the commands, normscope COMMAND --help its options.'
    )
  }
}
