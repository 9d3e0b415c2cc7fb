import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Dataset } from '../../../../src/core/dataset/dataset'
import { NormscopeError } from '../../../../src/core/error'
import { TUTORIAL_CONFIG } from '../../../../src/core/network/config'
import type { EpochRecord, RunRecord, RunStatus } from '../../../../src/core/study/run'
import { RunQueue } from '../../../../src/main/engine/runs/queue'
import type { QueueOptions } from '../../../../src/main/engine/runs/queue'
import type { ToTrainer } from '../../../../src/main/trainer/protocol'
import { FakeTrainer } from '../fake-trainer'

const split = {
  count: 4,
  pixels: { path: '/none', offset: 0 },
  labels: { path: '/none', offset: 0 },
  classCounts: [2, 2]
}
const dataset: Dataset = {
  id: 'four',
  name: 'Four images',
  format: 'idx',
  height: 1,
  width: 1,
  channels: 1,
  dtype: 'uint8',
  classNames: ['a', 'b'],
  splits: { train: split, test: split },
  sources: [],
  warnings: []
}

const queues: RunQueue[] = []
afterEach(() => queues.splice(0).forEach((queue) => queue.close()))

/** A queue whose trainers get ready at once and then wait for the test. */
function setUp(
  count = 1,
  options: Partial<QueueOptions> = {},
  onHeard?: (trainer: FakeTrainer, message: ToTrainer) => void
) {
  const trainers: FakeTrainer[] = []
  const queue = new RunQueue({
    spawnTrainer: () => {
      const trainer = new FakeTrainer(trainers.length + 1, onHeard)
      trainers.push(trainer)
      setTimeout(() => trainer.ready())
      return Promise.resolve(trainer)
    },
    trainers: count,
    now: () => 42,
    prepare: (_, { choice }) =>
      Promise.resolve({
        preprocessing: {
          ...{ choice, height: 1, width: 1, channels: 1, parameters: { max: [255] } },
          form: { kind: 'affine', centre: [0], divisor: [255] }
        }
      }),
    onChange: () => undefined,
    ...options,
    times: { backOffMs: 1, ...options.times }
  })
  queues.push(queue)
  const add = (...ids: string[]): void =>
    queue.add(
      dataset,
      ids.map((id) => ({ id, groupId: 'group', config: TUTORIAL_CONFIG }))
    )
  const statuses = (): Record<string, RunStatus> =>
    Object.fromEntries(queue.records.map(({ id, status }) => [id, status]))
  const until = (expected: Record<string, RunStatus>): Promise<void> =>
    vi.waitFor(() => expect(statuses()).toMatchObject(expected), { interval: 1, timeout: 4000 })
  const running = (at: number, id: string): Promise<void> =>
    vi.waitFor(() => expect(trainers[at]?.run).toBe(id), { interval: 1, timeout: 4000 })
  const record = (id: string) => queue.records.find((each) => each.id === id)!
  return { queue, trainers, add, statuses, until, running, record }
}

