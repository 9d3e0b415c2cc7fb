import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BUILT, DISPLAY, eventually, PROJECT, temporaryFolder } from './project'

const executablePath = process.env.NORMSCOPE_ELECTRON
const folder = temporaryFolder()
const data = join(folder.path, 'data')
const trace = join(folder.path, 'trace')

const works = (program: string, ...words: string[]): boolean =>
  spawnSync(program, words, { stdio: 'ignore' }).status === 0

const LINUX = process.platform === 'linux'
/** No interface but a loopback that is down. */
const namespace = LINUX && works('unshare', '-rn', 'true') ? ['unshare', '-rn'] : []
const calls = ['connect', 'bind', 'sendto', 'sendmsg', 'sendmmsg'].join()
const follow = ['-f', '-qq', '--seccomp-bpf', '-e', `trace=${calls}`, '-e', 'signal=none']
const strace = LINUX && works('strace', ...follow, '-o', join(folder.path, 'try'), 'true')

/** What the kernel was asked for, by all processes of the app. */
let traced = ''

describe.skipIf(!executablePath || !DISPLAY || !BUILT || !LINUX)('without any network', () => {
  beforeAll(async () => {
    const tracing = strace ? ['strace', ...follow, '-o', trace] : []
    const [program = '', ...words] = [
      ...namespace,
      ...tracing,
      ...[executablePath!, '--no-sandbox', `--user-data-dir=${join(folder.path, 'user')}`],
      ...[PROJECT, 'generated']
    ]
    const app = spawn(program, words, {
      stdio: 'ignore',
      // a group of its own: the tracer keeps what is sent to it alone
      detached: true,
      env: {
        ...process.env,
        NORMSCOPE_DATA: data,
        XDG_CACHE_HOME: join(folder.path, 'cache'),
        XDG_CONFIG_HOME: join(folder.path, 'config')
      }
    })
    const ended = once(app, 'exit')
    try {
      const opened = join(data, 'recent.json')
      await eventually('the data set', () => existsSync(opened) || undefined, 60_000)
    } finally {
      process.kill(-app.pid!, 'SIGTERM')
      await ended
    }
    traced = strace ? readFileSync(trace, 'utf8') : ''
  })
  afterAll(() => folder.remove())

  it.skipIf(namespace.length === 0)('the app starts and opens a data set', () => {
    expect(JSON.parse(readFileSync(join(data, 'recent.json'), 'utf8'))).toMatchObject([
      { paths: ['generated'] }
    ])
  })

  it.skipIf(!strace)(
    'no process of the app connects, binds or sends to an address of any network',
    () => {
      // it was traced: the display is a local socket
      const lines = traced.split('\n')
      expect(lines.some((line) => /connect\(\d+, \{sa_family=AF_UNIX/.test(line))).toBe(true)
      expect(lines.filter((line) => /sa_family=AF_INET/.test(line))).toEqual([])
    }
  )
})
