import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { idx, npy } from '../../tests/core/format/build'
import { SAMPLES } from '../../tests/main/data/samples'
import { openDataset } from '../../src/main/data/open'
import { within } from '../../src/main/disk/allowed'
import { readRows } from '../../src/main/data/rows'
import type { FileSet, Place, Subject } from '../subject'

const words = (text: string): Uint8Array => Buffer.from(text)
const arrays = SAMPLES.npz!.files['a.npz']!
const table = SAMPLES.csv!.files['train.csv']!
const two = npy('|u1', [2, 3, 2], new Uint8Array(12))

/** Through a store of its own; nothing outside of the folder is opened, whatever is named. */
async function opened(
  { folder, signal }: Place,
  paths: readonly string[],
  labels?: string
): Promise<string> {
  const store = { folder: `${folder}-store` }
  try {
    const dataset = await openDataset(paths, {
      ...{ store, signal, checkPath: within([folder]) },
      ...(labels !== undefined && { labelsPath: join(folder, labels) })
    })
    await readRows(dataset, 'train', 0, dataset.splits.train.count)
    return `several ${dataset.format}`
  } finally {
    rmSync(store.folder, { recursive: true, force: true })
  }
}

const several = (files: FileSet): Subject => ({
  files: () => files,
  read: (place) =>
    opened(
      place,
      Object.keys(files).map((name) => join(place.folder, name))
    )
})

const labelled = (name: string, labels: Uint8Array): Subject => ({
  files: () => ({ [name]: labels, 'x.npy': two }),
  read: (place) => opened(place, [join(place.folder, 'x.npy')], name)
})

/** Several paths, a list, a pattern, and labels in a file of their own. */
export const SEVERAL: Readonly<Record<string, Subject>> = {
  'several NPZ': several({ 'a.npz': arrays, 'b.npz': arrays, 'c.npz': arrays }),
  'several CSV': several({ 'a.csv': table, 'b.csv': table }),
  'several IDX': several({
    'a-images-idx3-ubyte': idx(0x08, [2, 3, 2], new Uint8Array(12)),
    'b-images-idx3-ubyte': idx(0x08, [1, 3, 2], new Uint8Array(6))
  }),
  list: {
    files: () => ({ 'list.txt': words('a.npz\nb.npz\n\n./c.npz\n') }),
    read(place) {
      return opened(place, [`@${join(place.folder, 'list.txt')}`])
    }
  },
  'list of files that are there': {
    files: () => ({
      'list.txt': words('\ufeffa.npz\r\nb.npz\r\n'),
      'a.npz': arrays,
      'b.npz': arrays
    }),
    read: (place) => opened(place, [`@${join(place.folder, 'list.txt')}`])
  },
  pattern: {
    files: () => ({
      pattern: words('s*/**/[a-b]?{1,2}.npz'),
      's/part/a-1.npz': arrays,
      's/b-2.npz': arrays
    }),
    read(place) {
      const pattern = readFileSync(join(place.folder, 'pattern'), 'utf8')
      return opened(place, [`${place.folder}/${pattern}`])
    }
  },
  'labels in CSV': labelled('y.csv', words('label\nhat\nshoe\n')),
  'labels in JSON': labelled('y.json', words('{"labels": ["hat", "shoe"]}')),
  'labels in NPY': labelled('y.npy', npy('>i2', [2, 1], Uint8Array.of(0, 1, 0, 2))),
  'labels in IDX': labelled('y-idx1-ubyte', idx(0x08, [2], Uint8Array.of(1, 0)))
}
