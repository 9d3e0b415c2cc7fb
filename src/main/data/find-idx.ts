import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { SplitName } from '../../core/dataset/dataset'
import { openIdxSplit } from '../../core/format/idx/idx'
import { idxFolder, isIdxName, labelsFor } from '../../core/format/idx/names'
import { baseName } from '../../core/format/source'
import type { FileSource } from './files'
import { ambiguous } from './find-errors'
import { readLabelsFile } from './labels-file'
import type { Opener } from './opener'
import { nameOf, sourcesOf } from './plan'
import type { DatasetPlan, PlannedSplit } from './plan'
import { nodeTools } from './tools'

/** Paths of images and labels. */
type Pair = [images: string, labels: string | undefined]

/**
 * IDX files that lie in folders named as they are, relative to `folder`: Kaggle unpacks
 * train-images-idx3-ubyte.gz to train-images-idx3-ubyte/train-images-idx3-ubyte.
 */
export async function nestedIdx(folder: string, folders: readonly string[]): Promise<string[]> {
  const found: string[] = []
  for (const name of folders.filter(isIdxName)) {
    const inside = await readdir(join(folder, name), { withFileTypes: true }).catch(() => [])
    for (const entry of inside) {
      if (!entry.isDirectory() && isIdxName(entry.name)) found.push(`${name}/${entry.name}`)
    }
  }
  return found
}

/** The labels file of an images file: in its folder, in a folder there, or next door. */
async function labelsBeside(images: string): Promise<string | undefined> {
  const own = dirname(images)
  const around = isIdxName(baseName(own)) ? [own, dirname(own)] : [own]
  for (const folder of around) {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
    const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
    const files = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name)
    const names = [...files, ...(await nestedIdx(folder, folders))]
    const found = labelsFor(baseName(images), names)
    if (found !== undefined) return join(folder, found)
  }
  return undefined
}

/** One IDX file, its labels found by name. */
export async function idxFilePlan(
  source: FileSource,
  labelsPath: string | undefined,
  opener: Opener
): Promise<DatasetPlan> {
  const labels = labelsPath ?? (await labelsBeside(source.name))
  return {
    name: nameOf(source.name),
    format: 'idx',
    sources: sourcesOf([source.name, labels]),
    recipe: 'idx',
    train: idxSplit(source.name, labels, opener),
    warnings: [],
    close: () => opener.closeAll()
  }
}

function idxSplit(images: string, labels: string | undefined, opener: Opener): PlannedSplit {
  return {
    path: images,
    open: async (warn) =>
      openIdxSplit(
        await opener.open(images),
        labels === undefined ? undefined : (images) => readLabelsFile(labels, opener, warn, images),
        nodeTools,
        warn
      )
  }
}

/** The usual four files of a folder, or some of them. Throws NormscopeError 'ambiguous-folder'. */
export async function idxFolderPlan(
  folder: string,
  names: readonly string[],
  labelsPath: string | undefined,
  opener: Opener
): Promise<DatasetPlan | undefined> {
  const { splits, prefixes } = idxFolder(names)
  if (prefixes.length === 0) return undefined
  if (prefixes.length > 1)
    throw ambiguous(
      folder,
      prefixes.map((prefix) => `${prefix}…`)
    )
  const warnings: string[] = []
  const pair = async (split: SplitName): Promise<Pair | undefined> => {
    const found = splits[split]
    if (found === undefined) return undefined
    const images = join(folder, found.images)
    if (found.labels === undefined) return [images, await labelsBeside(images)]
    return [images, join(folder, found.labels)]
  }
  const test = await pair('test')
  const train = (await pair('train')) ?? test!
  if (train === test)
    warnings.push('There are no training images; the test images are used as the training split.')
  if (labelsPath !== undefined) train[1] = labelsPath
  const second = train === test ? undefined : test
  return {
    name: nameOf(folder),
    format: 'idx',
    sources: sourcesOf([...train, ...(second ?? [])]),
    recipe: 'idx',
    train: idxSplit(...train, opener),
    test: second && idxSplit(...second, opener),
    warnings,
    close: () => opener.closeAll()
  }
}
