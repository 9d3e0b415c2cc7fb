import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { LogFile, sortLines } from '../../scripts/start/log.mjs'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'normscope-log-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const fail = (reason: string): never => {
  throw new Error(reason)
}

it('shows a person what is said to them, and logs everything', async () => {
  const said = [
    '[1:2/3:ERROR:bus.cc(399)] Failed to connect to the bus',
    'normscope: Port 80 is taken by another program.',
    '  Choose another with --port.',
    'WARNING: All log messages before absl::InitializeLog() is called are written to STDERR',
    '  at something.cc',
    'normscope: The engine ended (9); it is started again.'
  ]
  const path = join(folder, 'deep', 'normscope.log')
  const shown: string[] = []
  const unseen = await sortLines(
    Readable.from([said.join('\n').slice(0, 90), said.join('\n').slice(90)]),
    new LogFile(path, fail),
    (line: string) => shown.push(line)
  )
  expect(shown).toEqual([said[1], said[2], said[5]])
  expect(unseen).toEqual([said[0], said[3], said[4]])
  expect(readFileSync(path, 'utf8')).toBe(`${said.join('\n')}\n`)
})

it('keeps no more than two files of the size allowed, over starts too', () => {
  const path = join(folder, 'normscope.log')
  for (let start = 0; start < 3; start++) {
    const log = new LogFile(path, fail, 1000)
    for (let line = 0; line < 30; line++) log.write(`start ${start} line ${line} `.padEnd(49, '.'))
  }
  expect(readdirSync(folder).sort()).toEqual(['normscope.log', 'normscope.log.1'])
  // 90 lines of 50 bytes: 20 a file, so the last begins at line 80
  expect(readFileSync(path, 'utf8').split('\n').length - 1).toBe(10)
  expect(readFileSync(`${path}.1`, 'utf8').split('\n').length - 1).toBe(20)
  expect(readFileSync(path, 'utf8')).toContain('start 2 line 29')
})

it('says once why there is no log, and goes on', () => {
  writeFileSync(join(folder, 'file'), '')
  const reasons: string[] = []
  const log = new LogFile(join(folder, 'file', 'normscope.log'), (reason: string) =>
    reasons.push(reason)
  )
  log.write('one')
  log.write('two')
  expect(reasons).toHaveLength(1)
  mkdirSync(join(folder, 'normscope.log'))
  const onFolder = new LogFile(join(folder, 'normscope.log'), (reason: string) =>
    reasons.push(reason)
  )
  onFolder.write('one')
  onFolder.write('two')
  expect(reasons).toHaveLength(2)
})
