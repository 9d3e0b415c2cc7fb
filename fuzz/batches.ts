import { gzip, tar } from '../tests/core/format/build'
import { filesOf } from '../tests/main/data/samples'
import type { Sample } from '../tests/main/data/samples'

/** As it is given to people: one archive of the folder with the batches. */
function archive(name: string, folder: string, set: string): Sample {
  const members = Object.entries(filesOf(set)).map(([file, bytes]) => [`${folder}/${file}`, bytes])
  const packed = tar(Object.fromEntries(members) as Record<string, Uint8Array>)
  const bytes = name.endsWith('.gz') ? gzip(packed) : packed
  return { path: name, files: { [name]: bytes } }
}

/** CIFAR's batches in archives; not gzipped ones too, for damage to reach what is in them. */
export const BATCH_SEEDS: Readonly<Record<string, Sample>> = {
  'cifar-10-python.tar.gz': archive(
    'cifar-10-python.tar.gz',
    'cifar-10-batches-py',
    'CIFAR-10 for Python'
  ),
  'CIFAR-10 for Python in tar': archive('a.tar', 'cifar-10-batches-py', 'CIFAR-10 for Python'),
  'cifar-10-binary.tar.gz': archive(
    'cifar-10-binary.tar.gz',
    'cifar-10-batches-bin',
    'CIFAR-10 binary'
  ),
  'CIFAR-100 for Python in tar': archive('a.tar', 'cifar-100-python', 'CIFAR-100 for Python')
}
