import { createHash } from 'node:crypto'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import type { Figure, Mark } from '../../../../src/core/figure/figure'
import type { RunConfig } from '../../../../src/core/network/config'
import { parseLayers } from '../../../../src/core/network/layers/text'
import { startWeights } from '../../../start-weights'
import { config, engineFolder, value } from '../engine-set-up'
import type { TestEngine } from '../engine-set-up'

const { folder, images, setUp } = engineFolder()

function tilesOf(figure: Figure | undefined): Extract<Mark, { kind: 'tiles' }> {
  const tiles = figure?.marks.find((mark) => mark.kind === 'tiles')
  if (!tiles) throw new Error('The figure has no small pictures.')
  return tiles
}

const network: RunConfig = { ...config, activation: 'relu' }
const unit = [{ id: 'unit' as const }]
const asked = { choices: unit, activation: 'relu' as const, config: network, from: 0 }

/** Trains a run to its end with these weights. */
async function train(of: TestEngine, weights: Float32Array, hash?: string): Promise<string> {
  const { ids } = await value(
    of.engine.enqueue({ configs: [{ ...network, choice: { id: 'unit' } }] })
  )
  const id = ids[0]!
  await of.given(0, id)
  const bytes = new Uint8Array(weights.buffer)
  const weightsSha256 = hash ?? createHash('sha256').update(bytes).digest('hex')
  const trainer = of.trainers[0]!
  trainer.tell({
    type: 'epoch',
    id,
    record: {
      ...{ epoch: 1, trainLoss: 1, trainAccuracy: 0, zeroGradientFraction: 0, seconds: 0 },
      ...{ gradientNorms: [], layers: [] }
    }
  })
  trainer.tell({
    ...{ type: 'ended', id, status: 'finished', weightsSha256, weights: bytes, notes: [] }
  })
  return id
}

/** 4 x 3 kernel, 3 biases, 3 x 3 kernel, 3 biases; the first are 1 to 12 */
const ended = Float32Array.from({ length: 27 }, (_, i) => (i < 12 ? i + 1 : 0))

describe('the weights of the first layer', () => {
  it('are pictures of the image’s shape, before training and as they ended', async () => {
    const of = setUp('filters')
    await of.engine.openDataset({ paths: [images] })
    const before = await value(of.engine.filters({ ...asked, stored: false }))
    expect(before).toMatchObject({ count: 3, columns: 3, rows: 1 })
    expect(before.notes).toEqual(['Rescaled to [0, 1]: no run of this network has finished.'])
    const [kernel] = startWeights(network, 4, 3)
    // picture 1 has the weights of unit 1, from the four values of a 2 x 2 image
    expect([...(tilesOf(before.figure).values as Float64Array)].slice(4, 8)).toEqual(
      [1, 4, 7, 10].map((at) => kernel![at])
    )
    await train(of, ended)
    const after = await value(of.engine.filters({ ...asked, stored: false }))
    const tiles = tilesOf(after.figure)
    expect(after.figure!.y.names).toEqual([
      expect.stringContaining('before training') as string,
      '[0, 1], trained, ±12'
    ])
    expect([...(tiles.values as Float64Array)].slice(12, 16)).toEqual([1, 4, 7, 10])
    expect(tiles.rowDomains![1]).toEqual([-12, 12])
  })

  it('are divided by what the choice divides by, to be seen on stored values', async () => {
    const of = setUp('filters-stored')
    await of.engine.openDataset({ paths: [images] })
    const choices = [...unit, { id: 'per-image' as const }]
    const { figure, notes } = await value(of.engine.filters({ ...asked, choices, stored: true }))
    const [kernel] = startWeights(network, 4, 3)
    expect(tilesOf(figure).values[0]).toBe(Math.fround(kernel![0]! / 255))
    expect(tilesOf(figure).rows).toBe(1)
    expect(notes.join(' ')).toContain(
      'Standardised, each image: no weights on stored values, for it is no shift and division'
    )
  })
})

