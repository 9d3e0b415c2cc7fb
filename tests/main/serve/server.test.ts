import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { request } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { serve } from '../../../src/main/serve/server'
import type { Served } from '../../../src/main/serve/server'

/** Says it is ready, and answers each connection with 101 and the messages it was told. */
const ENGINE = `
const opened = []
process.on('message', (message) => {
  if (message.type === 'open') opened.push(message)
  if (message.type !== 'listen') return
  const server = require('node:net').createServer((socket) => {
    const told = JSON.stringify({
      pid: process.pid,
      opened,
      folders: process.env.NORMSCOPE_ENGINE_FOLDERS
    })
    socket.on('error', () => undefined)
    socket.once('data', () => socket.end('HTTP/1.1 101 Switching Protocols\\r\\n\\r\\n' + told))
  })
  server.listen(message.address, () => process.send({ type: 'listening' }))
})
process.on('disconnect', () => process.exit(0))
process.send({ type: 'engine-ready' })
`

const timingSafe = vi.hoisted(() => vi.fn<(a: Buffer, b: Buffer) => boolean>())
vi.mock('node:crypto', async (original) => {
  const actual = await original<typeof import('node:crypto')>()
  timingSafe.mockImplementation((a, b) => actual.timingSafeEqual(a, b))
  return { ...actual, timingSafeEqual: timingSafe }
})

let folder: string
let served: Served
let port: number
let token: string
const logged: string[] = []

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'normscope-shell-'))
  mkdirSync(join(folder, 'main'))
  mkdirSync(join(folder, 'renderer', 'assets'), { recursive: true })
  writeFileSync(join(folder, 'main', 'engine.cjs'), ENGINE)
  writeFileSync(join(folder, 'renderer', 'index.html'), '<!doctype html><title>window</title>')
  writeFileSync(join(folder, 'renderer', 'assets', 'a.js'), 'export {}')
  writeFileSync(join(folder, 'secret.txt'), 'secret')
  mkdirSync(join(folder, 'renderer-other'))
  writeFileSync(join(folder, 'renderer-other', 'secret.txt'), 'secret')
  symlinkSync(join(folder, 'secret.txt'), join(folder, 'renderer', 'link.txt'))
  symlinkSync(folder, join(folder, 'renderer', 'out'))
  served = await serve({
    port: 0,
    paths: ['/data/first'],
    slowestMs: 200,
    folders: ['/data', '/more'],
    programFolder: join(folder, 'main'),
    dataFolder: join(folder, 'data'),
    log: (line) => logged.push(line)
  })
  const url = new URL(served.url)
  port = Number(url.port)
  token = url.hash.slice(1)
})

afterAll(async () => {
  await served.close()
  rmSync(folder, { recursive: true, force: true })
})

interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

/** A request whose path is sent as it is, dots and all. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => (body += part))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body })
      )
    })
    asked.on('error', reject)
    asked.end()
  })
}

/** A socket file that nobody listens at, as a dead process leaves it. */
async function bindSocket(path: string): Promise<void> {
  const program = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`
  await once(spawn(process.execPath, ['-e', program]), 'exit')
  expect(existsSync(path)).toBe(true)
}

/** First line and rest of the answer to an upgrade. */
const upgrade = (headers: Record<string, string | undefined>): Promise<string> =>
  upgradeAt(port, token, headers)

function upgradeAt(
  port: number,
  token: string,
  headers: Record<string, string | undefined>
): Promise<string> {
  const all = {
    host: `127.0.0.1:${port}`,
    origin: `http://127.0.0.1:${port}`,
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    'sec-websocket-protocol': `normscope, ${token}`,
    ...headers
  }
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      const lines = Object.entries(all).flatMap(([name, value]) =>
        value === undefined ? [] : [`${name}: ${value}`]
      )
      socket.write(`GET /engine HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
    })
    let answer = ''
    socket.setEncoding('utf8')
    socket.on('data', (part: string) => (answer += part))
    socket.on('error', reject)
    socket.on('close', () => resolve(answer))
  })
}

describe('the address', () => {
  it('is on the loopback and carries a token of 24 random bytes in its fragment', async () => {
    expect(served.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#[\w-]{32}$/)
    const other = await serve({
      port: 0,
      folders: [],
      programFolder: join(folder, 'main'),
      dataFolder: join(folder, 'data')
    })
    await other.close()
    expect(new URL(other.url).hash).not.toBe(`#${token}`)
  })

  const outside = Object.values(networkInterfaces())
    .flat()
    .find((address) => address && !address.internal && address.family === 'IPv4')
  it.skipIf(!outside)('is not reachable from other machines', async () => {
    const reached = new Promise((resolve) => {
      const socket = connect(port, outside!.address)
      socket.on('connect', () => resolve(true))
      socket.on('error', () => resolve(false))
    })
    expect(await reached).toBe(false)
  })

  it('says which port is taken', async () => {
    const second = serve({
      port,
      folders: [],
      programFolder: join(folder, 'main'),
      dataFolder: join(folder, 'data')
    })
    await expect(second).rejects.toMatchObject({ facts: { code: 'cannot-listen' } })
  })
})

