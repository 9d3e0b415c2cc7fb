import { expect, it, vi } from 'vitest'
import { COMMANDS } from '../../../src/main/cli/commands'
import { runProgram } from '../../../src/main/cli/program'

it('names an unknown option as it was written', async () => {
  const lines: string[] = []
  const write = vi
    .spyOn(process.stderr, 'write')
    .mockImplementation((line) => lines.push(String(line)) > 0)
  const { signal } = new AbortController()
  const code = await runProgram(['train', 'generated', '--custom-size=3'], {
    commands: COMMANDS,
    signal,
    programFolder: '.'
  })
  write.mockRestore()
  expect(code).toBe(2)
  expect(lines.join('')).toContain('Unknown option "--custom-size".')
})
