import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { programOf } from '../../../src/main/cluster/program'
import { config, engineFolder, value } from '../engine/engine-set-up'
import { FakeRay } from './fake-ray'
import {
  finish,
  openedAtCluster,
  say,
  seeds,
  started,
  statuses,
  TIMES,
  trainJobs
} from './cluster-set-up'
import type { Played } from './cluster-set-up'

const files = engineFolder()
const { images, folder, setUp } = files
const opened = (played?: Played) => openedAtCluster(files, played)

describe('the cluster of a window', () => {
  it('is asked for nothing before it is set and turned on, nor after it is turned off', async () => {
    const test = await opened()
    expect(await test.cluster()).toBeUndefined()
    await test.set({ on: false })
    const off = { address: test.address, on: false }
    expect(await test.cluster()).toEqual(off)
    await value(test.engine.enqueue({ configs: [config] }))
    await test.given(0, (await test.runs())[0]!.id)
    expect(test.ray.asked).toBe(0)
    test.trainers[0]!.end()
    await test.set()
    await expect.poll(() => test.ray.asked).toBeGreaterThan(3)
    await test.set({ on: false })
    // what was under way comes to its end
    let asked = -1
    await expect
      .poll(() => [asked, (asked = test.ray.asked)], { interval: 40 })
      .toSatisfy(([before, now]) => before === now)
    await value(test.engine.enqueue({ configs: [{ ...config, seed: 9 }] }))
    await test.given(1, (await test.runs())[1]!.id)
    expect(test.ray.asked).toBe(asked)
  })

  it('trains the runs of the queue: node, hash and backend are in their records, as many at once as CPUs', async () => {
    const test = await opened()
    await test.set()
    await expect.poll(() => test.cluster()).toMatchObject({ facts: { nodes: 2, cpus: 6 } })
    expect((await value(test.engine.status({}))).trainers).toBe(6)
    await value(test.engine.enqueue({ configs: seeds(8) }))
    await statuses(test).toEqual(new Array(8).fill('finished'))
    for (const run of await test.runs()) {
      expect(run).toMatchObject({
        ...{ node: '10.0.0.2 (29b8846b)', weightsSha256: 'ab', backend: 'tensorflow' }
      })
    }
    // one look for the images, and no trainer here
    expect(test.ray.jobs.filter(({ request }) => request.kind === 'check')).toHaveLength(1)
    expect(test.trainers.flatMap(({ heard }) => heard)).toEqual([])
    expect(test.ray.jobs[0]!.entrypoint).toMatch(/^node \/shared\/cli\.cjs cluster-job /)
    expect((await value(test.engine.status({}))).trainerPids).toEqual([])
  })

  it('is kept with what was typed, and goes on at the next start', async () => {
    const test = await opened()
    await test.set({ address: `${test.address}/`, program: 'normscope' })
    const kept = { address: test.address, program: 'normscope', on: true }
    const file = join(folder, test.kept, 'cluster.json')
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(kept)
    await test.shell.close()
    const asked = test.ray.asked
    const again = setUp(test.kept, { cluster: { times: TIMES } })
    expect((await value(again.engine.status({}))).cluster).toMatchObject(kept)
    await expect.poll(() => test.ray.asked).toBeGreaterThan(asked)
  })

  it('refuses what is no address, and stays as it was', async () => {
    const test = await opened()
    for (const address of ['10.0.0.1:8265', 'ftp://10.0.0.1', 'http://me:secret@10.0.0.1:8265']) {
      const answer = await test.engine.setCluster({ address, on: true })
      expect(answer).toMatchObject({ ok: false, error: { code: 'cluster-address' } })
    }
    expect(await test.cluster()).toBeUndefined()
  })

  it('that does not answer lets runs wait, says why, and trains them once it does', async () => {
    const test = await opened()
    test.ray.refuse = Infinity
    await test.set()
    await value(test.engine.enqueue({ configs: seeds(2) }))
    await expect
      .poll(() => test.cluster())
      .toMatchObject({
        problem: { code: 'cluster-unreachable', hint: expect.stringMatching(/dashboard/) }
      })
    await statuses(test).toEqual(['queued', 'queued'])
    test.ray.refuse = 0
    await statuses(test).toEqual(['finished', 'finished'])
    expect((await test.cluster())!.problem).toBeUndefined()
    expect(test.notices()).toEqual([])
  })

  it('that goes away while it trains costs no run', async () => {
    const go = { on: false }
    const test = await opened({ train: (job) => (go.on ? finish(job) : undefined) })
    await test.set()
    await value(test.engine.enqueue({ configs: seeds(1) }))
    await statuses(test).toEqual(['running'])
    await expect.poll(() => trainJobs(test.ray).length).toBe(1)
    test.ray.refuse = Infinity
    await expect.poll(() => test.cluster()).toMatchObject({ problem: {} })
    go.on = true
    test.ray.refuse = 0
    await statuses(test).toEqual(['finished'])
    expect(trainJobs(test.ray)).toHaveLength(1)
  })

  it('gives a lost run another node, and says so', async () => {
    const test = await opened({
      train(job) {
        if (job.again > 0) return finish(job)
        say(job, started)
        job.status = 'FAILED'
        job.message = 'The node died.'
      }
    })
    await test.set()
    await value(test.engine.enqueue({ configs: seeds(1) }))
    await statuses(test).toEqual(['finished'])
    expect(test.notices().map(({ message }) => message)).toEqual([
      expect.stringMatching(/sent again: The node died/)
    ])
    expect((await test.runs())[0]!.notes).toEqual([expect.stringMatching(/The node died/)])
  })

  it('that has other images at the path gets no run; it is asked again when it is set again', async () => {
    let found: string | undefined = 'other images'
    const test = await opened({ found: () => found })
    await test.set()
    await value(test.engine.enqueue({ configs: seeds(2) }))
    await expect
      .poll(() => test.cluster())
      .toMatchObject({
        problem: { code: 'cluster-data-differs', path: images }
      })
    expect(await test.statuses()).toEqual(['queued', 'queued'])
    expect(trainJobs(test.ray)).toEqual([])
    found = undefined
    await test.set()
    await statuses(test).toEqual(['finished', 'finished'])
  })

  it('stops the jobs of runs that are cancelled or paused, and of all when it is turned off: they go on here', async () => {
    const test = await opened({ train: () => undefined })
    await test.set()
    await value(test.engine.enqueue({ configs: seeds(4) }))
    const at = '10.0.0.2 (29b8846b)'
    const nodes = async () => (await test.runs()).map(({ node }) => node)
    await expect.poll(nodes).toEqual([at, at, at, at])
    expect(trainJobs(test.ray)).toHaveLength(4)
    const [first, second, ...others] = (await test.runs()).map(({ id }) => id)
    await value(test.engine.cancelRun({ id: first! }))
    await value(test.engine.pauseRun({ id: second! }))
    await expect.poll(() => trainJobs(test.ray).filter(({ stopped }) => stopped).length).toBe(2)
    await test.set({ on: false })
    await expect.poll(() => trainJobs(test.ray).filter(({ stopped }) => stopped).length).toBe(4)
    await statuses(test).toEqual(['cancelled', 'paused', 'running', 'queued'])
    await test.given(1, others[0]!)
    test.trainers[1]!.end()
    await test.given(1, others[1]!)
    expect(await nodes()).toEqual([at, undefined, undefined, undefined])
    await value(test.engine.resumeRun({ id: second! }))
    test.trainers[1]!.end()
    await test.given(1, second!)
  })

  it('stops its jobs before the engine ends', async () => {
    const test = await opened({ train: () => undefined })
    await test.set()
    await value(test.engine.enqueue({ configs: seeds(2) }))
    await expect.poll(() => trainJobs(test.ray).length).toBe(2)
    await test.shell.close()
    expect(trainJobs(test.ray).every(({ stopped }) => stopped)).toBe(true)
  })

  it('takes more runs at once when nodes join it', async () => {
    const test = await opened({ train: () => undefined })
    test.ray.cpus = -2
    await test.set()
    await value(test.engine.enqueue({ configs: seeds(4) }))
    await expect.poll(() => trainJobs(test.ray).length).toBe(2)
    test.ray.cpus = 0
    await expect.poll(() => trainJobs(test.ray).length).toBe(4)
  })
})

