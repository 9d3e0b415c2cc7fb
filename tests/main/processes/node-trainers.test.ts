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

it('a trainer is not made to read certificates, and has the rest of the environment', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'normscope-test-'))
  vi.stubEnv('NODE_EXTRA_CA_CERTS', join(folder, 'certificates.pem'))
  vi.stubEnv('NORMSCOPE_TEST', 'kept')
  writeFileSync(
    join(folder, 'trainer.cjs'),
    'process.send([process.env.NODE_EXTRA_CA_CERTS, process.env.NORMSCOPE_TEST])'
  )
  const { channel, kill } = await nodeTrainers({ programFolder: folder })()
  expect(await new Promise((resolve) => channel.onMessage(resolve))).toEqual([undefined, 'kept'])
  kill()
  rmSync(folder, { recursive: true })
})