describe('a page', () => {
  it('comes with headers that let nothing in from elsewhere', async () => {
    const { status, headers, body } = await ask('/')
    expect(status).toBe(200)
    expect(body).toContain('<title>window</title>')
    expect(headers['content-type']).toBe('text/html; charset=utf-8')
    expect(headers['x-content-type-options']).toBe('nosniff')
    const policy = headers['content-security-policy'] as string
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self';")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toMatch(/script-src[^;]*unsafe/)
    expect(headers['cross-origin-resource-policy']).toBe('same-origin')
  })

  it('is given to no page of another origin', async () => {
    const origin = 'http://evil.example'
    const { headers } = await ask('/', { origin })
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([])
    expect((await ask('/', { origin }, 'OPTIONS')).status).toBe(405)
  })

  it('of a script has the type of a script', async () => {
    const { headers } = await ask('/assets/a.js')
    expect(headers['content-type']).toBe('text/javascript; charset=utf-8')
  })

  it('is refused under another name of the host, as a rebound address would have', async () => {
    for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1', `127.0.0.2:${port}`]) {
      expect((await ask('/', { host })).status, host).toBe(421)
    }
  })

  it('is only read, never changed', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      expect((await ask('/', {}, method)).status, method).toBe(405)
    }
    expect(await ask('/', {}, 'HEAD')).toMatchObject({ status: 200, body: '' })
  })

  it.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/%2e%2e%2fsecret.txt',
    '/assets/../../secret.txt',
    '/..%5csecret.txt',
    '/../renderer-other/secret.txt',
    '/link.txt',
    '/out/secret.txt',
    '/secret.txt',
    '//secret.txt',
    '/assets',
    '/index.html%00.txt',
    '/%ff',
    '/%'
  ])('outside the window folder is not given: %s', async (path) => {
    const { status, body } = await ask(path)
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(500)
    expect(body).not.toContain('secret\n')
    expect(body).not.toBe('secret')
  })
})

describe('a connection to the engine', () => {
  it('is handed over with the right host, origin and token', async () => {
    await vi.waitFor(async () => expect(await upgrade({})).toMatch(/^HTTP\/1\.1 101/))
  })

  it.each([
    ['another host', { host: 'evil.example' }, 421],
    ['another origin', { origin: 'http://evil.example' }, 403],
    ['no origin', { origin: undefined }, 403],
    ['a null origin', { origin: 'null' }, 403],
    ['no token', { 'sec-websocket-protocol': 'normscope' }, 403],
    ['no protocol', { 'sec-websocket-protocol': undefined }, 403],
    ['a wrong token', { 'sec-websocket-protocol': `normscope, ${'A'.repeat(32)}` }, 403],
    ['a wrong protocol', { 'sec-websocket-protocol': `other, ${'A'.repeat(32)}` }, 403]
  ])('is refused with %s', async (_, headers, status) => {
    const answer = await upgrade(headers)
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(answer).not.toContain('pid')
  })

  it('that is refused and then broken off leaves the shell alive', async () => {
    for (let count = 0; count < 20; count++) {
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => undefined)
      await once(socket, 'connect')
      socket.write(
        `GET /engine HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n`
      )
      socket.resetAndDestroy()
    }
    expect((await ask('/')).status).toBe(200)
  })

  it('that never says what it wants, or stays when it is refused, is ended', async () => {
    const host = `host: 127.0.0.1:${port}`
    const upgrade = `GET / HTTP/1.1\r\n${host}\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n`
    for (const said of ['', `GET / HTTP/1.1\r\n${host}\r\nx-slow: `, upgrade]) {
      const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
      socket.on('error', () => undefined)
      socket.resume()
      const closed = once(socket, 'end')
      socket.write(said)
      await closed
      // half open as it is, the shell's end of it is gone
      await vi.waitFor(async () => {
        socket.write('x')
        expect(socket.closed || socket.errored).toBeTruthy()
      })
    }
    expect((await ask('/')).status).toBe(200)
  })

  it('compares tokens in a time that does not tell how much of one is right', async () => {
    timingSafe.mockClear()
    await upgrade({ 'sec-websocket-protocol': `normscope, ${'A'.repeat(32)}` })
    expect(timingSafe.mock.calls.map((buffers) => buffers.map(String))).toEqual([
      ['A'.repeat(32), token]
    ])
  })

  it('opens files in the folders named at the start alone', async () => {
    const { folders } = JSON.parse((await upgrade({})).split('\r\n\r\n')[1]!) as {
      folders: string
    }
    expect(JSON.parse(folders)).toEqual(['/data', '/more'])
  })

  it('is refused with a token that is short by a letter, or long by one', async () => {
    for (const wrong of [token.slice(0, -1), `${token}A`]) {
      const answer = await upgrade({ 'sec-websocket-protocol': `normscope, ${wrong}` })
      expect(answer).toMatch(/^HTTP\/1\.1 403 /)
    }
  })

  it('reaches a new engine after the old one was killed, which then opens what was open last', async () => {
    const told = async (): Promise<{
      pid: number
      opened: { paths?: string[]; resume: boolean }[]
    }> => JSON.parse((await upgrade({})).split('\r\n\r\n')[1]!) as never
    const before = await told()
    expect(before.opened).toEqual([{ type: 'open', paths: ['/data/first'], resume: false }])
    process.kill(before.pid, 'SIGKILL')
    await vi.waitFor(
      async () => {
        const { pid, opened } = await told()
        expect(pid).not.toBe(before.pid)
        expect(opened).toEqual([{ type: 'open', paths: undefined, resume: true }])
      },
      { timeout: 5000 }
    )
    expect(logged.join('\n')).toContain('started again')
  })
})

