import { EventEmitter } from 'node:events'
import { join } from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import type { MessagePort } from 'node:worker_threads'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { EngineApi, EngineEvents, EngineNotice } from '../../../src/contract/engine'
import { connectEngine } from '../../../src/contract/rpc'
import type { RunRecord } from '../../../src/core/study/run'
import type { FromShell, ToShell } from '../../../src/main/engine/shell-protocol'
import { portChannel } from '../../../src/main/processes/ports'
import type { PortLike } from '../../../src/main/processes/ports'
import type { FromTrainer, ToTrainer } from '../../../src/main/trainer/protocol'
import { config, engineFolder, value } from './engine-set-up'

const { folder, images } = engineFolder()

/** A port as Electron has it: what was sent comes in an event. */
function electronPort(port: MessagePort): PortLike {
  return {
    postMessage: (message) => port.postMessage(message),
    on: (event: string, listener: (argument?: never) => void) =>
      event === 'message'
        ? port.on('message', (data: unknown) => listener({ data } as never))
        : port.on(event, () => listener()),
    start: () => port.start(),
    close: () => port.close()
  }
}

const ends: MessagePort[] = []

/** The two ends of a new port, the first as Electron passes it on. */
function portPair(): [PortLike, MessagePort] {
  const { port1, port2 } = new MessageChannel()
  ends.push(port1, port2)
  return [electronPort(port1), port2]
}

/** Electron's main process as the engine sees it. */
const shell = Object.assign(new EventEmitter(), {
  told: [] as ToShell[],
  postMessage: (message: ToShell) => void shell.told.push(message)
})

function tell(data: FromShell, ...ports: PortLike[]): void {
  shell.emit('message', { data, ports })
}

/** What the engine told the shell last, once it is of this type. */
function told<T extends ToShell['type']>(type: T): Promise<Extract<ToShell, { type: T }>> {
  return vi.waitFor(
    () => {
      const last = shell.told.at(-1)
      expect(last?.type).toBe(type)
      return last as Extract<ToShell, { type: T }>
    },
    { timeout: 10_000, interval: 2 }
  )
}

interface Window {
  readonly engine: EngineApi
  readonly heard: [string, unknown][]
  readonly port: MessagePort
}

function openWindow(): Window {
  const [port, end] = portPair()
  const heard: [string, unknown][] = []
  const events = new Proxy({} as EngineEvents, {
    get: (_, name: string) => (argument: unknown) => heard.push([name, argument])
  })
  tell({ type: 'window' }, port)
  const engine = connectEngine(portChannel(end as unknown as PortLike, false), events)
  return { engine, heard, port: end }
}

const SIGNALS = ['SIGINT', 'SIGHUP', 'SIGTERM'] as const
const before = new Map(SIGNALS.map((signal) => [signal, process.listeners(signal)]))

beforeAll(async () => {
  vi.stubEnv('NORMSCOPE_DATA', join(folder, 'kept'))
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  Object.assign(process, { parentPort: shell })
  await import('../../../src/main/engine/index')
})
afterAll(() => {
  delete (process as { parentPort?: unknown }).parentPort
  for (const end of ends) end.close()
  for (const signal of SIGNALS) {
    for (const listener of process.listeners(signal)) {
      if (!before.get(signal)!.includes(listener)) process.off(signal, listener)
    }
  }
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

describe('the engine as a process of Electron', () => {
  it('says that it is ready, and keeps what was said before the first window for it alone', async () => {
    expect(shell.told).toEqual([{ type: 'engine-ready' }])
    tell({ type: 'open', paths: [join(folder, 'not-there')] })
    // the small set in place of Fashion-MNIST is opened instead, after what was wrong was said
    const first = openWindow()
    const opened = () => value(first.engine.dataset({}))
    await vi.waitFor(async () => expect(await opened()).toBeDefined(), { timeout: 10_000 })
    const notices = (window: Window): EngineNotice[] =>
      window.heard.flatMap(([name, notice]) => (name === 'notice' ? [notice as EngineNotice] : []))
    await vi.waitFor(() => expect(notices(first)[0]?.error?.path).toContain('not-there'))
    const second = openWindow()
    expect((await value(second.engine.status({}))).enginePid).toBe(process.pid)
    expect(notices(second)).toEqual([])
  })

  it('tells every window, and none that is gone', async () => {
    const [stays, goes] = [openWindow(), openWindow()]
    const names = ({ heard }: Window): string[] => heard.map(([name]) => name)
    await value(goes.engine.openDataset({ paths: [images] }))
    await vi.waitFor(() => expect(names(stays)).toContain('openEnded'))
    expect(names(goes)).toContain('openEnded')
    goes.port.close()
    const count = goes.heard.length
    stays.heard.length = 0
    await value(stays.engine.openDataset({ paths: [images] }))
    await vi.waitFor(() => expect(names(stays)).toContain('openEnded'))
    expect(goes.heard).toHaveLength(count)
  })

  it('asks the shell for trainers, and has it end them', async () => {
    const { engine } = openWindow()
    await value(engine.openDataset({ paths: [images] }))
    const recordOf = async (id: string): Promise<RunRecord | undefined> =>
      (await value(engine.runs({}))).find((run) => run.id === id)
    const enqueue = async () => (await value(engine.enqueue({ configs: [config] }))).ids
    const refused = await enqueue()
    const first = await told('spawn-trainer')
    tell({ type: 'trainer-failed', request: first.request, reason: 'no memory' })
    await vi.waitFor(async () =>
      expect(await recordOf(refused[0]!)).toMatchObject({
        status: 'failed',
        error: { message: 'no memory' }
      })
    )
    shell.told.length = 0
    const ids = await enqueue()
    const asked = await told('spawn-trainer')
    expect(asked.request).not.toBe(first.request)
    const [port, trainer] = portPair()
    const heard: ToTrainer[] = []
    trainer.on('message', (message: ToTrainer) => heard.push(message))
    tell({ type: 'trainer', request: asked.request, pid: 77 }, port)
    trainer.postMessage({
      ...{ type: 'ready', backend: 'cpu', pid: 77, notes: [] }
    } satisfies FromTrainer)
    await vi.waitFor(() =>
      expect(heard[0]).toMatchObject({ type: 'train', request: { id: ids[0] } })
    )
    expect((await value(engine.status({}))).trainerPids).toEqual([77])
    await value(engine.cancelRun({ id: ids[0]! }))
    await vi.waitFor(() => expect(heard.at(-1)).toEqual({ type: 'cancel', id: ids[0] }))
    trainer.postMessage({
      ...{ type: 'ended', id: ids[0]!, status: 'cancelled', notes: [] }
    } satisfies FromTrainer)
    await vi.waitFor(async () => expect((await recordOf(ids[0]!))?.status).toBe('cancelled'))
  })
  it.skipIf(process.platform === 'win32')(
    'takes windows at a socket too, or says why not',
    async () => {
      tell({ type: 'listen', address: join(folder, 'windows') })
      await told('listening')
      tell({ type: 'listen', address: join(folder, 'no-folder', 'windows') })
      expect((await told('listen-failed')).reason).toContain('windows')
    }
  )
})
