import { EventEmitter } from 'node:events'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { CHANNELS } from '../../../src/contract/bridge'
import { EngineProcess } from '../../../src/main/desktop/engine-process'

/** What stands for a process of Electron. */
class Forked extends EventEmitter {
  readonly told: { readonly type: string }[] = []
  postMessage(message: { readonly type: string }): void {
    this.told.push(message)
  }
}

const forked = vi.hoisted(() => [] as unknown[])
vi.mock('electron', () => ({
  app: { getPath: () => '/nowhere' },
  MessageChannelMain: class {
    readonly port1 = {}
    readonly port2 = {}
  },
  utilityProcess: {
    fork() {
      const made = new Forked()
      forked.push(made)
      return made
    }
  }
}))

const engineOf = (at: number): Forked => forked[at] as Forked
const typesTo = (engine: Forked): string[] => engine.told.map(({ type }) => type)

type Window = Parameters<EngineProcess['connect']>[0]

/** A window, and the channels of what it was sent with a port. */
function shownWindow(): { readonly window: Window; readonly ports: string[] } {
  const ports: string[] = []
  const webContents = {
    postMessage: (channel: string) => ports.push(channel),
    send: () => undefined
  }
  return { window: { webContents, isDestroyed: () => false } as unknown as Window, ports }
}

describe('the port between a window and the engine', () => {
  beforeEach(() => {
    forked.length = 0
    vi.spyOn(console, 'error').mockImplementation(() => undefined)
  })

  it('is one, where the window asks before the engine is ready', () => {
    const engine = new EngineProcess('/programs', undefined)
    const { window, ports } = shownWindow()
    engine.connect(window)
    expect(ports).toEqual([])
    engineOf(0).emit('message', { type: 'engine-ready' })
    expect(ports).toEqual([CHANNELS.enginePort])
    expect(typesTo(engineOf(0))).toEqual(['window', 'open'])
  })

  it('is one, where the window asks afterwards, and another for a window that is loaded again', () => {
    const engine = new EngineProcess('/programs', undefined)
    const { window, ports } = shownWindow()
    engineOf(0).emit('message', { type: 'engine-ready' })
    expect(ports).toEqual([])
    engine.connect(window)
    expect(ports).toHaveLength(1)
    engine.connect(window)
    expect(ports).toHaveLength(2)
  })

  it('is a new one for an engine that is started again, which opens what was open', async () => {
    vi.useFakeTimers()
    const engine = new EngineProcess('/programs', { paths: ['one'], folder: '/a' })
    const { window, ports } = shownWindow()
    engineOf(0).emit('message', { type: 'engine-ready' })
    engine.connect(window)
    engineOf(0).emit('exit', 1)
    engine.connect(window)
    expect(ports).toHaveLength(1)
    await vi.runAllTimersAsync()
    engineOf(1).emit('message', { type: 'engine-ready' })
    expect(ports).toHaveLength(2)
    const opening = (at: number): object | undefined =>
      engineOf(at).told.find(({ type }) => type === 'open')
    expect(opening(0)).toMatchObject({ paths: ['one'], folder: '/a', resume: false })
    expect(opening(1)).toEqual({ type: 'open', resume: true })
    vi.useRealTimers()
  })
})