describe('the queue', () => {
  it('gives one run to each trainer and the next one to whoever is free first', async () => {
    const { trainers, add, until, running } = setUp(2)
    add('a', 'b', 'c')
    await running(0, 'a')
    await running(1, 'b')
    await until({ a: 'running', b: 'running', c: 'queued' })
    trainers[1]!.end()
    await running(1, 'c')
    await until({ a: 'running', b: 'finished', c: 'running' })
    expect(trainers).toHaveLength(2)
  })

  it('lets a run wait for those at work where it is told to, says so once, and keeps the order', async () => {
    const said: string[] = []
    const { queue, trainers, add, running, until } = setUp(3, {
      waits: (_, atWork) => (atWork.length >= 2 ? `${atWork.length} at work` : undefined),
      onWait: (reason) => void said.push(reason)
    })
    add('a', 'b', 'c', 'd')
    await running(1, 'b')
    queue.pause('d')
    queue.resume('d')
    await until({ a: 'running', b: 'running', c: 'queued', d: 'queued' })
    expect(said).toEqual(['2 at work'])
    trainers[0]!.end()
    await until({ a: 'finished', c: 'running', d: 'queued' })
    expect(trainers).toHaveLength(2)
  })

  it('goes on with the next run where the one that waits is cancelled', async () => {
    const { queue, add, running, until } = setUp(2, {
      waits: ({ config }) => (config.batch > 32 ? 'too much' : undefined)
    })
    add('a')
    queue.add(dataset, [
      { id: 'large', groupId: 'group', config: { ...TUTORIAL_CONFIG, batch: 4096 } }
    ])
    add('b')
    await running(0, 'a')
    await until({ large: 'queued', b: 'queued' })
    queue.cancel('large')
    await running(1, 'b')
    await until({ a: 'running', large: 'cancelled', b: 'running' })
  })

  it('starts no more trainers than it has runs', async () => {
    const { trainers, add, running } = setUp(8)
    add('a')
    await running(0, 'a')
    expect(trainers).toHaveLength(1)
  })

  it('writes what the trainer tells into the record', async () => {
    const { trainers, add, running, until, record } = setUp()
    add('a')
    await running(0, 'a')
    const probe = { split: 'test', count: 2, seed: 0 } as const
    trainers[0]!.tell({ type: 'started', id: 'a', trainCount: 3, testCount: 2, probe })
    trainers[0]!.tell({
      type: 'epoch',
      id: 'a',
      record: {
        epoch: 0,
        trainLoss: 2.3,
        trainAccuracy: 0.1,
        zeroGradientFraction: 0,
        gradientNorms: [],
        layers: [],
        seconds: 0
      }
    })
    trainers[0]!.tell({
      type: 'ended',
      id: 'a',
      status: 'diverged',
      divergence: { epoch: 1, step: 7, reason: 'loss' },
      notes: ['chunked']
    })
    await until({ a: 'diverged' })
    expect(record('a')).toMatchObject({
      trainCount: 3,
      testClassCounts: [2, 2],
      backend: 'cpu',
      preprocessing: { max: [255] },
      epochs: [{ epoch: 0, trainLoss: 2.3 }],
      divergence: { step: 7 },
      notes: ['chunked'],
      createdAt: 42,
      endedAt: 42
    })
  })

  it('takes no heed of events about another run', async () => {
    const { trainers, add, running, until } = setUp()
    add('a')
    await running(0, 'a')
    trainers[0]!.tell({ type: 'ended', id: 'b', status: 'finished', notes: [] })
    await until({ a: 'running' })
    trainers[0]!.end()
    await until({ a: 'finished' })
  })
})

