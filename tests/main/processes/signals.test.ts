import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import writeFileAtomic from 'write-file-atomic'
import { onTerminate } from '../../../src/main/processes/signals'

it('a process that is asked to end while a file is being written ends its work first', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'normscope-signals-'))
  const kill = vi.spyOn(process, 'kill').mockReturnValue(true)
  const end = vi.fn()
  onTerminate(end)
  try {
    const written = writeFileAtomic(join(folder, 'run'), 'lines')
    process.emit('SIGTERM')
    expect(end).toHaveBeenCalledTimes(1)
    expect(kill).not.toHaveBeenCalled()
    await written
  } finally {
    process.off('SIGTERM', end)
    kill.mockRestore()
    rmSync(folder, { recursive: true })
  }
})
