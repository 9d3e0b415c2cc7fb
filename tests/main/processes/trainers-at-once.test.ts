import { describe, expect, it } from 'vitest'
import { TUTORIAL_CONFIG } from '../../../src/core/network/config'
import { parseLayers } from '../../../src/core/network/layers/text'
import { trainersAtOnce, waitsForMemory } from '../../../src/main/processes/trainers-at-once'
import type { Dataset } from '../../../src/core/dataset/dataset'

const GB = 1e9

describe('trainers at once', () => {
  it('are one a core where memory is ample', () => {
    expect(trainersAtOnce(Infinity, { cores: 8, totalBytes: 32 * GB, freeBytes: 20 * GB })).toEqual(
      {
        count: 8
      }
    )
  })

  it.each([
    // 0.75 x 16 / 0.6 = 20
    ['all memory', { cores: 64, totalBytes: 16 * GB, freeBytes: 16 * GB }, 20],
    // 2 / 0.6 = 3.3
    ['free memory', { cores: 8, totalBytes: 64 * GB, freeBytes: 2 * GB }, 3],
    ['next to no memory', { cores: 4, totalBytes: 1 * GB, freeBytes: 0.1 * GB }, 1]
  ])('are bounded by %s, and it is said', (_, machine, count) => {
    const { count: found, note } = trainersAtOnce(Infinity, machine)
    expect(found).toBe(count)
    expect(note).toContain(`the ${machine.cores} cores`)
    expect(note).toContain(`of ${(machine.totalBytes / GB).toFixed(1)} GB`)
  })

  it('are no more than runs, and nothing is said where memory is enough for those', () => {
    const machine = { cores: 8, totalBytes: 64 * GB, freeBytes: 2 * GB }
    expect(trainersAtOnce(3, machine)).toEqual({ count: 3 })
    expect(trainersAtOnce(4, machine).note).toMatch(/^3 runs train at once, fewer than the 8 cores/)
  })

  it('are at least one on this machine', () => {
    expect(trainersAtOnce().count).toBeGreaterThanOrEqual(1)
  })
})

const NONE = { count: 0, pixels: { path: '/none', offset: 0 } }
const COLOUR: Dataset = {
  ...{ id: 'colour', name: 'Colour', format: 'idx', dtype: 'uint8', sources: [], warnings: [] },
  ...{ height: 64, width: 64, channels: 3, classNames: ['a', 'b'] },
  splits: { train: NONE, test: NONE }
}
const runOf = (layers: string, batch = 32) => ({
  config: { ...TUTORIAL_CONFIG, layers: parseLayers(layers), batch },
  dataset: COLOUR
})

describe('a run waits for memory', () => {
  // 64 x 64 x (3 + 64 + 64) values of 4 bytes and their gradients for 400 images: 1.7 GB of activations
  const large = runOf('conv3x3-64,gap', 400)
  const waits = waitsForMemory({ cores: 8, totalBytes: 64 * GB, freeBytes: 4 * GB })

  it('where its step and those at work would take more than there is, and it is said how much', () => {
    expect(waits(large, [large])).toBe(
      'A run waits for memory: it takes about 2.3 GB, those at work 2.3 GB, and there are 4.0 GB for both.'
    )
    expect(waits(runOf('dense-16'), [large])).toBeUndefined()
    expect(waits(large, [runOf('dense-16'), runOf('dense-16')])).toBeUndefined()
  })

  it('where its images and those of the ones at work would', () => {
    // 40,000 images of 64 x 64 x 3 bytes, held twice: 0.98 GB, of which 0.11 GB count with any trainer
    const many = { ...COLOUR, splits: { train: { ...NONE, count: 40_000 } } }
    const small = runOf('dense-2', 1)
    const bytes = { ...small, dataset: many }
    const few = waitsForMemory({ cores: 8, totalBytes: 64 * GB, freeBytes: 2.5 * GB })
    expect(few(small, [small])).toBeUndefined()
    expect(few(bytes, [small])).toBeUndefined()
    expect(few(bytes, [bytes])).toContain('it takes about 1.5 GB, those at work 1.5 GB')
    // numbers of 4 bytes, and as many inside TensorFlow: 3.9 GB
    const floats = { ...small, dataset: { ...many, dtype: 'float32' } as const }
    expect(few(floats, [small])).toContain('it takes about 4.4 GB')
    expect(few({ ...floats, config: { ...floats.config, limit: 1000 } }, [small])).toBeUndefined()
  })

  it('never alone', () => {
    expect(waits(runOf('conv3x3-64,gap', 4000), [])).toBeUndefined()
  })

  it('as any other where its network cannot be: its own error ends it', () => {
    expect(waits(runOf('flatten,conv3x3-4'), [runOf('dense-16')])).toBeUndefined()
  })
})
