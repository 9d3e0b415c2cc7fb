import { createHash } from 'node:crypto'
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Dataset, Split } from '../../core/dataset/dataset'
import { NormscopeError } from '../../core/error'
import { createRandom } from '../../core/network/random'
import { cacheFolder } from '../cache'
import { readLabels, readRowsAt } from './rows'

export interface HoldOut {
  /** share of each class's images that are held out, in (0, 1) */
  readonly fraction: number
  readonly seed: number
}

/**
 * A data set with test images: unchanged where it has some, else with a share of each class's training
 * images held out, drawn by the seed. The two parts are written to the store once.
 * Throws 'too-few-images' where no class has two images.
 */
export async function withTestSplit(dataset: Dataset, holdOut: HoldOut): Promise<Dataset> {
  if (dataset.splits.test) return dataset
  const labels = await readLabels(dataset, 'train')
  const { kept, heldOut } = drawRows(labels, dataset.classNames.length, holdOut)
  if (heldOut.length === 0) {
    throw new NormscopeError({
      code: 'too-few-images',
      message: `${dataset.name} has no test images and too few images of every class to hold some out for testing. Give more images, or test images with --test.`,
      actual: `${labels.length} images`
    })
  }
  const id = createHash('sha256')
    .update(JSON.stringify([dataset.id, 'held out', holdOut]))
    .digest('hex')
  const folder = join(cacheFolder(), 'store', `held-out-${id.slice(0, 32)}`)
  const parts = { train: kept, test: heldOut }
  await writeParts(folder, dataset, labels, parts)
  const split = (name: keyof typeof parts): Split => ({
    count: parts[name].length,
    pixels: { path: join(folder, `${name}.pixels`), offset: 0 },
    labels: { path: join(folder, `${name}.labels`), offset: 0 },
    classCounts: countsOf(parts[name], labels, dataset.classNames.length)
  })
  return {
    ...dataset,
    id,
    splits: { train: split('train'), test: split('test') },
    heldOut: holdOut,
    warnings: [
      ...dataset.warnings,
      `There are no test images, so ${heldOut.length} of the ${labels.length} images were held out for testing, drawn from every class with seed ${holdOut.seed}.`
    ]
  }
}

/** Rows in ascending order; every class gives its share, rounded, but keeps at least one image. */
function drawRows(
  labels: Int32Array,
  classes: number,
  { fraction, seed }: HoldOut
): { readonly kept: number[]; readonly heldOut: number[] } {
  const random = createRandom(seed, 'hold-out')
  const drawn = new Set<number>()
  for (let label = 0; label < classes; label++) {
    const rows = Int32Array.from(labels.keys()).filter((row) => labels[row] === label)
    const share = Math.min(rows.length - 1, Math.max(1, Math.round(rows.length * fraction)))
    random.shuffle(rows)
    for (const row of rows.subarray(0, Math.max(0, share))) drawn.add(row)
  }
  const all = [...labels.keys()]
  return {
    kept: all.filter((row) => !drawn.has(row)),
    heldOut: all.filter((row) => drawn.has(row))
  }
}

function countsOf(rows: readonly number[], labels: Int32Array, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0)
  for (const row of rows) counts[labels[row]!]!++
  return counts
}

/** Writes the parts unless they are there; the folder takes its name when it is whole. */
async function writeParts(
  folder: string,
  dataset: Dataset,
  labels: Int32Array,
  parts: Readonly<Record<'train' | 'test', readonly number[]>>
): Promise<void> {
  if (await exists(folder)) return
  const partial = `${folder}.${process.pid}.partial`
  try {
    await mkdir(partial, { recursive: true })
    for (const [name, rows] of Object.entries(parts)) {
      const pixels = await readRowsAt(dataset, 'train', rows)
      const own = Int32Array.from(rows, (row) => labels[row]!)
      await writeFile(join(partial, `${name}.pixels`), bytesOf(pixels))
      await writeFile(join(partial, `${name}.labels`), bytesOf(own))
    }
    await rename(partial, folder).catch(async (thrown: unknown) => {
      // another process was first; its files have the same content
      if (!(await exists(folder))) throw thrown
    })
  } finally {
    await rm(partial, { recursive: true, force: true })
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false
  )
}

function bytesOf(values: {
  buffer: ArrayBufferLike
  byteOffset: number
  byteLength: number
}): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}
