import { dense } from '../../src/core/network/layers/layers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Dataset } from '../../src/core/dataset/dataset'
import { TUTORIAL_CONFIG } from '../../src/core/network/config'
import { createRandom } from '../../src/core/random'
import { ENDED_STATUSES } from '../../src/core/study/run'
import type { RunRecord } from '../../src/core/study/run'
import { openDataset } from '../../src/main/data/open'
import { prepareRun, summarise } from '../../src/main/engine/dataset/prepare'
import { RunQueue } from '../../src/main/engine/runs/queue'
import { nodeTrainers } from '../../src/main/processes/node-trainers'
import { BUILT, eventually, PROGRAM_FOLDER, temporaryFolder } from '../desktop/project'
import { writeSmallImages } from '../main/engine/small-images'

const RUNS = 30
const folder = temporaryFolder()
const cacheBefore = process.env.XDG_CACHE_HOME

describe.skipIf(!BUILT || process.platform === 'win32')('the queue with real trainers', () => {
  let dataset: Dataset

  beforeAll(async () => {
    process.env.XDG_CACHE_HOME = `${folder.path}/cache`
    dataset = await openDataset(writeSmallImages(`${folder.path}/squares`, 6000, 600))
  })
  afterAll(() => {
    if (cacheBefore === undefined) delete process.env.XDG_CACHE_HOME
    else process.env.XDG_CACHE_HOME = cacheBefore
    folder.remove()
  })

  it('goes on through thirty runs with cancels and kill -9 in any of their epochs', async () => {
    const random = createRandom(2026, 'harm')
    const records = new Map<string, RunRecord>()
    const killed = new Set<string>()
    const cancelled = new Set<string>()
    const spawned: number[] = []
    /** Two of three runs come to harm: as they start, after their initial state, or after an epoch. */
    const danger = () => ({ kind: random.integer(3), epoch: random.integer(3) })
    const dangers = new Map<string, ReturnType<typeof danger>>()
    const spawn = nodeTrainers({ programFolder: PROGRAM_FOLDER })
    const queue: RunQueue = new RunQueue({
      spawnTrainer: async () => {
        const trainer = await spawn()
        if (trainer.pid !== undefined) spawned.push(trainer.pid)
        return trainer
      },
      trainers: 2,
      now: Date.now,
      prepare: async (set, config) =>
        prepareRun(set, config, await summarise(set, 'train', config), undefined),
      onChange(record) {
        const before = records.get(record.id)?.status
        records.set(record.id, record)
        if (record.status === 'running' && before !== 'running') dangers.set(record.id, danger())
        const ahead = dangers.get(record.id)
        if (!ahead || record.epochs.length < ahead.epoch) return
        dangers.delete(record.id)
        setImmediate(() => harm(record.id, ahead.kind))
      },
      times: { backOffMs: 20 }
    })
    function harm(id: string, kind: number): void {
      if (ENDED_STATUSES.includes(records.get(id)!.status)) return
      if (kind === 1) {
        cancelled.add(id)
        queue.cancel(id)
      } else if (kind === 2) {
        const alive = queue.trainers.map(({ pid }) => pid)
        const pid = alive[random.integer(Math.max(1, alive.length))]
        if (pid === undefined) return
        killed.add(id)
        process.kill(pid, 'SIGKILL')
      }
    }
    try {
      const config = { ...TUTORIAL_CONFIG, layers: [dense(8)], epochs: 2, probeImages: 100 }
      queue.add(
        dataset,
        Array.from({ length: RUNS }, (_, run) => ({
          ...{ id: `run-${run}`, groupId: 'harm' },
          config: { ...config, seed: run }
        }))
      )
      await eventually(
        'the end of all runs',
        () =>
          [...records.values()].every(({ status }) => ENDED_STATUSES.includes(status)) || undefined,
        90_000
      )
      expect(records.size).toBe(RUNS)
      for (const record of records.values()) {
        if (record.status === 'failed') expect(record.error?.code).toBe('trainer-lost')
        if (record.status === 'cancelled') expect(cancelled).toContain(record.id)
        if (record.status === 'finished') expect(record.epochs).toHaveLength(3)
        expect(['failed', 'cancelled', 'finished']).toContain(record.status)
      }
      // harm was really done, and there was more than harm
      const count = (status: string): number =>
        [...records.values()].filter((record) => record.status === status).length
      expect(count('failed')).toBeGreaterThan(0)
      expect(count('cancelled')).toBeGreaterThan(0)
      expect(count('finished')).toBeGreaterThan(0)
      expect(killed.size).toBeGreaterThanOrEqual(count('failed'))
    } finally {
      queue.close()
    }
    for (const pid of spawned) {
      await eventually(`the end of trainer ${pid}`, () => {
        try {
          process.kill(pid, 0)
          return undefined
        } catch {
          return true
        }
      })
    }
  })
})
