import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { valueOf } from '../../src/core/error'
import { TUTORIAL_CONFIG } from '../../src/core/network/config'
import { dense } from '../../src/core/network/layers/layers'
import { ENDED_STATUSES } from '../../src/core/study/run'
import type { RunStatus } from '../../src/core/study/run'
import { BUILT, grown, temporaryFolder } from '../desktop/project'
import { writeSmallImages } from '../main/engine/small-images'
import { startShell } from './shell'
import type { Shell } from './shell'

const RUNS = 200
const folder = temporaryFolder()
const images = join(folder.path, 'squares')
let shell: Shell | undefined
afterAll(() => {
  shell?.host.kill('SIGKILL')
  folder.remove()
})

const start = (): Promise<Shell> =>
  startShell([images, '--folder', folder.path], {
    NORMSCOPE_DATA: join(folder.path, 'data'),
    XDG_CACHE_HOME: join(folder.path, 'cache')
  })

it.skipIf(!BUILT || process.platform === 'win32')(
  'a queue of 200 runs, whose app is killed once, comes to its end with every run',
  async () => {
    writeSmallImages(images, 60, 12)
    shell = await start()
    let engine = await shell.connect()
    const configs = Array.from({ length: RUNS }, (_, seed) => ({
      ...{ ...TUTORIAL_CONFIG, layers: [dense(4)], epochs: 1, probeImages: 12, seed }
    }))
    const { ids } = valueOf(await engine.enqueue({ configs }))
    const statuses = async (): Promise<RunStatus[]> =>
      valueOf(await engine.runs({})).map(({ status }) => status)
    const finished = (all: readonly string[]): number =>
      all.filter((status) => status === 'finished').length
    const before = await grown('that have finished', async () => finished(await statuses()), 40)

    shell.host.kill('SIGKILL')
    shell = await start()
    engine = await shell.connect()
    const kept = await statuses()
    expect(kept).toHaveLength(RUNS)
    expect(finished(kept)).toBeGreaterThanOrEqual(before)
    valueOf(await engine.resumeAll({}))
    const hasEnded = (status: RunStatus): boolean => ENDED_STATUSES.includes(status)
    await grown('that have ended', async () => (await statuses()).filter(hasEnded).length, RUNS)
    const ended = valueOf(await engine.runs({}))
    expect(ended.map(({ status, error }) => error ?? status)).toEqual(
      Array<string>(RUNS).fill('finished')
    )
    expect(new Set(ended.map(({ id }) => id))).toEqual(new Set(ids))
    expect(new Set(ended.map(({ config }) => config.seed)).size).toBe(RUNS)
    await shell.stop()
  }
)