describe.skipIf(process.platform === 'win32')('the folder of the sockets', () => {
  const before = process.env.TMPDIR
  let temporary: string
  let other: Served
  const said: string[] = []

  const start = (programFolder = join(folder, 'main')): Promise<Served> =>
    serve({
      port: 0,
      folders: [],
      programFolder,
      dataFolder: folder,
      log: (line) => said.push(line)
    })

  /** The first line of the answer to an upgrade, from this other shell. */
  const askOther = async (): Promise<string> => {
    const url = new URL(other.url)
    return (await upgradeAt(Number(url.port), url.hash.slice(1), {})).split('\r\n')[0]!
  }

  beforeEach(() => {
    temporary = mkdtempSync(join(folder, 'tmp-'))
    process.env.TMPDIR = temporary
    said.length = 0
  })
  afterEach(async () => {
    await other?.close()
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
  })

  it('is made anew, and said so, when it is taken away', async () => {
    other = await start()
    expect(await askOther()).toMatch(/ 101 /)
    const [lost = ''] = readdirSync(temporary)
    rmSync(join(temporary, lost), { recursive: true })
    await vi.waitFor(async () => expect(await askOther()).toMatch(/ 101 /), { timeout: 5000 })
    expect(said).toEqual([expect.stringContaining(`${lost}); ${temporary}`)])
  })

  it('goes when the shell is closed, and those of dead shells when one starts', async () => {
    const dead = spawnSync(process.execPath, ['-e', '0']).pid
    const folders = {
      dead: `normscope-serve-${dead}-a`,
      holdsMore: `normscope-serve-${dead}-b`,
      alive: `normscope-serve-${process.ppid}-c`,
      other: `normscope-serve-x`
    }
    for (const name of Object.values(folders)) mkdirSync(join(temporary, name))
    await bindSocket(join(temporary, folders.dead, 'socket'))
    writeFileSync(join(temporary, folders.holdsMore, 'mine.txt'), 'mine')
    other = await start()
    const [own, ...rest] = readdirSync(temporary).filter(
      (name) => !Object.values(folders).includes(name)
    )
    expect(own).toMatch(new RegExp(`^normscope-serve-${process.pid}-`))
    expect(rest).toEqual([])
    await other.close()
    expect(readdirSync(temporary).sort()).toEqual(
      [folders.holdsMore, folders.alive, folders.other].sort()
    )
  })

  it('that cannot be listened in is an error and no loop', async () => {
    const programFolder = join(temporary, 'main')
    mkdirSync(programFolder)
    const refuses = "process.send({ type: 'listen-failed', reason: 'EACCES' })"
    writeFileSync(join(programFolder, 'engine.cjs'), ENGINE.replace(/server\.listen\(.*/, refuses))
    await expect(start(programFolder)).rejects.toMatchObject({ facts: { code: 'cannot-listen' } })
  })
})

it.skipIf(process.platform === 'win32')('a frozen engine does not keep its shell', async () => {
  const other = await serve({
    port: 0,
    folders: [],
    programFolder: join(folder, 'main'),
    dataFolder: join(folder, 'data')
  })
  const url = new URL(other.url)
  const answer = await upgradeAt(Number(url.port), url.hash.slice(1), {})
  const { pid } = JSON.parse(answer.split('\r\n\r\n')[1]!) as { pid: number }
  process.kill(pid, 'SIGSTOP')
  // a window that waits for it
  const waiting = connect(Number(url.port), '127.0.0.1')
  await once(waiting, 'connect')
  waiting.on('error', () => undefined)
  waiting.write('GET /engine HTTP/1.1\r\n')
  const started = Date.now()
  await other.close()
  expect(Date.now() - started).toBeLessThan(3000)
  expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  await vi.waitFor(() => expect(waiting.destroyed).toBe(true))
})
