import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { engineFolder, value } from '../engine/engine-set-up'
import type { TestEngine } from '../engine/engine-set-up'
import { finish, openedAtCluster, seeds, statuses, TIMES, trainJobs } from './cluster-set-up'
import type { FakeJob } from './fake-ray'

const files = engineFolder()

let left = 0

/** An engine whose runs are at a cluster; `killed` gives how kill -9 leaves its folder. */
async function atCluster(runs: number, train: (job: FakeJob) => void = () => undefined) {
  let go = train
  const test = await openedAtCluster(files, { train: (job) => go(job) })
  await test.set()
  await value(test.engine.enqueue({ configs: seeds(runs) }))
  await expect.poll(() => trainJobs(test.ray).length).toBe(runs)
  await statuses(test).toEqual(new Array(runs).fill('running'))
  const jobsIn = (folder: string): unknown[] =>
    JSON.parse(readFileSync(join(files.folder, folder, 'cluster-jobs.json'), 'utf8'))
  return {
    ...test,
    jobs: () => jobsIn(test.kept),
    /** how its jobs go on from then on */
    goOn: (next: typeof train) => void (go = next),
    stopped: () => trainJobs(test.ray).map((job) => job.stopped),
    async killed() {
      const kept = `left-${left++}`
      cpSync(join(files.folder, test.kept), join(files.folder, kept), { recursive: true })
      // it must not see what becomes of its jobs
      await test.shell.close({ cancel: false })
      const engine = () => files.setUp(kept, { cluster: { times: TIMES } })
      return { engine, jobs: () => jobsIn(kept) }
    }
  }
}

async function openedAgain(next: TestEngine, paths = [files.images]): Promise<TestEngine> {
  await next.shell.openFirst(paths)
  return next
}

describe('jobs at a cluster, of an app that was killed', () => {
  it('are taken up at the next start: their results are those of their runs, and none is sent twice', async () => {
    const test = await atCluster(2)
    const ids = (await test.runs()).map(({ id }) => id)
    expect(test.jobs()).toEqual(
      trainJobs(test.ray).map(({ id }, at) => ({ address: test.address, run: ids[at], id }))
    )
    const { engine, jobs } = await test.killed()
    const next = await openedAgain(engine())
    await statuses(next).toEqual(['running', 'running'])
    await expect
      .poll(() => next.notices())
      .toEqual([
        { level: 'info', message: expect.stringMatching(/^2 runs that are at the cluster went on/) }
      ])
    test.goOn(finish)
    await statuses(next).toEqual(['finished', 'finished'])
    for (const run of await next.runs()) {
      expect(run).toMatchObject({ weightsSha256: 'ab', node: '10.0.0.2 (29b8846b)' })
      expect(run.lostAt).toBeUndefined()
      expect(run.notes).toEqual([expect.stringMatching(/at the cluster, where it went on/)])
    }
    expect(trainJobs(test.ray)).toHaveLength(2)
    await expect.poll(jobs).toEqual([])
  })

  it('that ended meanwhile give what they found', async () => {
    const test = await atCluster(1)
    const { engine } = await test.killed()
    finish(trainJobs(test.ray)[0]!)
    const next = await openedAgain(engine())
    await statuses(next).toEqual(['finished'])
    expect(trainJobs(test.ray)).toHaveLength(1)
  })

  it('are sent again where the cluster does not know them any more', async () => {
    const test = await atCluster(1)
    const { engine } = await test.killed()
    trainJobs(test.ray).splice(0)
    test.ray.jobs.splice(0)
    test.goOn(finish)
    const next = await openedAgain(engine())
    await statuses(next).toEqual(['finished'])
    expect(trainJobs(test.ray)).toHaveLength(1)
    expect((await next.runs())[0]!.notes).toEqual([])
  })

  it('wait for their images where others are open, and are stopped where their run is cancelled', async () => {
    const test = await atCluster(2)
    const { engine, jobs } = await test.killed()
    const next = await openedAgain(engine(), [process.env.NORMSCOPE_FASHION_MNIST!])
    expect(await next.statuses()).toEqual(['paused', 'paused'])
    const [first, second] = await next.runs()
    await value(next.engine.cancelRun({ id: first!.id }))
    await expect.poll(test.stopped).toEqual([true, false])
    await expect.poll(jobs).toMatchObject([{ run: second!.id }])
    test.goOn(finish)
    await value(next.engine.openDataset({ paths: [files.images] }))
    await expect
      .poll(async () => (await next.runs()).find(({ id }) => id === second!.id)?.status)
      .toBe('finished')
    expect(trainJobs(test.ray)).toHaveLength(2)
  })

  it('are stopped where the cluster is turned off, and their runs are trained here', async () => {
    const test = await atCluster(1)
    const { engine, jobs } = await test.killed()
    // nobody takes them up: what this process has at the cluster would be stopped anyway
    const next = engine()
    await value(next.engine.setCluster({ address: test.address, on: false }))
    await expect.poll(test.stopped).toEqual([true])
    await expect.poll(jobs).toEqual([])
    await openedAgain(next)
    await value(next.engine.resumeAll({}))
    await next.given(0, (await next.runs())[0]!.id)
  })

  it('that could not be stopped before are stopped then', async () => {
    const test = await atCluster(2)
    const [first] = await test.runs()
    test.ray.refuse = Infinity
    await value(test.engine.cancelRun({ id: first!.id }))
    await expect.poll(test.jobs).toMatchObject([{ stop: true }, {}])
    const { engine, jobs } = await test.killed()
    test.ray.refuse = 0
    expect(test.stopped()).toEqual([false, false])
    const next = await openedAgain(engine())
    await expect.poll(test.stopped).toEqual([true, false])
    await expect.poll(jobs).toHaveLength(1)
    await statuses(next).toEqual(['cancelled', 'running'])
  })

  it('are not counted as what ends the engine, however often it is killed', async () => {
    const test = await atCluster(1)
    const { engine } = await test.killed()
    for (let times = 0; times < 3; times++) {
      const next = await openedAgain(engine())
      await statuses(next).toEqual(['running'])
      await next.shell.close({ cancel: false })
    }
    test.goOn(finish)
    const last = await openedAgain(engine())
    await statuses(last).toEqual(['finished'])
    expect(trainJobs(test.ray)).toHaveLength(1)
  })
})
