import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { DISPLAY, eventually, PROJECT, temporaryFolder } from './project'

const executablePath = process.env.NORMSCOPE_ELECTRON
const folder = temporaryFolder()
const data = join(folder.path, 'data')
const log = join(data, 'normscope.log')

/** Leaves a file where it is loaded into the app: what NODE_OPTIONS names runs in every Node. */
const loaded = join(folder.path, 'loaded')
const intruder = join(folder.path, 'intruder.cjs')
writeFileSync(
  intruder,
  `if (process.versions.electron) require('node:fs').writeFileSync(${JSON.stringify(loaded)}, '')`
)

/** `npm start` with a place of its own for everything it keeps. */
function start(...words: string[]): { child: ChildProcess; said: () => string } {
  const parts: string[] = []
  const child = spawn(process.execPath, [join(PROJECT, 'scripts', 'start.mjs'), ...words], {
    env: {
      ...process.env,
      NODE_OPTIONS: `--require ${intruder}`,
      NORMSCOPE_DATA: data,
      XDG_CONFIG_HOME: join(folder.path, 'config')
    },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (part: Buffer) => parts.push(part.toString()))
  }
  return { child, said: () => parts.join('') }
}

describe.skipIf(!executablePath || !DISPLAY || process.platform !== 'linux')('npm start', () => {
  afterAll(() => folder.remove())

  it('says what a person can use, and logs what Chromium and TensorFlow say', async () => {
    const { child, said } = start('generated')
    // the engine has opened it: Chromium has long said what it misses
    await eventually(
      'the data set',
      () => existsSync(join(data, 'recent.json')) || undefined,
      90_000
    )
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
    expect(said()).toContain(log)
    expect(said().split(log)).toHaveLength(2)
    expect(said()).not.toMatch(/ERROR:|WARNING:|oneDNN|bus\.cc|gpu/i)
    expect(readFileSync(log, 'utf8')).toMatch(/^-- \d{4}-/)
    expect(existsSync(loaded)).toBe(false)
  })

  it('tells a wrong port in words', async () => {
    const { child, said } = start('--serve', '--port', 'abc')
    const [code] = (await once(child, 'close')) as [number]
    expect(code).toBe(2)
    expect(said()).toContain('--port expects a whole number from 0 to 65535, not "abc"')
    expect(said()).not.toMatch(/^\s+at /m)
  })

  it('tells that a port is for a browser', async () => {
    const { child, said } = start('--port', '8080')
    const [code] = (await once(child, 'close')) as [number]
    expect(code).toBe(2)
    expect(said()).toContain('npm start -- --serve --port N')
  })
})
