import { gunzipSync } from 'node:zlib'
import { bigEndian, greyPng, gzip, idx, npy, zip } from '../../core/format/build'
import written from '../../reference/containers.json'
import arrays from '../../reference/hdf5.json'

const bytes = (count: number): Uint8Array => Uint8Array.from({ length: count }, (_, at) => at % 251)
const labels = npy('|u1', [4], Uint8Array.of(0, 1, 2, 1))
const floats = npy('>f4', [4, 2, 3], bigEndian([...Array<number>(24).keys()], 4, 'setFloat32'))
const fortran = npy('<u2', [4, 3, 2, 2], bytes(96), true)
const idxImages = idx(0x08, [4, 3, 2], bytes(24))
const idxLabels = idx(0x08, [4], Uint8Array.of(0, 1, 2, 1))
const rows = [...bytes(4)].map((row) => `${row % 3},${[...bytes(9)].map((x) => x + row).join(',')}`)
const table = Buffer.from(`label,${'p,'.repeat(8)}p\n${rows.join('\n')}\n`)

/** The files of a set of reference/containers.py or hdf5.py. */
export function filesOf(name: string): Readonly<Record<string, Uint8Array>> {
  const set = [...written, ...arrays.sets].find((each) => each.name === name)
  if (set === undefined) throw new Error(`reference/containers.json has no ${name}`)
  return Object.fromEntries(
    Object.entries<string | undefined>(set.files).flatMap(([file, packed]) =>
      packed === undefined
        ? []
        : [[file, new Uint8Array(gunzipSync(Buffer.from(packed, 'base64')))]]
    )
  )
}

/** The one file of such a set. */
const fileOf = (name: string): Uint8Array => Object.values(filesOf(name))[0]!

export interface Sample {
  /** what is opened, in the folder of the files */
  readonly path: string
  readonly files: Readonly<Record<string, Uint8Array>>
}

/** A small data set in every way that one may be packed. */
export const SAMPLES: Readonly<Record<string, Sample>> = {
  idx: {
    path: '',
    files: { 'train-images-idx3-ubyte': idxImages, 'train-labels-idx1-ubyte': idxLabels }
  },
  'idx.gz': {
    path: 'a-images-idx3-ubyte.gz',
    files: {
      'a-images-idx3-ubyte.gz': gzip(
        idx(0x0e, [4, 3, 2], bigEndian([...Array<number>(24).keys()], 8, 'setFloat64'))
      ),
      'a-labels-idx1-ubyte.gz': gzip(idxLabels)
    }
  },
  'idx of two types': {
    path: '',
    files: {
      'train-images-idx3-ubyte': idxImages,
      'train-labels-idx1-ubyte': idxLabels,
      't10k-images-idx3-ubyte': idx(0x0b, [4, 3, 2], bytes(48)),
      't10k-labels-idx1-ubyte': idxLabels
    }
  },
  npy: {
    path: 'x_a.npy',
    files: { 'x_a.npy': npy('<f4', [4, 2, 1], new Uint8Array(32)), 'y_a.npy': labels }
  },
  'npy.gz': {
    path: 'x_a.npy.gz',
    files: { 'x_a.npy.gz': gzip(floats), 'y_a.npy.gz': gzip(labels) }
  },
  'npy in Fortran order': { path: 'x_a.npy', files: { 'x_a.npy': fortran, 'y_a.npy': labels } },
  npz: { path: 'a.npz', files: { 'a.npz': zip({ 'x.npy': floats, 'y.npy': labels }) } },
  'npz, deflated': {
    path: 'a.npz',
    files: {
      'a.npz': zip(
        {
          'x_train.npy': fortran,
          'y_train.npy': labels,
          'x_test.npy': fortran,
          'y_test.npy': labels
        },
        { deflate: true }
      )
    }
  },
  hdf5: { path: 'a.h5', files: { 'a.h5': fileOf('groups train and test') } },
  'hdf5, packed': { path: 'a.h5', files: { 'a.h5': fileOf('gzip, shuffle and fletcher32') } },
  'hdf5, the newest version': {
    path: 'a.h5',
    files: { 'a.h5': fileOf('the newest version of the format') }
  },
  'hdf5 with texts': { path: 'a.h5', files: { 'a.h5': fileOf('texts of any length') } },
  csv: { path: 'train.csv', files: { 'train.csv': table, 'test.csv': table } },
  'csv.gz': { path: 'a.csv.gz', files: { 'a.csv.gz': gzip(table) } },
  'csv in UTF-16': {
    path: 'a.csv',
    files: { 'a.csv': Buffer.from(`\ufeff${table.toString().replaceAll(',', ';')}`, 'utf16le') }
  },
  'binary CIFAR': {
    path: 'data_batch_1.bin',
    files: { 'data_batch_1.bin': Buffer.concat(Array<Uint8Array>(4).fill(bytes(3073))) }
  },
  pickle: {
    path: 'a.pkl',
    files: {
      'a.pkl': Buffer.from(
        '\x80\x02}(X\x01\x00\x00\x00xcnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85C\x01b\x87R(K\x01K\x04K\x03K\x02\x87cnumpy\ndtype\nU\x02u1\x85R(K\x03U\x01|NNNtb\x89C\x18abcdefghijklmnopqrstuvwxtbX\x01\x00\x00\x00y](K\x00K\x01K\x02K\x01eu.',
        'latin1'
      )
    }
  },
  safetensors: {
    path: 'a.safetensors',
    files: {
      'a.safetensors': Buffer.concat([
        Buffer.from([0x8a, 0, 0, 0, 0, 0, 0, 0]),
        Buffer.from(
          '{"x":{"dtype":"U8","shape":[4,3,2],"data_offsets":[0,24]},"y":{"dtype":"U8","shape":[4],"data_offsets":[24,28]}}'.padEnd(
            0x8a
          )
        ),
        bytes(24),
        Uint8Array.of(0, 1, 2, 1)
      ])
    }
  },
  tfrecord: {
    path: 'a.tfrecord',
    files: { 'a.tfrecord': fileOf('TFRecord of integers for four images') }
  },
  parquet: {
    path: 'a.parquet',
    files: { 'a.parquet': fileOf('Parquet with columns for four images') }
  },
  'folder of images': {
    path: '',
    files: { 'a/1.png': greyPng([1, 2]), 'a/2.png': greyPng([3, 4]), 'b/1.png': greyPng([5, 6]) }
  }
}
