import { EventEmitter } from 'node:events'
import { describe, expect, it, vi } from 'vitest'
import { shellLine } from '../../../src/main/engine/shell-line'

describe('the line to the shell', () => {
  it('is in Electron the port of the parent, which brings ports with its messages', () => {
    const parentPort = Object.assign(new EventEmitter(), { postMessage: vi.fn() })
    const own = Object.assign(new EventEmitter(), { parentPort, send: vi.fn() })
    const line = shellLine(own)
    const [heard, gone] = [vi.fn(), vi.fn()]
    line.listen(heard)
    line.onGone(gone)
    line.tell({ type: 'engine-ready' })
    expect(parentPort.postMessage).toHaveBeenCalledWith({ type: 'engine-ready' })
    expect(own.send).not.toHaveBeenCalled()
    const port = {}
    parentPort.emit('message', { data: { type: 'window' }, ports: [port] })
    expect(heard.mock.calls).toEqual([[{ type: 'window' }, port]])
    expect(line.forksTrainers).toBe(true)
    expect(gone).not.toHaveBeenCalled()
  })

  it('is with Node the channel of the fork, and hears the shell end', () => {
    const own = Object.assign(new EventEmitter(), { send: vi.fn() })
    const line = shellLine(own)
    const [heard, gone] = [vi.fn(), vi.fn()]
    line.listen(heard)
    line.onGone(gone)
    line.tell({ type: 'listening' })
    expect(own.send).toHaveBeenCalledWith({ type: 'listening' })
    own.emit('message', { type: 'open' })
    expect(heard.mock.calls[0]![0]).toEqual({ type: 'open' })
    expect(line.forksTrainers).toBe(false)
    own.emit('disconnect')
    expect(gone).toHaveBeenCalledOnce()
  })

  it('of an engine that was started by hand says nothing, and fails at nothing', () => {
    expect(() => shellLine(new EventEmitter()).tell({ type: 'engine-ready' })).not.toThrow()
  })
})
