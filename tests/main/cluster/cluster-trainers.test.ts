import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { TUTORIAL_CONFIG } from '../../../src/core/network/config'
import type { EpochRecord, RunRecord } from '../../../src/core/study/run'
import { Cluster } from '../../../src/main/cluster/cluster'
import { clusterTrainers } from '../../../src/main/cluster/cluster-trainers'
import { RunQueue } from '../../../src/main/engine/runs/queue'
import type { FromTrainer } from '../../../src/main/trainer/protocol'
import { open, scratch } from '../data/helpers'
import { writeSmallImages } from '../engine/small-images'
import { FakeRay } from './fake-ray'
import type { FakeJob } from './fake-ray'

const dataset = await open(writeSmallImages(join(scratch(), 'small')))
const READY = { type: 'ready', backend: 'tensorflow', pid: 1, notes: [] } as const

function epoch(at: number): EpochRecord {
  return {
    ...{ epoch: at, trainLoss: 1 / (at + 1), trainAccuracy: 0.5, zeroGradientFraction: 0 },
    ...{ gradientNorms: [1], layers: [], seconds: 0 }
  }
}

const started: FromTrainer = {
  ...{ type: 'started', id: 'there', trainCount: 12, testCount: 6 },
  probe: { split: 'test', count: 6, seed: 0 }
}
const told = (at: number): FromTrainer => ({ type: 'epoch', id: 'there', record: epoch(at) })
const ended: FromTrainer = {
  ...{ type: 'ended', id: 'there', status: 'finished', weightsSha256: 'ab', notes: [] }
}

async function queued(play: (job: FakeJob) => void) {
  const ray = new FakeRay(play)
  const jobs = await ray.start()
  const cluster = new Cluster({ jobs, program: 'normscope', times: { lookMs: 5, awayMs: 300 } })
  const records = new Map<string, RunRecord>()
  const id = randomUUID()
  const queue = new RunQueue({
    spawnTrainer: clusterTrainers({
      cluster,
      sourceOf: () => ({ paths: ['/shared/small'] }),
      ready: () => READY
    }),
    trainers: 1,
    now: () => 5,
    prepare: () => Promise.resolve({ preprocessing: { parameters: {} } as never }),
    onChange: (record) => records.set(record.id, record)
  })
  queue.add(dataset, [{ id, groupId: 'g', config: TUTORIAL_CONFIG }])
  const record = (): RunRecord => records.get(id)!
  return { ray, queue, cluster, id, record }
}

function say(job: FakeJob, ...events: FromTrainer[]): void {
  job.tell(...events.map((event) => ({ type: 'trainer', event }) as const))
}

describe('a run on a cluster', () => {
  it('has the epochs, the hash and the notes of the node that did it, and names the node', async () => {
    const { ray, queue, record } = await queued((job) => {
      if (job.status !== 'PENDING') return
      job.node = '10.0.0.2'
      say(job, started, told(0), told(1), ended)
      job.status = 'SUCCEEDED'
    })
    await expect.poll(() => record().status).toBe('finished')
    expect(record().epochs.map((each) => each.epoch)).toEqual([0, 1])
    expect(record()).toMatchObject({
      ...{ node: '10.0.0.2 (29b8846b)', weightsSha256: 'ab', backend: 'tensorflow' },
      ...{ trainCount: 12, testCount: 6 }
    })
    expect(ray.jobs[0]!.request).toMatchObject({ kind: 'train', datasetId: dataset.id })
    queue.close()
  })

  it('goes on where it was when its node is lost, and says so', async () => {
    const { ray, queue, record } = await queued((job) => {
      if (job.status !== 'PENDING') return
      job.node = job.again === 0 ? '10.0.0.2' : '10.0.0.3'
      say(job, started, told(0), told(1))
      if (job.again === 0) {
        job.status = 'FAILED'
        job.message = 'The node died.'
        return
      }
      say(job, told(2), ended)
      job.status = 'SUCCEEDED'
    })
    await expect.poll(() => record().status).toBe('finished')
    expect(record().epochs.map((each) => each.epoch)).toEqual([0, 1, 2])
    expect(record().node).toContain('10.0.0.3')
    expect(record().notes.join()).toContain('was sent again: The node died.')
    expect(ray.jobs).toHaveLength(2)
    queue.close()
  })

  it('fails with the reason where the cluster cannot do it, and the queue goes on', async () => {
    const { queue, record } = await queued((job) => (job.status = 'FAILED'))
    await expect.poll(() => record().status).toBe('failed')
    expect(record().error).toMatchObject({ code: 'cluster-job-failed' })
    queue.close()
  })

  it('is taken off the cluster when it is paused, and sent again when it is resumed', async () => {
    const { ray, queue, id, record } = await queued((job) => {
      if (job.status !== 'PENDING') return
      job.status = 'RUNNING'
      say(job, started, told(0))
      if (job.again === 0) return
      say(job, told(1), ended)
      job.status = 'SUCCEEDED'
    })
    await expect.poll(() => record().epochs.length).toBe(1)
    queue.pause(id)
    await expect.poll(() => record().status).toBe('paused')
    await expect.poll(() => ray.jobs[0]!.stopped).toBe(true)
    queue.resume(id)
    await expect.poll(() => record().status).toBe('finished')
    expect(record().epochs.map((each) => each.epoch)).toEqual([0, 1])
    queue.close()
  })

  it('is stopped on the cluster when it is cancelled, or its queue is closed', async () => {
    for (const stop of ['cancel', 'close'] as const) {
      const { ray, queue, cluster, id, record } = await queued((job) => {
        if (job.status === 'PENDING') job.status = 'RUNNING'
      })
      await expect.poll(() => ray.jobs.length).toBe(1)
      if (stop === 'cancel') queue.cancel(id)
      else queue.close()
      // who waits for this may end at once: nothing goes on there
      await cluster.settled()
      expect(record().status).toBe('cancelled')
      expect(ray.jobs[0]!.stopped).toBe(true)
      queue.close()
    }
  })
})
