import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import type { EngineApi, EngineStatus } from '../../src/contract/engine'
import { valueOf } from '../../src/core/error'
import { TUTORIAL_CONFIG } from '../../src/core/network/config'
import { dense } from '../../src/core/network/layers/layers'
import { ENDED_STATUSES } from '../../src/core/study/run'
import type { RunRecord } from '../../src/core/study/run'
import { RUN_FORM } from '../../src/main/engine/journal/run-form'
import { BUILT, eventually, temporaryFolder } from '../desktop/project'
import { writeSmallImages } from '../main/engine/small-images'
import { startShell } from './shell'
import type { Shell } from './shell'

/** A mount of one's own needs a user namespace, which some systems forbid. */
const MOUNTS = (() => {
  try {
    execFileSync('unshare', ['-rm', 'true'], { stdio: 'ignore' })
    return process.platform === 'linux'
  } catch {
    return false
  }
})()

const folder = temporaryFolder()
const images = writeSmallImages(join(folder.path, 'squares'), 3000, 300)
const temporary = join(folder.path, 'tmp')
let shell: Shell | undefined
afterEach(async () => {
  if (shell?.host.exitCode === null) await shell.stop()
})
afterAll(() => folder.remove())

/** Starts the shell where `home` is a file system of memory of its own, with `options` of mount. */
async function startIn(home: string, options: string): Promise<EngineApi> {
  for (const each of [home, temporary]) mkdirSync(each, { recursive: true })
  const mounted = 'mount -t tmpfs -o "$1" tmpfs "$2" && shift 2 && exec "$@"'
  shell = await startShell(
    [images, '--folder', folder.path],
    {
      HOME: home,
      XDG_CACHE_HOME: join(home, '.cache'),
      NORMSCOPE_DATA: join(home, '.local', 'share', 'normscope'),
      TMPDIR: temporary
    },
    ['unshare', '-rm', 'sh', '-c', mounted, 'sh', options, home]
  )
  return shell.connect()
}

/** The home as the shell sees it. */
const seen = (home: string): string => `/proc/${shell!.pid}/root${home}`

async function trained(engine: EngineApi, epochs: number): Promise<RunRecord> {
  const config = { ...TUTORIAL_CONFIG, layers: [dense(64)], epochs, probeImages: 100 }
  const { ids } = valueOf(await engine.enqueue({ configs: [config] }))
  return eventually('the end of the run', async () =>
    valueOf(await engine.runs({})).find(
      ({ id, status }) => id === ids[0] && ENDED_STATUSES.includes(status)
    )
  )
}

const problem = async (engine: EngineApi): Promise<EngineStatus['journal']['problem']> =>
  valueOf(await engine.status({})).journal.problem

describe.skipIf(!BUILT || !MOUNTS)('Normscope', () => {
  it('trains where the disk is full, says that runs are not kept, and keeps them once there is room', async () => {
    const home = join(folder.path, 'full')
    const engine = await startIn(home, 'size=256k')
    expect(await problem(engine)).toBeUndefined()
    const filler = join(seen(home), 'filler')
    for (let size = 256; size >= 4; size /= 2) {
      try {
        writeFileSync(filler, Buffer.alloc(size * 1024), { flag: 'a' })
      } catch {
        // as much as there was room for is written
      }
    }
    const run = await trained(engine, 3)
    expect({ status: run.status, error: run.error }).toEqual({ status: 'finished' })
    const facts = await eventually('what is wrong', () => problem(engine))
    expect(facts).toMatchObject({ code: 'runs-not-kept', actual: 'ENOSPC' })

    rmSync(filler)
    await eventually('runs to be kept again', async () => !(await problem(engine)) || undefined)
    const kept = await eventually('the run in its file', async () => {
      const files = readdirSync(seen(home), { recursive: true, encoding: 'utf8' })
      const file = files.find((name) => name.endsWith(`${run.id}.jsonl`))
      if (file === undefined) return undefined
      const found = await RUN_FORM.readers['.jsonl']!(readFileSync(join(seen(home), file), 'utf8'))
      // its lines come one after the other
      return found.status === run.status ? found : undefined
    })
    expect(kept).toEqual(run)
  })

  it('works in a home that cannot be written, and says so', async () => {
    const home = join(folder.path, 'read-only')
    const engine = await startIn(home, 'ro')
    const { warnings } = valueOf(await engine.dataset({}))!
    expect(warnings.join(' ')).toMatch(/kept in .+ until Normscope ends: .+ cannot be written to/)
    const run = await trained(engine, 1)
    expect({ status: run.status, error: run.error }).toEqual({ status: 'finished' })
    expect(await problem(engine)).toMatchObject({
      code: 'runs-not-kept',
      message: expect.stringContaining('read-only')
    })
    expect(readdirSync(temporary).length).toBeGreaterThan(0)
    await shell!.stop()
    expect(readdirSync(temporary)).toEqual([])
  })
})
