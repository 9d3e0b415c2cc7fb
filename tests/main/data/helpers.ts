import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { errorFacts } from '../../../src/core/error'
import type { ErrorFacts } from '../../../src/core/error'
import type { Dataset, SplitName } from '../../../src/core/dataset/dataset'
import { openDataset } from '../../../src/main/data/open'
import type { OpenOptions } from '../../../src/main/data/open'
import { readLabels } from '../../../src/main/data/labels'
import { readRows, splitOf } from '../../../src/main/data/rows'
import { SCRATCH } from '../../scratch'

/** A new folder, taken away when the file's tests have run. */
export function scratch(): string {
  mkdirSync(SCRATCH, { recursive: true })
  return mkdtempSync(join(SCRATCH, 'normscope-data-'))
}

/** Writes files into a new folder and gives its path. */
export function folderOf(files: Readonly<Record<string, Uint8Array | string>>): string {
  const folder = scratch()
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  return folder
}

export const store = { folder: scratch() }

export const open = (
  path: string | readonly string[],
  options: OpenOptions = {}
): Promise<Dataset> => openDataset(path, { store, ...options })

export async function contentOf(dataset: Dataset, split: SplitName = 'train') {
  const pixels = await readRows(dataset, split, 0, splitOf(dataset, split).count)
  const labels = await readLabels(dataset, split)
  return { pixels: [...pixels], labels: [...labels] }
}

export async function factsOf(work: () => Promise<unknown>): Promise<ErrorFacts> {
  try {
    await work()
  } catch (thrown) {
    return errorFacts(thrown)
  }
  return { code: 'none', message: 'nothing was thrown' }
}
