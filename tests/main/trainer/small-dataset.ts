import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Dataset, Split } from '../../../src/core/dataset/dataset'
import { createRandom } from '../../../src/core/random'
import type { FittedPreprocessing } from '../../../src/core/preprocessing/preprocessing'

export interface SmallDataset {
  readonly dataset: Dataset
  readonly preprocessing: FittedPreprocessing
  remove(): Promise<void>
}

/**
 * A data set on disk that a network can learn: class c is bright in its own part of the image.
 * Images are 6 x 6 bytes.
 */
export async function smallDataset(
  counts: { readonly train: number; readonly test: number },
  classes = 3
): Promise<SmallDataset> {
  const folder = await mkdtemp(join(tmpdir(), 'normscope-test-'))
  const random = createRandom(11, 'small data set')
  const features = 36

  async function write(name: string, count: number): Promise<Split> {
    const labels = Int32Array.from({ length: count }, (_, i) => i % classes)
    const pixels = new Uint8Array(count * features)
    for (let i = 0; i < pixels.length; i++) {
      const bright =
        Math.floor(((i % features) * classes) / features) === labels[(i / features) | 0]
      pixels[i] = random.integer(120) + (bright ? 100 : 0)
    }
    const path = join(folder, `${name}.bin`)
    await writeFile(path, Buffer.concat([pixels, Buffer.from(labels.buffer)]))
    return {
      count,
      pixels: { path, offset: 0 },
      labels: { path, offset: pixels.length },
      classCounts: Array.from({ length: classes }, (_, c) => labels.filter((l) => l === c).length)
    }
  }

  const dataset: Dataset = {
    id: 'small',
    name: 'small',
    format: 'idx',
    height: 6,
    width: 6,
    channels: 1,
    dtype: 'uint8',
    classNames: Array.from({ length: classes }, (_, c) => `class ${c}`),
    splits: { train: await write('train', counts.train), test: await write('test', counts.test) },
    sources: [],
    warnings: []
  }
  return {
    dataset,
    preprocessing: {
      choice: { id: 'unit' },
      height: 6,
      width: 6,
      channels: 1,
      form: { kind: 'affine', centre: [0], divisor: [255] },
      parameters: {}
    },
    remove: () => rm(folder, { recursive: true, force: true })
  }
}