describe('an image in a layer', () => {
  it('is shown before and after the activation, with initial weights', async () => {
    const of = setUp('maps')
    await of.engine.openDataset({ paths: [images] })
    const shown = await value(
      of.engine.featureMaps({ ...asked, split: 'train', index: 1, layer: 0, trained: false })
    )
    // the image is 10, 11, 12, 13, and each is divided by 255
    const [kernel] = startWeights(network, 4, 3)
    const z = [0, 1, 2].map((at) =>
      [10, 11, 12, 13].reduce((sum, byte, i) => sum + (byte / 255) * kernel![3 * i + at]!, 0)
    )
    const { values } = tilesOf(shown.figure)
    z.forEach((each, at) => {
      expect(values[at]).toBeCloseTo(each, 6)
      expect(values[3 + at]).toBeCloseTo(Math.max(0, each), 6)
    })
  })

  it('is shown by channel in a convolution', async () => {
    const of = setUp('maps-channels')
    await of.engine.openDataset({ paths: [images] })
    const layered = { ...network, layers: parseLayers('conv1x1-20') }
    const input = { ...asked, config: layered, split: 'test', index: 0, layer: 0 } as const
    const shown = await value(of.engine.featureMaps({ ...input, trained: false, from: 17 }))
    expect(shown).toMatchObject({ from: 16, columns: 16, count: 20, rows: 2 })
    const tiles = tilesOf(shown.figure)
    expect(tiles).toMatchObject({ height: 2, width: 2 })
    expect(shown.figure!.x.names!.slice(0, 4)).toEqual(['17', '18', '19', '20'])
    // four channels are left for the page
    expect(Array.from(tiles.values).filter((each) => !Number.isNaN(each))).toHaveLength(2 * 4 * 4)
    expect(tiles.notes![0]).toMatch(/^mean .*; saturated at \d+\.0 % of its places$/)
  })

  it('of a trained network has the weights that its run ended with', async () => {
    const of = setUp('maps-trained')
    await of.engine.openDataset({ paths: [images] })
    const input = { ...asked, split: 'train', index: 0, layer: 0, trained: true } as const
    const none = await value(of.engine.featureMaps(input))
    expect(none.figure).toBeUndefined()
    expect(none.notes).toEqual(['Rescaled to [0, 1]: no run of this network has finished.'])
    await train(of, ended)
    // the image is 0, 1, 2, 3; unit 0 has the weights 1, 4, 7, 10
    const { figure } = await value(of.engine.featureMaps(input))
    expect(tilesOf(figure).values[0]).toBeCloseTo((4 + 14 + 30) / 255, 6)
  })

  it('says once for all choices why there are no trained weights', async () => {
    const of = setUp('maps-missing')
    await of.engine.openDataset({ paths: [images] })
    const choices = [{ id: 'raw' as const }, ...unit]
    const input = { ...asked, choices, split: 'train', index: 0, layer: 0, trained: true } as const
    expect((await value(of.engine.featureMaps(input))).notes).toEqual([
      'As stored and Rescaled to [0, 1]: no run of this network has finished.'
    ])
  })

  it('that is not there is refused', async () => {
    const of = setUp('maps-none')
    await of.engine.openDataset({ paths: [images] })
    const input = { ...asked, split: 'train', index: 99, layer: 0, trained: false } as const
    expect(await of.engine.featureMaps(input)).toMatchObject({
      ok: false,
      error: { code: 'no-such-image' }
    })
  })
})

describe('weights that are kept', () => {
  const kept = (name: string): string[] => readdirSync(join(folder, name, 'weights'))
  const notesOf = async (of: TestEngine): Promise<string> =>
    (await value(of.engine.filters({ ...asked, stored: false }))).notes.join(' ')

  it('are there after a restart, and are checked against the run’s hash', async () => {
    const first = setUp('kept')
    await first.engine.openDataset({ paths: [images] })
    await train(first, ended)
    await first.shell.close()
    const second = setUp('kept')
    await second.engine.openDataset({ paths: [images] })
    expect(await notesOf(second)).toBe('')
    const [file] = kept('kept')
    writeFileSync(join(folder, 'kept', 'weights', file!), new Uint8Array(27 * 4))
    expect(await notesOf(second)).toContain('not those that the run ended with')
  })

  it('go with the run, and come back with it', async () => {
    const of = setUp('kept-removed')
    await of.engine.openDataset({ paths: [images] })
    const id = await train(of, ended)
    await value(of.engine.removeRuns({ ids: [id] }))
    await value(of.engine.restoreRuns({}))
    expect(await notesOf(of)).toBe('')
    await value(of.engine.removeRuns({ ids: [id] }))
    await of.shell.close()
    expect(kept('kept-removed')).toEqual([])
  })

  it('of the oldest runs are deleted when they are too many, and the run says so', async () => {
    const limits = { runs: 10, bytes: 1e6, weights: 150 }
    const of = setUp('kept-few', { journal: { limits } })
    await of.engine.openDataset({ paths: [images] })
    await train(of, ended)
    await vi.waitFor(() => expect(kept('kept-few')).toHaveLength(1))
    const [first] = kept('kept-few')
    const { ids } = await value(
      of.engine.enqueue({ configs: [{ ...network, choice: { id: 'raw' } }] })
    )
    await of.given(0, ids[0]!)
    const weights = new Uint8Array(ended.buffer)
    of.trainers[0]!.tell({
      ...{ type: 'ended', id: ids[0]!, status: 'finished', weights, notes: [] },
      weightsSha256: 'a'.repeat(64)
    })
    await vi.waitFor(() => expect(kept('kept-few')).not.toContain(first))
    expect(kept('kept-few')).toHaveLength(1)
    expect(await notesOf(of)).toContain('The weights of this run are not kept')
  })
})
