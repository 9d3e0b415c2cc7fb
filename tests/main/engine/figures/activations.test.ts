import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { RunConfig } from '../../../../src/core/network/config'
import { parseLayers } from '../../../../src/core/network/layers/text'
import { idx } from '../../../core/format/build'
import { config, engineFolder, value } from '../engine-set-up'

const { folder, setUp } = engineFolder()

/** Twelve images of 24 x 24 with two classes, six of them for testing. */
function squares(): string {
  const path = join(folder, 'squares')
  mkdirSync(path, { recursive: true })
  for (const split of ['train', 't10k']) {
    const pixels = Uint8Array.from({ length: 6 * 576 }, (_, i) => (i * 31) % 251)
    writeFileSync(join(path, `${split}-images-idx3-ubyte`), idx(0x08, [6, 24, 24], pixels))
    writeFileSync(
      join(path, `${split}-labels-idx1-ubyte`),
      idx(0x08, [6], Uint8Array.of(0, 1, 0, 1, 0, 1))
    )
  }
  return path
}

const layered = (text: string): RunConfig => ({ ...config, layers: parseLayers(text) })
const ask = (network: RunConfig, layer: number) => ({
  ...{ choices: [{ id: 'unit' as const }], activation: 'relu' as const, epoch: 0 },
  ...{ config: network, layer }
})

describe('the activations of a network of several layers', () => {
  it('are shown layer by layer, each by its name', async () => {
    const { engine } = setUp('layered')
    await engine.openDataset({ paths: [squares()] })
    const network = layered('conv3x3-4,bn,pool2,flatten,dense-5')
    const first = await value(engine.activations(ask(network, 0)))
    expect(first.layers).toEqual([
      {
        name: 'Batch normalisation',
        of: 'Batch normalisation',
        units: '4 channels of 24 × 24'
      },
      { name: 'Dense', of: 'Dense', units: '5 units' }
    ])
    expect(first.panels[0]!.figure.definition).toContain('z of Batch normalisation over')
    const second = await value(engine.activations(ask(network, 1)))
    expect(second.layer).toBe(1)
    expect(second.panels[0]!.figure.x.label).toBe('pre-activation z of Dense')
    expect(second.heatmaps.map(({ activation }) => activation)).toEqual(['relu', 'tanh', 'sigmoid'])
    const cells = second.heatmaps[0]!.cells[0]!.figure.marks[0]!
    expect(cells.kind === 'cells' && cells.xEdges.length - 1).toBe(5)
    // one past the last is the last
    expect((await value(engine.activations(ask(network, 9)))).layer).toBe(1)
  })

  it('are summed up in a table and in maps of layers by epochs', async () => {
    const { engine } = setUp('layer-table')
    await engine.openDataset({ paths: [squares()] })
    const { table, maps, notes } = await value(
      engine.activations(ask(layered('conv3x3-4,bn,dense-5'), 0))
    )
    expect(table.rows.map((row) => row.slice(0, 4))).toEqual([
      ['Rescaled to [0, 1]', 'Batch normalisation', '0', '4 channels of 24 × 24'],
      ['Rescaled to [0, 1]', 'Dense', '0', '5 units']
    ])
    // dead units and gradients are measured in training alone
    expect(table.rows.map((row) => row.slice(6))).toEqual([
      ['–', '–'],
      ['–', '–']
    ])
    expect(maps.map(({ id }) => id)).toEqual(['layers-saturated-share'])
    expect(notes).toEqual([expect.stringContaining('moving means of 0') as string])
  })

  it('are measured on fewer images where the network is large, and that is said', async () => {
    const { engine } = setUp('layer-large')
    await engine.openDataset({ paths: [squares()] })
    const { probe, notes } = await value(
      engine.activations({
        ...ask(layered('conv3x3-256,conv3x3-128/s2'), 0),
        activation: 'tanh'
      })
    )
    // 44 million for an image, of 100
    expect(probe).toBe('2 test images, 1 a class')
    expect(notes[0]).toContain('as it is large; a run is measured on 6')
  })
})

describe('a run', () => {
  /** as earlier versions recorded it: without a name and an activation */
  const layer = (units: number, saturated: number) => ({
    units,
    saturation: new Array<number>(units).fill(saturated),
    deadUnitFraction: saturated / 2,
    preactivation: { mean: 0, std: 2 * saturated, min: -1, max: 1, counts: [1, 2] }
  })

  it('is shown for its own seed, with the gradient norms and dead units of every layer', async () => {
    const { engine, trainers, given } = setUp('layer-run')
    await engine.openDataset({ paths: [squares()] })
    const network: RunConfig = { ...layered('dense-2,dense-3'), choice: { id: 'unit' }, seed: 7 }
    const { ids } = await value(engine.enqueue({ configs: [{ ...network, activation: 'relu' }] }))
    await given(0, ids[0]!)
    trainers[0]!.tell({
      type: 'epoch',
      id: ids[0]!,
      record: {
        ...{ epoch: 0, trainLoss: 1, trainAccuracy: 0, zeroGradientFraction: 0, seconds: 0 },
        gradientNorms: [3, 2, 1],
        layers: [layer(2, 0.5), layer(3, 0.25)]
      }
    })
    const shown = await value(engine.activations(ask(network, 1)))
    expect(shown.panels[0]).toMatchObject({ std: 0.5, saturatedFraction: 0.25, runId: ids[0] })
    expect(shown.table.rows.map((row) => row.slice(1))).toEqual([
      ['Dense 1', '0', '2 units', '1', '50.0 %', '25.0 %', '3'],
      ['Dense 2', '0', '3 units', '0.5', '25.0 %', '12.5 %', '2']
    ])
    const [gradients] = shown.maps
    expect(gradients!.rows[0]![0]!.y.names).toEqual(['Dense 1', 'Dense 2', 'Output'])
    expect(shown.maps.map(({ id }) => id)).toEqual([
      'layers-gradient-norm',
      'layers-saturated-share',
      'layers-dead-share'
    ])
    const other = await value(engine.activations(ask({ ...network, seed: 8 }, 1)))
    expect(other.panels[0]).not.toHaveProperty('runId')
  })
})