describe('a trainer that dies', () => {
  it('fails its own run with facts, and a new process takes the next run', async () => {
    const { trainers, add, running, until, record } = setUp()
    add('a', 'b')
    await running(0, 'a')
    trainers[0]!.die()
    await running(1, 'b')
    await until({ a: 'failed', b: 'running' })
    expect(record('a').error).toMatchObject({ code: 'trainer-lost' })
    expect(trainers[1]!.pid).not.toBe(trainers[0]!.pid)
  })

  describe('where the states of runs are kept', () => {
    const checkpoint = ({ id }: RunRecord) => ({ file: `/states/${id}`, of: 'it' })
    const epoch: EpochRecord = {
      ...{ epoch: 0, trainLoss: 1, trainAccuracy: 0.5, zeroGradientFraction: 0 },
      ...{ gradientNorms: [], layers: [], seconds: 0 }
    }

    it('costs no run: a new process goes on with it, before those that wait', async () => {
      const { trainers, add, running, until, record } = setUp(1, { checkpoint })
      add('a', 'b')
      await running(0, 'a')
      trainers[0]!.tell({ type: 'epoch', id: 'a', record: epoch })
      trainers[0]!.die()
      await running(1, 'a')
      await until({ a: 'running', b: 'queued' })
      expect(record('a').lostAt).toBe(1)
      const requests = trainers.map(({ heard }) =>
        heard.flatMap((message) => (message.type === 'train' ? message.request.checkpoint : []))
      )
      expect(requests).toEqual([[checkpoint(record('a'))], [checkpoint(record('a'))]])
    })

    it('costs a run that came no further than when it was lost before', async () => {
      const { trainers, add, running, until, record } = setUp(1, { checkpoint })
      add('a', 'b')
      await running(0, 'a')
      trainers[0]!.die()
      await running(1, 'a')
      trainers[1]!.tell({ type: 'epoch', id: 'a', record: epoch })
      trainers[1]!.die()
      await running(2, 'a')
      trainers[2]!.die()
      await running(3, 'b')
      await until({ a: 'failed', b: 'running' })
      expect(record('a').error).toMatchObject({ code: 'trainer-lost' })
    })

    it('leaves a run paused that was paused', async () => {
      const { queue, trainers, add, running, until } = setUp(1, { checkpoint })
      add('a', 'b')
      await running(0, 'a')
      queue.pause('a')
      trainers[0]!.die()
      await running(1, 'b')
      await until({ a: 'paused', b: 'running' })
      queue.resume('a')
      trainers[1]!.end()
      await running(1, 'a')
    })
  })

  it('leaves the run of the other trainer alone', async () => {
    const { trainers, add, running, until } = setUp(2)
    add('a', 'b')
    await running(1, 'b')
    trainers[0]!.die()
    await until({ a: 'failed', b: 'running' })
    trainers[1]!.end()
    await until({ b: 'finished' })
  })

  it('is replaced after a failed call, for the native library is then in doubt', async () => {
    const { trainers, add, running } = setUp()
    add('a', 'b')
    await running(0, 'a')
    trainers[0]!.end('failed')
    await running(1, 'b')
    expect(trainers[0]!.killed).toBe(true)
  })

  it('makes the waits before the next start longer each time, until a run comes to its end', async () => {
    vi.useFakeTimers()
    try {
      const { trainers, add } = setUp(1, { times: { backOffMs: 100 } })
      add('a', 'b', 'c', 'd', 'e')
      const startsAfter = async (ms: number): Promise<number> => {
        await vi.advanceTimersByTimeAsync(ms)
        return trainers.length
      }
      expect(await startsAfter(1)).toBe(1)
      trainers[0]!.die()
      expect(await startsAfter(99)).toBe(1)
      expect(await startsAfter(2)).toBe(2)
      trainers[1]!.die()
      expect(await startsAfter(199)).toBe(2)
      expect(await startsAfter(2)).toBe(3)
      trainers[2]!.end()
      await startsAfter(1)
      trainers[2]!.die()
      expect(await startsAfter(99)).toBe(3)
      expect(await startsAfter(2)).toBe(4)
    } finally {
      vi.useRealTimers()
    }
  })

  it('fails every run with the reason when no trainer can be started at all', async () => {
    const { add, until, record } = setUp(1, {
      spawnTrainer: () => Promise.reject(new Error('no such program'))
    })
    add('a', 'b')
    await until({ a: 'failed', b: 'failed' })
    expect(record('b').error?.message).toBe('no such program')
  })

  it('passes on why the backend could not be loaded', async () => {
    const { add, until, record } = setUp(1, {
      spawnTrainer: () => {
        const trainer = new FakeTrainer(1)
        const error = { code: 'no-backend', message: 'Nothing can train here.' }
        setTimeout(() => trainer.tell({ type: 'unusable', error }))
        return Promise.resolve(trainer)
      }
    })
    add('a')
    await until({ a: 'failed' })
    expect(record('a').error?.code).toBe('no-backend')
  })
})

describe('cancelling', () => {
  it('ends a waiting run at once; it is never given to a trainer', async () => {
    const { queue, trainers, add, running, statuses } = setUp()
    add('a', 'b', 'c')
    await running(0, 'a')
    queue.cancel('b')
    expect(statuses().b).toBe('cancelled')
    trainers[0]!.end()
    await running(0, 'c')
  })

  it('ends a run whose trainer is still starting without waiting for it', async () => {
    const trainer = new FakeTrainer(1)
    const { queue, add, statuses, running, trainers } = setUp(1, {
      spawnTrainer: () => Promise.resolve(trainer)
    })
    trainers.push(trainer)
    add('a', 'b')
    queue.cancel('a')
    expect(statuses().a).toBe('cancelled')
    await new Promise((resolve) => setTimeout(resolve))
    trainer.ready()
    await running(0, 'b')
    expect(statuses().a).toBe('cancelled')
  })

  it('asks the trainer of a running run and waits for its word', async () => {
    const { queue, trainers, add, running, until, statuses } = setUp()
    add('a')
    await running(0, 'a')
    queue.cancel('a')
    expect(trainers[0]!.heard.at(-1)).toEqual({ type: 'cancel', id: 'a' })
    expect(statuses().a).toBe('running')
    trainers[0]!.end('cancelled')
    await until({ a: 'cancelled' })
  })

  it('ends the process of a trainer that does not obey', async () => {
    const { queue, trainers, add, running, until } = setUp(1, { times: { cancelMs: 5 } })
    add('a', 'b')
    await running(0, 'a')
    queue.cancel('a')
    await until({ a: 'cancelled' })
    expect(trainers[0]!.killed).toBe(true)
    await running(1, 'b')
  })

  it('counts a trainer that dies while it is told to cancel as cancelled', async () => {
    const { queue, trainers, add, running, until } = setUp()
    add('a')
    await running(0, 'a')
    queue.cancel('a')
    trainers[0]!.die()
    await until({ a: 'cancelled' })
  })

  it('of all starts none of the waiting ones in passing', async () => {
    const { queue, trainers, add, running, until } = setUp(1, {}, (trainer, message) => {
      if (message.type === 'cancel') trainer.end('cancelled')
    })
    add('a', 'b', 'c')
    await running(0, 'a')
    queue.cancelAll()
    await until({ a: 'cancelled', b: 'cancelled', c: 'cancelled' })
    expect(trainers[0]!.heard.filter(({ type }) => type === 'train')).toHaveLength(1)
  })
})

