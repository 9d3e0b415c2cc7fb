import { expect } from 'vitest'
import type { EngineInput } from '../../../src/contract/engine'
import type { FromTrainer } from '../../../src/main/trainer/protocol'
import { config, engineFolder, value } from '../engine/engine-set-up'
import type { TestEngine } from '../engine/engine-set-up'
import { FakeRay } from './fake-ray'
import type { FakeJob } from './fake-ray'

export const TIMES = { lookMs: 5, nodesMs: 10, awayMs: 10 }

export const started: FromTrainer = {
  ...{ type: 'started', id: 'there', trainCount: 12, testCount: 6 },
  probe: { split: 'test', count: 6, seed: 0 }
}
export const ended: FromTrainer = {
  ...{ type: 'ended', id: 'there', status: 'finished', weightsSha256: 'ab', notes: [] }
}

export interface Played {
  /** how a job that trains goes on, once a node has taken it */
  readonly train?: (job: FakeJob) => void
  /** what a node finds at the path, in place of the images of the test */
  readonly found?: (job: FakeJob) => string | undefined
}

let named = 0

/** An engine with images open, and a Ray whose nodes have them too. */
export async function openedAtCluster(
  { images, setUp }: ReturnType<typeof engineFolder>,
  { train = finish, found }: Played = {}
) {
  let datasetId = ''
  const ray = new FakeRay((job) => {
    if (job.status === 'PENDING') {
      job.node = '10.0.0.2'
      job.status = 'RUNNING'
      if (job.request.kind === 'check') {
        const ready = { type: 'ready', backend: 'tensorflow', tensorflowVersion: '2.21.0' } as const
        job.tell({
          type: 'checked',
          datasetId: found?.(job) ?? datasetId,
          ready: { ...ready, pid: 4711, notes: [] }
        })
        job.status = 'SUCCEEDED'
        return
      }
    }
    if (job.request.kind === 'train' && job.status === 'RUNNING') train(job)
  })
  await ray.start()
  const kept = `cluster-${named++}`
  const test = setUp(kept, {
    cluster: { times: TIMES, defaultProgram: 'node /shared/cli.cjs' }
  })
  await value(test.engine.openDataset({ paths: [images] }))
  datasetId = (await value(test.engine.dataset({})))!.id
  const address = `http://${ray.host}`
  const set = (input: Partial<EngineInput<'setCluster'>> = {}) =>
    value(test.engine.setCluster({ address, on: true, ...input }))
  const cluster = async () => (await value(test.engine.status({}))).cluster
  return { ...test, ray, kept, address, set, cluster }
}

export function say(job: FakeJob, ...events: FromTrainer[]): void {
  job.tell(...events.map((event) => ({ type: 'trainer', event }) as const))
}
export function finish(job: FakeJob): void {
  say(job, started, ended)
  job.status = 'SUCCEEDED'
}

export const seeds = (count: number) =>
  Array.from({ length: count }, (_, seed) => ({ ...config, seed }))
export const statuses = (test: TestEngine) => expect.poll(() => test.statuses(), { interval: 5 })
export const trainJobs = ({ jobs }: FakeRay) =>
  jobs.filter(({ request }) => request.kind === 'train')
