import { describe, expect, it } from 'vitest'
import { layerMaps, layerWords, unitsText } from '../../../src/core/figure/layer-maps'
import type { LayeredNetwork } from '../../../src/core/figure/layer-maps'
import { TUTORIAL_CONFIG } from '../../../src/core/network/config'
import { networkPlan } from '../../../src/core/network/layers/plan'
import { parseLayers } from '../../../src/core/network/layers/text'

const network = (gradientNorms: readonly number[][]): LayeredNetwork => ({
  choice: { id: 'unit' },
  names: ['Convolution 1', 'Batch normalisation', 'Output'],
  epochs: gradientNorms.map((norms, epoch) => ({ epoch, gradientNorms: norms, layers: [] }))
})

describe('a map of layers by epochs', () => {
  const sheet = layerMaps(
    'gradient',
    [
      network([
        [30, 2, 0.02],
        [4, 0, 1]
      ])
    ],
    'ReLU'
  )!
  const [figure] = sheet.rows[0]!
  const cells = figure!.marks[0]!
  if (cells.kind !== 'cells') throw new Error('no cells')

  it('has a row a layer and a column an epoch', () => {
    expect([...(cells.values as Float64Array)]).toEqual([30, 4, 2, 0, 0.02, 1])
    expect(figure!.y.names).toEqual(['Conv 1', 'Batch norm', 'Output'])
    expect([...(cells.xEdges as number[])]).toEqual([-0.5, 0.5, 1.5])
  })

  it('is coloured between the powers of ten around all of its numbers', () => {
    expect(cells.domain).toEqual([0.01, 100])
    expect(cells.logarithmic).toBe(true)
  })

  it('tells what each layer has at the end', () => {
    expect(figure!.summary).toBe(
      'Rescaled to [0, 1], gradient norm after epoch 1: Convolution 1 4, Batch normalisation 0, Output 1.'
    )
  })

  it('is left out where nothing was measured, as gradients before training', () => {
    expect(layerMaps('gradient', [network([[]])], 'ReLU')).toBeUndefined()
    expect(layerMaps('dead', [network([[1]])], 'ReLU')).toBeUndefined()
  })

  it('has a scale though all gradients are 0', () => {
    const none = layerMaps('gradient', [network([[0, 0, 0]])], 'ReLU')!
    const [mark] = none.rows[0]![0]!.marks
    expect(mark!.kind === 'cells' && mark!.domain).toEqual([0.1, 1])
  })
})

describe('a measured layer', () => {
  const activatedOf = (text: string) =>
    networkPlan({ ...TUTORIAL_CONFIG, layers: parseLayers(text) }, [28, 28, 1], 10).activated

  it('is spoken of by its name where there are several, and in units or channels', () => {
    const two = activatedOf('conv3x3-16,dense-1')
    expect([0, 1].map((at) => layerWords(two, at))).toEqual([
      { of: 'Convolution', unit: 'channel' },
      { of: 'Dense', unit: 'unit' }
    ])
    expect(layerWords(activatedOf('dense-128'), 0).of).toBe('the hidden layer')
    expect(two.map(unitsText)).toEqual(['16 channels of 28 × 28', '1 unit'])
  })
})
