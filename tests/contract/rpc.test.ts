import { MessageChannel } from 'node:worker_threads'
import type { MessagePort } from 'node:worker_threads'
import { afterEach, describe, expect, it } from 'vitest'
import { decode, encode } from '../../src/contract/codec'
import { engineSchemas } from '../../src/contract/engine'
import type { EngineApi, EngineEvents, EngineMethod } from '../../src/contract/engine'
import type { Line } from '../../src/contract/line'
import { connectEngine, serveEngine } from '../../src/contract/rpc'
import { NormscopeError } from '../../src/core/error'
import { TUTORIAL_CONFIG } from '../../src/core/network/config'

const ports: MessagePort[] = []
afterEach(() => ports.splice(0).forEach((port) => port.close()))

interface Wire {
  readonly pack: (message: unknown) => unknown
  readonly unpack: (message: never) => unknown
}

const WIRES: readonly (readonly [string, Wire])[] = [
  ['structured clone', { pack: (message) => message, unpack: (message) => message }],
  ['CBOR', { pack: encode, unpack: (bytes: Uint8Array) => decode(bytes) }]
]

function lineOf(port: MessagePort, { pack, unpack }: Wire): Line {
  ports.push(port)
  return {
    post: (message) => port.postMessage(pack(message) as object),
    onMessage: (listener) => void port.on('message', (m: unknown) => listener(unpack(m as never))),
    onClose: (listener) => void port.once('close', listener)
  }
}

/** An engine that answers the given methods; every other one fails the test by its error. */
function engineOf(methods: Partial<EngineApi>): EngineApi {
  const missing = (method: EngineMethod) => () =>
    Promise.reject(new Error(`${method} was not expected`))
  const all = Object.keys(engineSchemas) as EngineMethod[]
  return {
    ...(Object.fromEntries(all.map((method) => [method, missing(method)])) as unknown as EngineApi),
    ...methods
  }
}

const QUIET: EngineEvents = {
  openProgress: () => undefined,
  datasetOpened: () => undefined,
  openEnded: () => undefined,
  reportProgress: () => undefined,
  countingProgress: () => undefined,
  studyOpened: () => undefined,
  runChanged: () => undefined,
  runEpoch: () => undefined,
  runProgress: () => undefined,
  runsRemoved: () => undefined,
  experimentChanged: () => undefined,
  experimentsRemoved: () => undefined,
  statusChanged: () => undefined,
  notice: () => undefined
}

function linked(wire: Wire, methods: Partial<EngineApi>, events: Partial<EngineEvents> = {}) {
  const { port1, port2 } = new MessageChannel()
  const told = serveEngine(lineOf(port1, wire), engineOf(methods))
  const engine = connectEngine(lineOf(port2, wire), { ...QUIET, ...events })
  return { engine, told, enginePort: port1, windowPort: port2 }
}

