import { describe, expect, it } from 'vitest'
import type { RunRecord } from '../../../../src/core/study/run'
import { toldRecord } from '../../../../src/main/engine/runs/record'
import { runRecord } from '../../../renderer/fixtures/runs'

const queued: RunRecord = runRecord({ status: 'running', notes: ['a note'] }, [0.1])

describe('the record of a run', () => {
  it('has the images that the trainer really trains and tests on', () => {
    const images = {
      trainCount: 10,
      testCount: 4,
      probe: { split: 'test', count: 3, seed: 0 }
    } as const
    const told = toldRecord(queued, { type: 'started', id: queued.id, ...images }, 5)
    // one that starts anew has none of the epochs that it had before it was lost
    expect(told).toEqual({ ...queued, ...images, epochs: [] })
    const { epochs } = runRecord({}, [0.1, 0.2, 0.3])
    const wentOn = toldRecord(queued, { type: 'started', id: queued.id, ...images, epochs }, 5)
    expect(wentOn.epochs).toEqual(epochs)
    expect(wentOn.notes).toEqual([
      'a note',
      'It was interrupted, and went on from the end of epoch 2.'
    ])
  })

  it('loses its progress at its end, and has the time and the notes of it', () => {
    const progress: RunRecord['progress'] = {
      ...{ epoch: 1, step: 3, stepsPerEpoch: 6, fraction: 0.5, imagesPerSecond: 100 },
      ...{ trainLoss: 1, trainAccuracy: 0.5, zeroGradientFraction: 0 }
    }
    const running = toldRecord(queued, { type: 'progress', id: queued.id, progress }, 5)
    expect(running.progress).toBe(progress)
    const event = {
      type: 'ended',
      id: queued.id,
      status: 'finished',
      results: { confusion: [[3]], predictions: 'AAA=' },
      notes: ['another']
    } as const
    const ended = toldRecord(running, event, 7)
    expect(ended).toMatchObject({ status: 'finished', endedAt: 7, notes: ['a note', 'another'] })
    expect(ended).toMatchObject({ confusion: [[3]], predictions: 'AAA=' })
    expect(ended.progress).toBeUndefined()
  })

  it('stays as it is at what the trainer tells of itself', () => {
    const ready = { type: 'ready', backend: 'cpu', pid: 1, notes: [] } as const
    expect(toldRecord(queued, ready, 5)).toBe(queued)
  })
})
