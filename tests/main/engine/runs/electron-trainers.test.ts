import { EventEmitter } from 'node:events'
import { describe, expect, it, vi } from 'vitest'
import { ElectronTrainers } from '../../../../src/main/engine/runs/electron-trainers'
import type { ToShell } from '../../../../src/main/engine/shell-protocol'
import type { PortLike } from '../../../../src/main/processes/ports'

function setUp() {
  const told: ToShell[] = []
  const port = Object.assign(new EventEmitter(), { postMessage: vi.fn(), close: vi.fn() })
  return { told, trainers: new ElectronTrainers((message) => told.push(message)), port }
}

describe('a trainer that Electron forks', () => {
  it('is asked for by number, is told through its port, and is ended by its number', async () => {
    const { told, trainers, port } = setUp()
    const [first, second] = [trainers.spawn(), trainers.spawn()]
    expect(told).toEqual([
      { type: 'spawn-trainer', request: 1 },
      { type: 'spawn-trainer', request: 2 }
    ])
    // they may start in another order
    trainers.started({ type: 'trainer', request: 2, pid: 20 }, port as unknown as PortLike)
    const trainer = await second
    expect(trainer.pid).toBe(20)
    trainer.channel.post('train')
    expect(port.postMessage).toHaveBeenCalledWith('train')
    trainer.kill()
    expect(told.at(-1)).toEqual({ type: 'kill-trainer', request: 2 })
    const other = setUp().port
    trainers.started({ type: 'trainer', request: 1, pid: 10 }, other as unknown as PortLike)
    expect((await first).pid).toBe(10)
  })

  it('that could not be forked is a failure with its reason', async () => {
    const { trainers } = setUp()
    const spawned = trainers.spawn()
    trainers.failed({ type: 'trainer-failed', request: 1, reason: 'no memory' })
    await expect(spawned).rejects.toThrow('no memory')
  })

  it('without a port is a failure, and one that nobody waits for is none', async () => {
    const { trainers } = setUp()
    const spawned = trainers.spawn()
    trainers.started({ type: 'trainer', request: 1, pid: 10 })
    await expect(spawned).rejects.toThrow('without a port')
    expect(() => trainers.started({ type: 'trainer', request: 9 })).not.toThrow()
    expect(() => {
      trainers.failed({ type: 'trainer-failed', request: 9, reason: 'late' })
    }).not.toThrow()
  })
})