describe.each(WIRES)('the contract over %s', (_, wire) => {
  it('carries typed arrays as what they are, NaN, -0 and infinities included', async () => {
    const means = Float64Array.of(NaN, -0, Infinity, 0.1)
    const { engine } = linked(wire, {
      thumbnails: ({ indices }) =>
        Promise.resolve({
          ok: true,
          value: {
            height: 1,
            width: 1,
            channels: 1,
            pixels: Uint8Array.from(indices, (index) => index % 256),
            labels: Int32Array.of(-1, 7),
            means,
            stds: new Float64Array(2)
          }
        })
    })
    const answer = await engine.thumbnails({ split: 'train', indices: Uint32Array.of(300, 2) })
    if (!answer.ok) throw new Error(answer.error.message)
    expect(answer.value.pixels).toBeInstanceOf(Uint8Array)
    expect([...answer.value.pixels]).toEqual([44, 2])
    expect([...(answer.value.labels ?? [])]).toEqual([-1, 7])
    expect(answer.value.means).toBeInstanceOf(Float64Array)
    expect([...answer.value.means]).toEqual([NaN, -0, Infinity, 0.1])
  })

  it('keeps undefined values and facts of errors', async () => {
    const { engine } = linked(wire, {
      dataset: () => Promise.resolve({ ok: true, value: undefined }),
      openDataset: () =>
        Promise.resolve({
          ok: false,
          error: { code: 'truncated-file', message: 'It ends early.', path: '/a', hint: 'Copy it.' }
        })
    })
    expect(await engine.dataset({})).toEqual({ ok: true, value: undefined })
    expect(await engine.openDataset({ paths: ['/a'] })).toEqual({
      ok: false,
      error: { code: 'truncated-file', message: 'It ends early.', path: '/a', hint: 'Copy it.' }
    })
  })

  it('turns what a method throws into a result with its facts', async () => {
    const { engine } = linked(wire, {
      runs: () => Promise.reject(new NormscopeError({ code: 'no-dataset', message: 'None.' }))
    })
    expect(await engine.runs({})).toEqual({
      ok: false,
      error: { code: 'no-dataset', message: 'None.' }
    })
  })

  it.each([
    ['a wrong type', 'openDataset', { paths: [7] }, /path/],
    ['an argument too many', 'status', { extra: 1 }, /extra/],
    ['no argument', 'runs', undefined, /runs was refused/],
    [
      'an array in place of typed numbers',
      'thumbnails',
      { split: 'train', indices: [1] },
      /indices/
    ],
    ['a split that is none', 'thumbnails', { split: 'all', indices: new Uint32Array() }, /split/],
    [
      'a configuration with too few factors',
      'enqueue',
      { configs: [{ ...TUTORIAL_CONFIG, initFactors: [1] }] },
      /one factor per layer/
    ]
  ])('refuses %s before the method runs', async (_case, method, argument, message) => {
    const { engine } = linked(wire, {})
    const call = engine[method as EngineMethod] as (input: unknown) => Promise<unknown>
    expect(await call(argument)).toMatchObject({
      ok: false,
      error: { code: 'invalid-argument', message: expect.stringMatching(message) as string }
    })
  })

  it('tells events', async () => {
    const heard = new Promise((resolve) => {
      const { told } = linked(wire, {}, { runsRemoved: resolve })
      told.runsRemoved({ ids: ['a', 'b'] })
    })
    expect(await heard).toEqual({ ids: ['a', 'b'] })
  })

  it('answers calls under way with engine-lost when the engine goes', async () => {
    const { engine, enginePort } = linked(wire, { runs: () => new Promise(() => undefined) })
    const pending = engine.runs({})
    enginePort.close()
    expect(await pending).toMatchObject({ ok: false, error: { code: 'engine-lost' } })
  })

  it('answers calls made after the engine is gone with engine-lost', async () => {
    const { engine, enginePort, windowPort } = linked(wire, {})
    const closed = new Promise((resolve) => windowPort.once('close', resolve))
    enginePort.close()
    await closed
    expect(await engine.runs({})).toMatchObject({ ok: false, error: { code: 'engine-lost' } })
  })

  it('says of a call that cannot be sent why, and goes on', async () => {
    const { engine } = linked(wire, {
      dataset: () => Promise.resolve({ ok: true, value: undefined })
    })
    const circle: Record<string, unknown> = {}
    const unsendable = wire.pack === encode ? Object.assign(circle, { circle }) : { path: () => 1 }
    const call = engine.openDataset as (input: unknown) => Promise<unknown>
    expect(await call(unsendable)).toMatchObject({
      ok: false,
      error: {
        code: 'not-sent',
        message: expect.stringMatching(/^The call openDataset could not be sent: \S+/) as string
      }
    })
    expect(await engine.dataset({})).toEqual({ ok: true, value: undefined })
  })

  it('says that an answer could not be sent, and goes on', async () => {
    const circle: Record<string, unknown> = {}
    const value = wire.pack === encode ? Object.assign(circle, { circle }) : () => 1
    const { engine } = linked(wire, {
      runs: () => Promise.resolve({ ok: true, value } as never),
      dataset: () => Promise.resolve({ ok: true, value: undefined })
    })
    expect(await engine.runs({})).toMatchObject({
      ok: false,
      error: {
        code: 'no-answer',
        message: expect.stringMatching(/^The engine could not answer the call runs: \S+/) as string
      }
    })
    expect(await engine.dataset({})).toEqual({ ok: true, value: undefined })
  })

  it('tells of an event that cannot be sent in a notice', async () => {
    const circle: Record<string, unknown> = {}
    const value = wire.pack === encode ? Object.assign(circle, { circle }) : () => 1
    const heard = new Promise((resolve) => {
      const { told } = linked(wire, {}, { notice: resolve })
      told.runChanged(value as never)
    })
    expect(await heard).toMatchObject({
      level: 'error',
      message: expect.stringMatching(/^The window was not told of runChanged: \S+/) as string
    })
  })

  it('goes on telling others when one window is gone', async () => {
    const { told, windowPort, enginePort } = linked(wire, {})
    const closed = new Promise((resolve) => enginePort.once('close', resolve))
    windowPort.close()
    await closed
    expect(() => told.runsRemoved({ ids: ['a'] })).not.toThrow()
  })
})

it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty', 'close', 'openFirst'])(
  'has no method named %s',
  async (name) => {
    const { port1, port2 } = new MessageChannel()
    ports.push(port1, port2)
    serveEngine(lineOf(port1, WIRES[0]![1]), engineOf({}))
    const answer = new Promise<{ e?: unknown; r?: unknown }>((resolve) =>
      port2.once('message', resolve)
    )
    // the shape of a request of birpc
    port2.postMessage({ t: 'q', i: '1', m: name, a: [{}] })
    const { e, r } = await answer
    expect(e).toBeInstanceOf(Error)
    expect(r).toBeUndefined()
  }
)
