import { fork } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { childChannel, parentChannel, portChannel } from '../../../src/main/processes/ports'
import type { PortLike } from '../../../src/main/processes/ports'

/** Calls back on the next message. */
function next(channel: { onMessage(listener: (message: unknown) => void): void }) {
  return new Promise((resolve) => channel.onMessage(resolve))
}

describe('a channel over a message port', () => {
  test('carries messages both ways and hears the other end close', async () => {
    const { port1, port2 } = new MessageChannel()
    const here = portChannel(port1 as unknown as PortLike, false)
    const there = portChannel(port2 as unknown as PortLike, false)
    const heard = next(there)
    here.post({ rows: Int32Array.of(1, 2) })
    expect(await heard).toEqual({ rows: Int32Array.of(1, 2) })
    const closed = new Promise<void>((resolve) => there.onClose(resolve))
    here.close()
    await closed
    // one who listens late hears it too
    await new Promise<void>((resolve) => there.onClose(resolve))
  })

  test('takes what Electron wraps in an event out of it', () => {
    const port = Object.assign(new EventEmitter(), {
      postMessage: vi.fn(),
      start: vi.fn(),
      close: vi.fn()
    })
    const listener = vi.fn()
    portChannel(port as unknown as PortLike).onMessage(listener)
    expect(port.start).toHaveBeenCalledOnce()
    port.emit('message', { data: 'hello', ports: [] })
    expect(listener).toHaveBeenCalledWith('hello')
  })
})

describe('a channel to a forked process', () => {
  async function forked(source: string) {
    const folder = await mkdtemp(join(tmpdir(), 'normscope-ports-'))
    const path = join(folder, 'child.cjs')
    await writeFile(path, source)
    const child = fork(path, [], { serialization: 'advanced' })
    child.once('exit', () => void rm(folder, { recursive: true, force: true }))
    return childChannel(child)
  }

  test('carries typed arrays, and hears the end once', async () => {
    const channel = await forked(
      `process.on('message', (m) => process.send(Float32Array.from(m, (x) => 2 * x)))`
    )
    const answer = next(channel)
    channel.post(Float32Array.of(1.5, 2))
    expect(await answer).toEqual(Float32Array.of(3, 4))
    const closed = vi.fn()
    channel.onClose(closed)
    channel.close()
    await vi.waitFor(() => expect(closed).toHaveBeenCalled())
    expect(closed).toHaveBeenCalledOnce()
  })

  test('that is dead takes messages without an error', async () => {
    const channel = await forked('process.exit(3)')
    await new Promise<void>((resolve) => channel.onClose(resolve))
    expect(() => channel.post('anyone?')).not.toThrow()
    expect(() => channel.close()).not.toThrow()
  })
})

describe('the channel to the parent', () => {
  afterEach(() => {
    delete (process as { parentPort?: unknown }).parentPort
  })

  test('is in Electron the port that comes with the first message', async () => {
    const parentPort = new EventEmitter()
    Object.assign(process, { parentPort })
    const port = Object.assign(new EventEmitter(), { postMessage: vi.fn(), close: vi.fn() })
    const promised = parentChannel()
    parentPort.emit('message', { data: null, ports: [] })
    parentPort.emit('message', { data: null, ports: [port] })
    const channel = await promised
    channel.post('ready')
    expect(port.postMessage).toHaveBeenCalledWith('ready')
  })
})
