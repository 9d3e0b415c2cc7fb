import { spawn, spawnSync } from 'node:child_process'
import { describe, expect, it, vi } from 'vitest'
import { processFacts } from '../../../../src/main/engine/journal/owner'

const noPs = spawnSync('ps', ['-o', 'lstart=', '-p', String(process.pid)]).status !== 0

describe('what tells a process from a later one of its number', () => {
  it.skipIf(process.platform !== 'linux')('is on Linux its start, counted from a boot', () => {
    const { pid, started } = processFacts()
    expect(pid).toBe(process.pid)
    // boot identifier and clock ticks since that boot
    expect(started).toMatch(/^[0-9a-f-]{36} \d+$/)
    expect(processFacts().started).toBe(started)
    expect(processFacts(process.ppid).started).not.toBe(started)
  })

  it.skipIf(process.platform !== 'linux')(
    'says of one that has ended but is still listed that it ended',
    async () => {
      // it ends when its parent has become a program that never asks for its outcome
      const child = 'until grep -q sleep /proc/$PPID/comm; do :; done'
      const parent = spawn('sh', ['-c', 'sh -c "$1" & echo $!; exec sleep 60', 'sh', child])
      try {
        const pid = await new Promise<number>((resolve) => {
          parent.stdout.once('data', (text: Buffer) => resolve(Number(text)))
        })
        await vi.waitFor(() => expect(processFacts(pid).started).toBe('ended'))
      } finally {
        parent.kill('SIGKILL')
      }
    }
  )

  it.skipIf(noPs)('is on macOS the date of its start', () => {
    const { started } = processFacts(process.pid, 'darwin')
    const age = Date.now() - Date.parse(started!)
    // ps rounds to seconds
    expect(age).toBeGreaterThan(-2000)
    expect(age / 1000).toBeLessThan(process.uptime() + 2)
    expect(processFacts(2 ** 22 + 1, 'darwin').started).toBeUndefined()
  })

  it('is not known on Windows', () => {
    expect(processFacts(process.pid, 'win32')).toEqual({ pid: process.pid })
  })
})
