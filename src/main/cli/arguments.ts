import type { Command } from './command'

/** What of a command line is read before the parser sees it. */
interface Arguments {
  /** all other words */
  readonly words: readonly string[]
  /** values by the option's key, as they were given */
  readonly values: ReadonlyMap<string, readonly string[]>
}

/** A word that begins with a dash and is a value all the same: -0.5, -.5, -1e3, -Infinity. */
const NEGATIVE = /^-(\d|\.\d|Infinity)/

/**
 * Takes the values of options out of the words: the parser would take a negative number for an
 * option, and make of `--out 007` the number 7.
 */
export function readArguments(argv: readonly string[], commands: readonly Command[]): Arguments {
  const name = argv.find((word) => !word.startsWith('-'))
  const command = commands.find(({ usage }) => usage.split(' ')[0] === name)
  const flags = new Map(
    (command?.options ?? []).flatMap(([flag]) => {
      const [long, value] = flag.split(' ')
      return long && value ? [[long, keyOf(long)] as const] : []
    })
  )
  const words: string[] = []
  const values = new Map<string, string[]>()
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at]!
    if (word === '--') {
      words.push(...argv.slice(at))
      break
    }
    const [flag = '', ...rest] = word.split('=')
    const key = flags.get(flag)
    const next = argv[at + 1]
    const given = rest.length > 0 ? rest.join('=') : isValue(next) ? next : undefined
    if (key === undefined || given === undefined) {
      words.push(word)
      continue
    }
    values.set(key, [...(values.get(key) ?? []), given])
    if (rest.length === 0) at++
  }
  return { words, values }
}

const isValue = (word: string | undefined): word is string =>
  word !== undefined && (!word.startsWith('-') || NEGATIVE.test(word))

/** --custom-centre -> customCentre */
export const keyOf = (flag: string): string =>
  flag.slice(2).replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
