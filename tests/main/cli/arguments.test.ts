import { expect, it } from 'vitest'
import { readArguments } from '../../../src/main/cli/arguments'
import { COMMANDS } from '../../../src/main/cli/commands'

const read = (...argv: string[]): unknown => {
  const { words, values } = readArguments(argv, COMMANDS)
  return { words, values: Object.fromEntries(values) }
}

it.each(
  COMMANDS.flatMap(({ usage, options }) =>
    options
      .filter(([flag]) => flag.includes('<'))
      .map(([flag]) => [usage.split(' ')[0]!, flag.split(' ')[0]!])
  )
)('%s takes a negative number after %s', (command, flag) => {
  const key = flag.slice(2).replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
  for (const value of ['-0.5', '-.5', '-1e3', '-1,-2', '-Infinity']) {
    expect(read(command, 'x', flag, value)).toEqual({
      words: [command, 'x'],
      values: { [key]: [value] }
    })
    expect(read(command, `${flag}=${value}`, 'x')).toEqual({
      words: [command, 'x'],
      values: { [key]: [value] }
    })
  }
})

it('keeps values as they were written, and each of several', () => {
  expect(read('study', 'x', '--out', '007', '--out=1e3')).toEqual({
    words: ['study', 'x'],
    values: { out: ['007', '1e3'] }
  })
})

it('takes no option for a value, and leaves what it does not know to the parser', () => {
  expect(read('train', '--epochs', '--json', '--colour', 'red')).toEqual({
    words: ['train', '--epochs', '--json', '--colour', 'red'],
    values: {}
  })
  expect(read('--epochs', '3')).toEqual({ words: ['--epochs', '3'], values: {} })
  expect(read('train', '--', '--epochs', '3')).toEqual({
    words: ['train', '--', '--epochs', '3'],
    values: {}
  })
})