describe('the test of a cluster', () => {
  it('says its version, nodes and CPUs, and that a node has the images and trains', async () => {
    const test = await opened()
    expect(await value(test.engine.testCluster({ address: test.address }))).toEqual({
      facts: { version: '2.60.0', nodes: 2, cpus: 6 },
      images: {
        ...{ name: expect.any(String), path: images },
        ...{ backend: 'tensorflow', tensorflowVersion: '2.21.0' }
      }
    })
    // a test sets nothing
    expect(await test.cluster()).toBeUndefined()
  })

  it('says what is wrong: no Ray, or images that a node does not find', async () => {
    const test = await opened({ found: () => 'other images' })
    const found = await value(test.engine.testCluster({ address: test.address }))
    expect(found.images?.problem).toMatchObject({ code: 'cluster-data-differs' })
    test.ray.refuse = Infinity
    const away = await test.engine.testCluster({ address: test.address })
    expect(away).toMatchObject({ ok: false, error: { code: 'cluster-unreachable' } })
    const wrong = await test.engine.testCluster({ address: 'there' })
    expect(wrong).toMatchObject({ ok: false, error: { code: 'cluster-address' } })
  })

  it('can be cancelled, which stops its job', async () => {
    const test = await opened()
    const ray = new FakeRay((job) => void (job.status = job.stopped ? 'STOPPED' : 'RUNNING'))
    await ray.start()
    const asked = test.engine.testCluster({ address: `http://${ray.host}` })
    await expect.poll(() => ray.jobs.length).toBe(1)
    await value(test.engine.cancelClusterTest({}))
    expect(await asked).toMatchObject({ ok: false, error: { code: 'cancelled' } })
    expect(ray.jobs[0]!.stopped).toBe(true)
  })
})

describe('the program that the nodes run', () => {
  it('is this one, with a Node of the node where Electron runs here', () => {
    const versions = { ...process.versions, electron: undefined as never }
    const node = { execPath: '/opt/my node/bin/node', versions }
    expect(programOf('/shared/out/main', node)).toBe(
      "'/opt/my node/bin/node' /shared/out/main/cli.cjs"
    )
    const electron = { execPath: '/opt/electron', versions: { ...versions, electron: '45.4.1' } }
    expect(programOf('/shared/out/main', electron)).toBe('node /shared/out/main/cli.cjs')
  })
})
