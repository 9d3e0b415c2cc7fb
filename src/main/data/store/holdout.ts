import { createHash } from 'node:crypto'
import { open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { holdOut } from '../../../core/dataset/holdout'
import { BYTES_PER_PIXEL, featuresOf, isLabelled } from '../../../core/dataset/dataset'
import type { Dataset, Split } from '../../../core/dataset/dataset'
import { unlabelled } from '../../../core/format/missing-labels'
import { entryFacts, makeEntry, storeFolder, verifyInUse } from './entry'
import type { StoreOptions } from './entry'
import { onFile } from '../../disk/files'
import { readLabels } from '../labels'
import { readRowsAt } from '../rows'
import { withStates } from './states'

interface HoldoutOptions {
  /** share of the training images, in (0, 1); default 1/6, that of Fashion-MNIST's test images */
  readonly fraction?: number
  readonly seed?: number
  readonly store?: StoreOptions
}

const CHUNK_BYTES = 1 << 22

/**
 * A data set with a test split that has labels: itself where it has one, else one whose test images
 * were held out of the training images, class by class (stratified) and by the seed. Both parts keep
 * the images' order, and the whole keeps its id: they are the same images. Throws NormscopeError
 * 'too-few-images' where a split would be empty, and 'unlabelled' where the training images have no
 * labels.
 */
export async function withTestSplit(
  dataset: Dataset,
  options: HoldoutOptions = {}
): Promise<Dataset> {
  const { train, test } = dataset.splits
  if (!isLabelled(train)) throw unlabelled(dataset)
  if (isLabelled(test)) return dataset
  const fraction = options.fraction ?? 1 / 6
  const seed = options.seed ?? 0
  const labels = await readLabels(dataset, 'train')
  const parts = holdOut(labels, dataset.classNames.length, fraction, seed)
  const store = options.store ?? {}
  const root = storeFolder(store)
  const folder = join(root, heldOutKey(dataset.id, { fraction, seed }))
  const isWhole = (): Promise<boolean> => isWholeEntry(folder, dataset, parts, store)
  if (!(await isWhole())) {
    const made = (beside: string): ReturnType<typeof write> => write(dataset, labels, parts, beside)
    await makeEntry(root, () => folder, made, isWhole)
  }
  const split = (name: 'train' | 'test'): Split => {
    const indices = parts[name]
    const classCounts = dataset.classNames.map(() => 0)
    for (const index of indices) classCounts[labels[index]!]!++
    return {
      count: indices.length,
      pixels: { path: join(folder, `${name}.pixels`), offset: 0 },
      labels: { path: join(folder, `${name}.labels`), offset: 0 },
      classCounts
    }
  }
  const lacking = test ? 'The test images have no labels' : 'There is no test split'
  const said = `${lacking}: ${parts.test.length} of ${labels.length} images were held out of the training images for testing, chosen at random class by class (seed ${seed}).`
  const heldOut = await withStates({
    ...dataset,
    splits: { train: split('train'), test: split('test') },
    warnings: [...dataset.warnings, said],
    heldOut: { fraction, seed }
  })
  verifyInUse(folder)
  return heldOut
}

/**
 * The name of a held-out set in the store. Until 0.1.0 it was the data set's id in the records of
 * its runs too.
 */
export function heldOutKey(
  datasetId: string,
  { fraction, seed }: NonNullable<Dataset['heldOut']>
): string {
  return createHash('sha256')
    .update(JSON.stringify([datasetId, 'held out', fraction, seed]))
    .digest('hex')
}

type Parts = ReturnType<typeof holdOut>

async function isWholeEntry(
  folder: string,
  dataset: Dataset,
  parts: Parts,
  store: StoreOptions
): Promise<boolean> {
  if ((await entryFacts(folder, store)) === undefined) return false
  const bytes = featuresOf(dataset) * BYTES_PER_PIXEL[dataset.dtype]
  try {
    for (const name of ['train', 'test'] as const) {
      const pixels = await stat(join(folder, `${name}.pixels`))
      const labels = await stat(join(folder, `${name}.labels`))
      const { length } = parts[name]
      if (pixels.size !== length * bytes || labels.size !== length * 4) return false
    }
    return true
  } catch {
    return false
  }
}

async function write(
  dataset: Dataset,
  labels: Int32Array,
  parts: Parts,
  folder: string
): Promise<{ readonly heldOutOf: string }> {
  for (const name of ['train', 'test'] as const) {
    const indices = parts[name]
    await writePixels(dataset, indices, join(folder, `${name}.pixels`))
    const own = Int32Array.from(indices, (index) => labels[index]!)
    await writeAll(join(folder, `${name}.labels`), async (add) => add(new Uint8Array(own.buffer)))
  }
  return { heldOutOf: dataset.id }
}

async function writePixels(dataset: Dataset, indices: Int32Array, path: string): Promise<void> {
  const bytes = featuresOf(dataset) * BYTES_PER_PIXEL[dataset.dtype]
  const atOnce = Math.max(1, Math.floor(CHUNK_BYTES / bytes))
  await writeAll(path, async (add) => {
    for (let at = 0; at < indices.length; at += atOnce) {
      const pixels = await readRowsAt(dataset, 'train', indices.subarray(at, at + atOnce))
      await add(new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength))
    }
  })
}

async function writeAll(
  path: string,
  work: (add: (bytes: Uint8Array) => Promise<void>) => Promise<void>
): Promise<void> {
  await onFile(path, async () => {
    const handle = await open(path, 'w')
    try {
      await work((bytes) => handle.appendFile(bytes))
    } finally {
      await handle.close()
    }
  })
}
