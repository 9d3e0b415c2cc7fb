import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  makeTemporaryFolder,
  tidyTemporaryFolders
} from '../../../src/main/processes/temporary-folder'

let temporary: string
beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), 'normscope-test-'))
  vi.stubEnv('TMPDIR', temporary)
  vi.stubEnv('TEMP', temporary)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(temporary, { recursive: true })
})

describe('temporary folders', () => {
  it('of processes that have ended are removed, and no others', () => {
    const { pid: dead } = spawnSync(process.execPath, ['-e', '0'])
    const others = [`normscope-other-${dead}-a`, 'normscope-graph-b', `normscope-graph-${dead}`]
    for (const name of [`normscope-graph-${dead}-abcDEF`, ...others]) {
      mkdirSync(join(temporary, name))
      writeFileSync(join(temporary, name, 'saved_model.pb'), 'graph')
    }
    const own = basename(makeTemporaryFolder('graph'))
    tidyTemporaryFolders('graph', (folder) => rmSync(folder, { recursive: true }))
    expect(readdirSync(temporary).sort()).toEqual([own, ...others].sort())
  })

  it('cost nothing where there is no folder for them', () => {
    vi.stubEnv('TMPDIR', join(temporary, 'nothing'))
    vi.stubEnv('TEMP', join(temporary, 'nothing'))
    expect(() => tidyTemporaryFolders('graph', () => undefined)).not.toThrow()
  })
})