describe('pausing', () => {
  it('keeps a waiting run out of the way until it is resumed', async () => {
    const { queue, trainers, add, running, until } = setUp()
    add('a', 'b', 'c')
    await running(0, 'a')
    queue.pause('b')
    trainers[0]!.end()
    await running(0, 'c')
    queue.resume('b')
    await until({ b: 'queued' })
    trainers[0]!.end()
    await running(0, 'b')
  })

  it('and resuming reach the trainer of a running run', async () => {
    const { queue, trainers, add, running, until } = setUp()
    add('a')
    await running(0, 'a')
    queue.pause('a')
    trainers[0]!.tell({ type: 'paused', id: 'a' })
    await until({ a: 'paused' })
    queue.resume('a')
    trainers[0]!.tell({ type: 'resumed', id: 'a' })
    await until({ a: 'running' })
    expect(trainers[0]!.heard.slice(1)).toEqual([
      { type: 'pause', id: 'a' },
      { type: 'resume', id: 'a' }
    ])
  })

  it('is not lost on a run whose trainer is still starting', async () => {
    const { queue, trainers, add, running } = setUp()
    add('a')
    queue.pause('a')
    await running(0, 'a')
    expect(trainers[0]!.heard.at(-1)).toEqual({ type: 'pause', id: 'a' })
  })

  it('a paused run can be cancelled', async () => {
    const { queue, trainers, add, running, until } = setUp()
    add('a', 'b')
    await running(0, 'a')
    queue.pause('b')
    queue.cancel('b')
    queue.pause('a')
    trainers[0]!.tell({ type: 'paused', id: 'a' })
    queue.cancel('a')
    trainers[0]!.end('cancelled')
    await until({ a: 'cancelled', b: 'cancelled' })
  })

  it('all holds the waiting ones back too, and resuming all lets them go', async () => {
    const { queue, trainers, add, running, until } = setUp()
    add('a', 'b')
    await running(0, 'a')
    queue.pauseAll()
    trainers[0]!.tell({ type: 'paused', id: 'a' })
    trainers[0]!.end()
    await until({ a: 'finished', b: 'paused' })
    queue.resumeAll()
    await running(0, 'b')
  })

  it('all ends with the runs it was meant for', async () => {
    const { queue, trainers, add, running, until } = setUp()
    add('a')
    await running(0, 'a')
    queue.pauseAll()
    trainers[0]!.end()
    await until({ a: 'finished' })
    add('b')
    await running(0, 'b')
  })
})

describe('trainers', () => {
  it('without work are ended after a while and started again when needed', async () => {
    const { trainers, add, running, until } = setUp(1, { times: { idleMs: 5 } })
    add('a')
    await running(0, 'a')
    trainers[0]!.end()
    await until({ a: 'finished' })
    await vi.waitFor(() => expect(trainers[0]!.killed).toBe(true))
    add('b')
    await running(1, 'b')
  })

  it('at work are not ended for idleness', async () => {
    const { trainers, add, running } = setUp(2, { times: { idleMs: 5 } })
    add('a', 'b')
    await running(0, 'a')
    await running(1, 'b')
    trainers[1]!.end()
    // the one at work is longer there than the one that idles
    await vi.waitFor(() => expect(trainers[1]!.killed).toBe(true))
    expect(trainers[0]!.killed).toBe(false)
  })

  it('are all ended on closing, and their runs count as cancelled', async () => {
    const { queue, trainers, add, running, statuses } = setUp(2)
    add('a', 'b', 'c')
    await running(1, 'b')
    queue.close()
    expect(trainers.map(({ killed }) => killed)).toEqual([true, true])
    expect(statuses()).toEqual({ a: 'cancelled', b: 'cancelled', c: 'cancelled' })
  })

  it('that come up after closing are ended', async () => {
    let come: (trainer: FakeTrainer) => void = () => undefined
    const { queue, add } = setUp(1, {
      spawnTrainer: () => new Promise((resolve) => (come = resolve))
    })
    add('a')
    queue.close()
    const late = new FakeTrainer(1)
    come(late)
    await vi.waitFor(() => expect(late.killed).toBe(true))
  })
})

