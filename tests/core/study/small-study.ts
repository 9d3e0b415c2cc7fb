import { createHash } from 'node:crypto'
import { dense } from '../../../src/core/network/layers/layers'
import { TUTORIAL_CONFIG } from '../../../src/core/network/config'
import type { RunRecord } from '../../../src/core/study/run'
import { createStudy, writeStudy } from '../../../src/core/study/study'
import type { Provenance } from '../../../src/core/study/study'

export const sha256 = (text: string): string =>
  createHash('sha256').update(text, 'utf8').digest('hex')

export const dataset: Provenance = {
  ...{ id: 'a'.repeat(64), name: 'Four pixels', format: 'idx', dtype: 'uint8' },
  ...{ height: 2, width: 2, channels: 1, classNames: ['dark', 'bright'] },
  ...{ trainCount: 4, testCount: 2, warnings: [] },
  sources: [{ path: 'train-images', bytes: 32, sha256: 'b'.repeat(64) }]
}

/** A run of one epoch. */
export const run: RunRecord = {
  id: 'run-1',
  groupId: 'group',
  config: { ...TUTORIAL_CONFIG, layers: [dense(2)] },
  datasetId: dataset.id,
  datasetName: dataset.name,
  trainCount: 4,
  testCount: 2,
  status: 'finished',
  backend: 'tensorflow',
  notes: ['n'],
  preprocessing: { max: [255] },
  epochs: [
    {
      epoch: 1,
      trainLoss: 0.5,
      trainAccuracy: 0.75,
      testLoss: 0.625,
      testAccuracy: 0.5,
      zeroGradientFraction: 0,
      gradientNorms: [1, 2],
      layers: [
        {
          units: 2,
          saturation: [0, 0.5],
          preactivation: { mean: 0, std: 1, min: -1, max: 1, counts: [1, 1] }
        }
      ],
      seconds: 1.25,
      imagesPerSecond: 100
    }
  ],
  weightsSha256: 'c'.repeat(64),
  createdAt: 1000,
  endedAt: 2000
}

/** The file of a study of that run. */
export const studyText = writeStudy(
  createStudy(
    {
      normscope: '0.1.0',
      dataset,
      choices: [{ id: 'unit' }],
      runs: [run]
    },
    sha256
  )
)
