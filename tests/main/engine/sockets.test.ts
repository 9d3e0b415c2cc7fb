import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { encode } from '../../../src/contract/codec'
import { engineSchemas } from '../../../src/contract/engine'
import type { EngineApi, EngineEvents } from '../../../src/contract/engine'
import type { Line } from '../../../src/contract/line'
import { serveEngine } from '../../../src/contract/rpc'
import { createRandom } from '../../../src/core/random'
import { listenForWindows } from '../../../src/main/engine/sockets'

let folder: string
let address: string
const lines: { line: Line; events: EngineEvents }[] = []
const clients: WebSocket[] = []

/** Every method answers with its own input. */
const api = Object.fromEntries(
  Object.keys(engineSchemas).map((method) => [
    method,
    (input: unknown) => Promise.resolve({ ok: true, value: input })
  ])
) as unknown as EngineApi

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'normscope-sockets-'))
  address = join(folder, 'windows')
  await listenForWindows(address, (line) => lines.push({ line, events: serveEngine(line, api) }))
})
afterEach(() => clients.splice(0).forEach((client) => client.terminate()))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function window(): Promise<WebSocket> {
  const client = new WebSocket('ws://normscope/engine', ['normscope'], {
    createConnection: () => connect(address)
  })
  clients.push(client)
  await new Promise((resolve, reject) => {
    client.once('open', resolve)
    client.once('error', reject)
  })
  client.on('error', () => undefined)
  return client
}

const isOver = (client: WebSocket): boolean => client.readyState === WebSocket.CLOSED

/** A fresh window gets an answer: the engine is alive. */
async function expectAnswer(): Promise<void> {
  const client = await window()
  const answer = new Promise((resolve) => client.once('message', resolve))
  client.send(encode({ t: 'q', i: '1', m: 'status', a: [{}] }))
  await answer
  client.terminate()
}

describe.skipIf(process.platform === 'win32')('a window that sends', () => {
  const deep = (depth: number): Buffer => Buffer.alloc(depth, 0x81)
  const frames: readonly (readonly [string, Uint8Array])[] = [
    ['null', encode(null)],
    ['undefined', encode(undefined)],
    ['a number', encode(7)],
    ['a string', encode('status')],
    ['a list', encode([1])],
    ['an empty object', encode({})],
    ['a call without a name', encode({ t: 'q', i: '1', a: [] })],
    ['a call named by an object', encode({ t: 'q', i: '1', m: {}, a: [] })],
    ['a call with no list of arguments', encode({ t: 'q', i: '1', m: 'status', a: 3 })],
    ['a call whose number cannot be sent back', encode({ t: 'q', i: 5n, m: 'status', a: [{}] })],
    ['an answer to nothing', encode({ t: 's', i: 'x', r: 1 })],
    ['an answer without a number', encode({ t: 's' })],
    ['no bytes', new Uint8Array()],
    ['a list that never ends', Buffer.from([0x9f])],
    ['a list of four thousand million', Buffer.from([0x9a, 0xff, 0xff, 0xff, 0xff])],
    ['a thousand lists in each other', Buffer.concat([deep(1000), encode(1)])],
    ['a million lists in each other', Buffer.concat([deep(1_000_000), encode(1)])],
    [
      'a whole number of a megabyte',
      Buffer.concat([Buffer.from([0xc2, 0x5a, 0, 16, 0, 0]), Buffer.alloc(2 ** 20, 255)])
    ],
    ['packed values', Buffer.from([0xd8, 0x33, 0x84, 0x80, 0x80, 0x80, 0xf6])],
    ['a reference to nothing', Buffer.from([0xd8, 0x1d, 0x05])],
    [
      'references that are read twice at each of 40 levels',
      Buffer.concat([
        ...Array.from({ length: 40 }, (_, level) =>
          Buffer.from([0xd8, 0x1c, 0xd9, 0x01, 0x03, 0xa2, 0x01, 0xd8, 0x1d, 0x18, level, 0x02])
        ),
        encode(1)
      ])
    ]
  ]

  it.each(frames)('%s ends nothing but itself', async (_, frame) => {
    const client = await window()
    const started = performance.now()
    client.send(frame)
    client.send(encode({ t: 'q', i: '2', m: 'status', a: [{}] }))
    await new Promise((resolve) => {
      client.once('message', resolve)
      client.once('close', resolve)
    })
    expect(performance.now() - started).toBeLessThan(500)
    await expectAnswer()
  })

  it('a frame of 20 MB is sent away', async () => {
    const client = await window()
    client.send(encode({ t: 'q', i: '2', m: 'status', a: [new Uint8Array(20_000_000)] }))
    const code = await new Promise((resolve) => client.once('close', resolve))
    expect(code).toBe(1009)
    await expectAnswer()
  })

  it('two thousand damaged calls ends nothing', async () => {
    const random = createRandom(7, 'frames')
    const whole = encode({
      ...{ t: 'q', i: 'a1', m: 'thumbnails' },
      a: [
        {
          split: 'train',
          indices: Uint32Array.of(1, 2, 3),
          when: new Date(0),
          map: new Map([[1, 2]])
        }
      ]
    })
    let client = await window()
    for (let round = 0; round < 2000; round++) {
      const bytes = Uint8Array.from(whole)
      for (let changes = 1 + random.integer(4); changes > 0; changes--) {
        bytes[random.integer(bytes.length)] = random.integer(256)
      }
      client.send(
        bytes.subarray(0, random.integer(4) === 0 ? random.integer(bytes.length) : undefined)
      )
      if (round % 20 === 19) {
        client.terminate()
        client = await window()
      }
    }
    await expectAnswer()
  })
})

describe.skipIf(process.platform === 'win32')('a window that never reads', () => {
  it('is let go before it fills the memory, and is told less while it is behind', async () => {
    const client = await window()
    const { line, events } = lines[lines.length - 1]!
    client.pause()
    let closed = false
    line.onClose(() => (closed = true))
    const record = { id: 'x', notes: ['n'.repeat(1_000_000)] }
    let told = 0
    await vi.waitFor(
      () => {
        // a megabyte at a time
        for (let count = 0; count < 5 && !closed; count++) {
          events.runChanged(record as never)
          told++
        }
        expect(closed).toBe(true)
      },
      { timeout: 10_000, interval: 1 }
    )
    expect(told).toBeGreaterThan(10)
    expect(told).toBeLessThan(120)
    expect(isOver(client)).toBe(false)
    await expectAnswer()
  })

  it('misses progress, which the next says anyway, and nothing else', async () => {
    const client = await window()
    const { events } = lines[lines.length - 1]!
    client.pause()
    for (let count = 0; count < 20; count++) {
      events.runChanged({ id: `run-${count}`, notes: ['n'.repeat(500_000)] } as never)
    }
    for (let count = 0; count < 1000; count++) {
      events.runProgress({ id: `run-${count}`, status: 'running', progress: {} } as never)
    }
    events.runsRemoved({ ids: ['last'] })
    const heard = { runChanged: 0, runProgress: 0, runsRemoved: 0 }
    const { decode } = await import('../../../src/contract/codec')
    const last = new Promise<void>((resolve) =>
      client.on('message', (data: Buffer) => {
        const { m } = decode(data) as { m: keyof typeof heard }
        heard[m]++
        if (m === 'runsRemoved') resolve()
      })
    )
    client.resume()
    await last
    expect(heard.runChanged).toBe(20)
    expect(heard.runProgress).toBe(0)
  })
})
