import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { getPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { nodeTrainers } from '../../../src/main/processes/node-trainers'
import { PROGRAM_FOLDER } from '../trainer/trainer-process'

const group = (pid: number | string): string => readFileSync(`/proc/${pid}/autogroup`, 'utf8')
const state = (pid: number): string =>
  /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1] ?? ''

async function until(holds: () => boolean): Promise<void> {
  const late = Date.now() + 10_000
  while (!holds()) {
    if (Date.now() > late) throw new Error('waited 10 s')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

describe.skipIf(process.platform !== 'linux')('a trainer apart', () => {
  const folder = mkdtempSync(join(tmpdir(), 'normscope-test-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  it.skipIf(!existsSync('/proc/self/autogroup'))(
    'goes last among the sessions too, and leaves that of its parent alone',
    async () => {
      const own = group('self')
      const { pid, kill } = await nodeTrainers({ programFolder: PROGRAM_FOLDER, apart: true })()
      try {
        await until(() => group(pid!).endsWith(' nice 10\n'))
        expect(getPriority(pid)).toBe(10)
        expect(group('self')).toBe(own)
      } finally {
        kill()
      }
    }
  )

  it('stands still and goes on with its parent, which Ctrl-Z reaches alone', async () => {
    writeFileSync(join(folder, 'trainer.cjs'), 'setInterval(() => undefined, 1000)')
    const { pid, kill } = await nodeTrainers({ programFolder: folder, apart: true })()
    // goes on a moment after this process stood still
    const shell = spawnSync.bind(undefined, 'sh')
    try {
      const later = `(sleep 0.5; cat /proc/${pid}/stat > ${folder}/stat; kill -CONT ${process.pid}) >/dev/null 2>&1 &`
      shell(['-c', later])
      process.kill(process.pid, 'SIGTSTP')
      await until(() => existsSync(join(folder, 'stat')) && state(pid!) !== 'T')
      expect(readFileSync(join(folder, 'stat'), 'utf8')).toMatch(/\) T /)
    } finally {
      kill()
    }
  })
})