describe('removing', () => {
  it('forgets ended runs only', async () => {
    const { queue, trainers, add, running, until, statuses } = setUp()
    add('a', 'b')
    await running(0, 'a')
    trainers[0]!.end()
    await until({ a: 'finished', b: 'running' })
    expect(queue.remove(['a', 'b', 'unknown']).map(({ id }) => id)).toEqual(['a'])
    expect(statuses()).toEqual({ b: 'running' })
  })

  it('a fit that fails fails its run with the facts of the fit', async () => {
    const { add, until, record } = setUp(1, {
      prepare: () =>
        Promise.reject(new NormscopeError({ code: 'log-of-negative', message: 'Below 0.' }))
    })
    add('a')
    await until({ a: 'failed' })
    expect(record('a').error?.code).toBe('log-of-negative')
  })
})

describe('the first trainer', () => {
  it('is started ahead of need when what is more urgent has ended, well or not', async () => {
    const { queue, trainers } = setUp()
    let fail: (reason: Error) => void = () => undefined
    const warmed = queue.warm(new Promise((_, reject) => (fail = reject)))
    await Promise.resolve()
    expect(trainers).toHaveLength(0)
    fail(new Error('not counted'))
    await warmed
    expect(trainers).toHaveLength(1)
  })

  it('is not started when the queue was closed meanwhile', async () => {
    const { queue, trainers } = setUp()
    let count: (value: unknown) => void = () => undefined
    const warmed = queue.warm(new Promise((resolve) => (count = resolve)))
    queue.close()
    count(undefined)
    await warmed
    expect(trainers).toHaveLength(0)
  })
})

describe('a trainer that dies before it was given its run', () => {
  it('is started again, and the run goes on', async () => {
    let fitted: () => void = () => undefined
    const preparing = new Promise<void>((resolve) => (fitted = resolve))
    const { trainers, add, running, until } = setUp(1, {
      prepare: async (_, { choice }) => {
        await preparing
        return {
          preprocessing: {
            ...{ choice, height: 1, width: 1, channels: 1, parameters: {} },
            form: { kind: 'affine', centre: [0], divisor: [255] }
          }
        }
      },
      onTrainers: () => {
        // ready, while the choice is still being fitted
        if (trainers.length === 1 && !trainers[0]!.killed) setTimeout(() => trainers[0]!.die())
      }
    })
    add('a')
    await vi.waitFor(() => expect(trainers[0]?.killed).toBe(true), { interval: 1 })
    fitted()
    await running(1, 'a')
    trainers[1]!.end()
    await until({ a: 'finished' })
  })

  it('again and again fails the run in the end', async () => {
    const { add, until, record } = setUp(1, {
      spawnTrainer: () => {
        const trainer = new FakeTrainer(1)
        setTimeout(() => trainer.die())
        return Promise.resolve(trainer)
      }
    })
    add('a')
    await until({ a: 'failed' })
    expect(record('a').error?.code).toBe('trainer-lost')
  })
})

