import { compareNames } from '../dataset/names'
import type { SplitName } from '../dataset/dataset'
import type { Entry } from './files'

/** The files of CIFAR-10 or CIFAR-100 in one folder. */
export interface CifarFiles {
  readonly splits: Readonly<Record<SplitName, readonly Entry[]>>
  /** names of the classes */
  readonly names?: Entry
}

const BATCH = /^(?:(data_batch_\d+|train)|(test_batch|test))(\.bin)?$/i
const NAMES: Readonly<Record<'binary' | 'pickled', RegExp>> = {
  binary: /^(batches\.meta|fine_label_names)\.txt$/i,
  pickled: /^(batches\.meta|meta)$/i
}

/** By the names in use since 2009: data_batch_1 to 5 and test_batch, or train and test. */
export function cifarFiles(files: readonly Entry[], kind: 'binary' | 'pickled'): CifarFiles {
  const splits: Record<SplitName, Entry[]> = { train: [], test: [] }
  for (const file of [...files].sort((a, b) => compareNames(a.name, b.name))) {
    const [, train, test, binary] = BATCH.exec(file.name) ?? []
    if ((binary === undefined) === (kind === 'binary')) continue
    if (train !== undefined) splits.train.push(file)
    else if (test !== undefined) splits.test.push(file)
  }
  return { splits, names: files.find(({ name }) => NAMES[kind].test(name)) }
}
