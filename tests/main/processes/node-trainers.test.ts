import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { nodeTrainers } from '../../../src/main/processes/node-trainers'

afterEach(() => vi.unstubAllEnvs())

it('a trainer that is killed while it loads a graph leaves no folder', async () => {
  const temporary = mkdtempSync(join(tmpdir(), 'normscope-test-'))
  vi.stubEnv('TMPDIR', temporary)
  vi.stubEnv('TEMP', temporary)
  writeFileSync(
    join(temporary, 'trainer.cjs'),
    `const { mkdtempSync, writeFileSync } = require('node:fs')
     const folder = mkdtempSync(require('node:path').join(${JSON.stringify(temporary)}, \`normscope-graph-\${process.pid}-\`))
     writeFileSync(folder + '/saved_model.pb', 'graph')
     process.send(folder)`
  )
  const { channel, kill } = await nodeTrainers({ programFolder: temporary })()
  const folder = await new Promise((resolve) => channel.onMessage(resolve))
  expect(existsSync(String(folder))).toBe(true)
  kill()
  await vi.waitFor(() => expect(existsSync(String(folder))).toBe(false))
  rmSync(temporary, { recursive: true })
})