describe('a queue whose trainers change', () => {
  /** Trainers of another place, for `use`. */
  function others(count = 1, moves = false) {
    const made: FakeTrainer[] = []
    const spawnTrainer = () => {
      const trainer = new FakeTrainer(100 + made.length)
      made.push(trainer)
      setTimeout(() => trainer.ready())
      return Promise.resolve(trainer)
    }
    return { made, source: { spawnTrainer, trainers: count, moves } }
  }
  const given = (trainers: FakeTrainer[], at: number, id: string) =>
    vi.waitFor(() => expect(trainers[at]?.run).toBe(id), { interval: 1, timeout: 4000 })

  it('lets a run end where it is, and gives those that wait to the others', async () => {
    const { queue, trainers, add, until, running } = setUp(1)
    const { made, source } = others(2)
    add('a', 'b', 'c')
    await running(0, 'a')
    queue.use(source)
    await given(made, 0, 'b')
    await given(made, 1, 'c')
    expect(trainers[0]!.killed).toBe(false)
    trainers[0]!.end()
    await until({ a: 'finished', b: 'running', c: 'running' })
    // its trainer is of no more use
    expect(trainers[0]!.killed).toBe(true)
    made.forEach((trainer) => trainer.end())
    await until({ b: 'finished', c: 'finished' })
  })

  it('takes runs from trainers that do not keep them, in their order, paused ones as paused', async () => {
    const { made, source } = others(2, true)
    const { queue, trainers, add, until, running, record } = setUp(1, source)
    add('a', 'b', 'c')
    await given(made, 0, 'a')
    await given(made, 1, 'b')
    made[0]!.tell({ type: 'placed', id: 'a', node: '10.0.0.7' })
    queue.pause('b')
    made[1]!.tell({ type: 'paused', id: 'b' })
    expect(record('a').node).toBe('10.0.0.7')
    queue.use({
      spawnTrainer: () => {
        const trainer = new FakeTrainer(1)
        trainers.push(trainer)
        setTimeout(() => trainer.ready())
        return Promise.resolve(trainer)
      },
      trainers: 1
    })
    await running(0, 'a')
    expect(made.every(({ killed }) => killed)).toBe(true)
    expect(record('a').node).toBeUndefined()
    await until({ a: 'running', b: 'paused', c: 'queued' })
    trainers[0]!.end()
    await running(0, 'c')
    queue.resume('b')
    trainers[0]!.end()
    await running(0, 'b')
    trainers[0]!.end()
    await until({ a: 'finished', b: 'finished', c: 'finished' })
  })

  it('cancels a run that was told to be cancelled while it was being taken away', async () => {
    const { made, source } = others(1, true)
    const { queue, add, until } = setUp(1, source)
    add('a')
    await given(made, 0, 'a')
    queue.cancel('a')
    queue.use(others().source)
    await until({ a: 'cancelled' })
  })

  it('takes a run away also before its trainer was given it', async () => {
    let prepared = (): void => undefined
    const held = new Promise<void>((resolve) => (prepared = resolve))
    const { made, source } = others(1, true)
    const later = others(1)
    const { queue, add, until } = setUp(1, {
      ...source,
      prepare: async (_, { choice }) => {
        await held
        return {
          preprocessing: {
            ...{ choice, height: 1, width: 1, channels: 1, parameters: { max: [255] } },
            form: { kind: 'affine', centre: [0], divisor: [255] }
          }
        }
      }
    })
    add('a')
    await vi.waitFor(() => expect(queue.trainers).toHaveLength(1), { interval: 1 })
    queue.use(later.source)
    prepared()
    await given(later.made, 0, 'a')
    expect(made[0]!.heard).toEqual([])
    later.made[0]!.end()
    await until({ a: 'finished' })
  })

  it('has more and fewer of the same trainers: an idle one goes first, one at work when it is done', async () => {
    const { made, source } = others(1)
    const { queue, add, until } = setUp(1, source)
    add('a', 'b', 'c', 'd')
    await given(made, 0, 'a')
    queue.use({ ...source, trainers: 3 })
    await given(made, 2, 'c')
    made[1]!.end()
    await given(made, 1, 'd')
    queue.use({ ...source, trainers: 1 })
    expect(made.map(({ killed }) => killed)).toEqual([false, false, false])
    made.forEach((trainer) => trainer.end())
    await until({ a: 'finished', b: 'finished', c: 'finished', d: 'finished' })
    expect(made.filter(({ killed }) => killed)).toHaveLength(2)
  })

  it('asks again what a run waits for', async () => {
    let reason: string | undefined = 'The cluster is away.'
    const said: string[] = []
    const { made, source } = others(1)
    const { queue, add, statuses } = setUp(1, {
      ...{ ...source, waits: () => reason },
      onWait: (told) => void said.push(told)
    })
    add('a')
    expect([statuses(), said]).toEqual([{ a: 'queued' }, ['The cluster is away.']])
    reason = undefined
    queue.use({ ...source, waits: () => reason })
    await given(made, 0, 'a')
  })
})
