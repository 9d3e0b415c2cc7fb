import { describe, expect, it, vi } from 'vitest'
import { TrainerSlot } from '../../../../src/main/engine/runs/trainer-slot'
import type { TrainerProcess } from '../../../../src/main/processes/channel'
import { FakeTrainer } from '../fake-trainer'

/** A slot whose trainers come and get ready when the test says so. */
function setUp(times: ConstructorParameters<typeof TrainerSlot>[2] = {}) {
  const trainers: FakeTrainer[] = []
  const slot = new TrainerSlot(
    () => {
      const trainer = new FakeTrainer(trainers.length + 1)
      trainers.push(trainer)
      return Promise.resolve(trainer)
    },
    () => undefined,
    { backOffMs: 1, ...times }
  )
  const spawned = (count: number): Promise<void> =>
    vi.waitFor(() => expect(trainers).toHaveLength(count), { interval: 1 })
  const ready = async (): Promise<Awaited<ReturnType<TrainerSlot['start']>>> => {
    const before = trainers.length
    const starting = slot.start()
    await spawned(before + 1)
    await Promise.resolve()
    trainers[before]!.ready()
    return starting
  }
  return { slot, trainers, spawned, ready }
}

const train = { type: 'pause', id: 'a' } as const

describe('the place of a trainer', () => {
  it('ends the wait for a trainer that was closed before it was ready, and only that one', async () => {
    vi.useFakeTimers()
    try {
      const { slot, trainers, ready } = setUp({ startMs: 100 })
      const first = slot.start()
      const outcome = expect(first).rejects.toMatchObject({ facts: { code: 'trainer-ended' } })
      await vi.advanceTimersByTimeAsync(60)
      slot.close()
      await outcome
      vi.useRealTimers()
      const second = await ready()
      const heard: string[] = []
      const run = second.listen((event) => heard.push(event.type) > 0 && event.type === 'ended')
      vi.useFakeTimers()
      // past the time in which the first should have been ready
      await vi.advanceTimersByTimeAsync(1000)
      trainers[1]!.tell({ type: 'ended', id: 'a', status: 'finished', notes: [] })
      await run
      expect(heard).toEqual(['ended'])
    } finally {
      vi.useRealTimers()
    }
  })

  it('tells who still listens to a process that it was ended', async () => {
    const { slot, ready } = setUp()
    const trainer = await ready()
    const run = trainer.listen(() => false)
    slot.close()
    await expect(run).rejects.toMatchObject({ facts: { code: 'trainer-ended' } })
  })

  it('takes no message and no listener for a process that is gone', async () => {
    const { trainers, ready } = setUp()
    const trainer = await ready()
    trainers[0]!.die()
    expect(() => trainer.post(train)).toThrow(/ended unexpectedly/)
    await expect(trainer.listen(() => true)).rejects.toMatchObject({
      facts: { code: 'trainer-lost' }
    })
    expect(trainers[0]!.heard).toEqual([])
  })

  it('fails in time where no process comes, and ends one that comes too late', async () => {
    let come: (trainer: TrainerProcess) => void = () => undefined
    const slot = new TrainerSlot(
      () => new Promise((resolve) => (come = resolve)),
      () => undefined,
      { startMs: 5 }
    )
    await expect(slot.start()).rejects.toMatchObject({ facts: { code: 'trainer-silent' } })
    const late = new FakeTrainer(1)
    come(late)
    await vi.waitFor(() => expect(late.killed).toBe(true), { interval: 1 })
  })
})
