import { readdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { NormscopeError } from '../../core/error'
import { openCsvSplit } from '../../core/format/csv/csv'
import { compareNames } from '../../core/dataset/names'
import type { OpenedSplit } from '../../core/format/opened'
import { baseName } from '../../core/format/source'
import { refuseStandIn } from '../../core/format/stand-in'
import { onFile } from './files'
import { ambiguous, emptyFolder, noImages, unknownFormat } from './find-errors'
import { idxFilePlan, idxFolderPlan, nestedIdx } from './find-idx'
import { findImages, imageFolderPlan } from './find-images'
import { npyPlan, npzPlan } from './find-numpy'
import { kindOf, readLabelsFile } from './labels-file'
import type { Opener } from './opener'
import { nameOf, sourcesOf } from './plan'
import type { DatasetPlan, PlannedSplit } from './plan'
import { nodeTools } from './tools'

/**
 * Finds out what lies at a path and how to read it. Throws NormscopeError 'missing-file',
 * 'unreadable', 'unknown-format', 'empty-folder', 'no-images', 'ambiguous-folder' and those of the readers.
 */
export async function findDataset(
  path: string,
  labelsPath: string | undefined,
  opener: Opener
): Promise<DatasetPlan> {
  const facts = await onFile(path, () => stat(path))
  return facts.isDirectory()
    ? findInFolder(path, labelsPath, opener)
    : findInFile(path, labelsPath, opener)
}

async function findInFile(
  path: string,
  labelsPath: string | undefined,
  opener: Opener
): Promise<DatasetPlan> {
  const source = await opener.open(path)
  const { outer, inner, head } = await kindOf(source)
  refuseStandIn(path, head)
  if (
    inner === 'idx' ||
    (inner !== 'zip' && inner !== 'npy' && /idx\d|ubyte/i.test(baseName(path)))
  ) {
    return idxFilePlan(source, labelsPath, opener)
  }
  if (inner === 'text') return csvPlan(path, labelsPath, opener)
  if (outer === 'zip') return npzPlan(source, labelsPath, opener)
  if (inner === 'npy') return npyPlan(source, labelsPath, opener)
  throw unknownFormat(path, outer, inner)
}

// ---- CSV ----------------------------------------------------------------------------------

const TRAIN_CSV = /^(.*?)train(\.[ct]sv(?:\.gz)?)$/i

/** A file named …train.csv brings the …test.csv beside it. */
async function csvPlan(
  path: string,
  labelsPath: string | undefined,
  opener: Opener
): Promise<DatasetPlan> {
  const match = TRAIN_CSV.exec(baseName(path))
  const names = match === null ? [] : await readdir(dirname(path)).catch(() => [])
  const wanted = match && `${match[1]}test${match[2]}`.toLowerCase()
  const beside = names.find((name) => name.toLowerCase() === wanted)
  const warnings: string[] = []
  let test = beside === undefined ? undefined : join(dirname(path), beside)
  if (test !== undefined && !(await hasImages(test, opener))) {
    warnings.push(`${beside} does not hold one image a row and was left out.`)
    test = undefined
  }
  return {
    name: nameOf(path),
    format: 'csv',
    sources: sourcesOf([path, labelsPath, test]),
    recipe: `csv ${labelsPath === undefined ? '' : 'labels apart'}`,
    train: csvSplit(path, labelsPath, opener),
    test: test === undefined ? undefined : csvSplit(test, undefined, opener),
    warnings,
    close: () => opener.closeAll()
  }
}

/** A test.csv may also hold an answer for each image instead of its pixels. */
async function hasImages(path: string, opener: Opener): Promise<boolean> {
  try {
    const opened = await openCsvSplit(
      await opener.open(path),
      undefined,
      nodeTools,
      () => undefined
    )
    const chunks = opened.chunks()[Symbol.asyncIterator]()
    // only a generator that has begun lets go of what it reads when it is left
    await chunks.next()
    await chunks.return?.()
    return true
  } catch (thrown) {
    const code = thrown instanceof NormscopeError ? thrown.facts.code : ''
    if (code === 'not-images' || code === 'not-square') return false
    throw thrown
  }
}

function csvSplit(path: string, labels: string | undefined, opener: Opener): PlannedSplit {
  return {
    path,
    open: async (warn): Promise<OpenedSplit> =>
      openCsvSplit(
        await opener.open(path),
        labels === undefined ? undefined : (images) => readLabelsFile(labels, opener, warn, images),
        nodeTools,
        warn
      )
  }
}

// ---- folders ------------------------------------------------------------------------------

async function findInFolder(
  folder: string,
  labelsPath: string | undefined,
  opener: Opener
): Promise<DatasetPlan> {
  const entries = await onFile(folder, () => readdir(folder, { withFileTypes: true }))
  const seen = entries.filter((entry) => !entry.name.startsWith('.'))
  if (seen.length === 0) throw emptyFolder(folder)
  const folders = seen.filter((entry) => !entry.isFile()).map((entry) => entry.name)
  const names = seen
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => entry.name)
  const nested = await nestedIdx(folder, folders)
  const idx = await idxFolderPlan(folder, [...names, ...nested], labelsPath, opener)
  if (idx !== undefined) {
    const others = folders.filter((name) => !nested.some((file) => file.startsWith(`${name}/`)))
    return alsoImages(idx, folder, others)
  }
  const arrays = names.filter((name) => /\.npz$/i.test(name))
  const tables = names.filter((name) => /\.[ct]sv(\.gz)?$/i.test(name)).sort(compareNames)
  const images = await findImages(folder, opener)
  const ofImages =
    images.planned && imageFolderPlan(folder, images.planned, nameOf(folder), labelsPath, opener)
  if (ofImages !== undefined && images.classed) return ofImages
  if (arrays.length === 1) return findInFile(join(folder, arrays[0]!), labelsPath, opener)
  if (arrays.length > 1) throw ambiguous(folder, arrays)
  const training = tables.filter((name) => TRAIN_CSV.test(name))
  if (training.length === 1) return csvPlan(join(folder, training[0]!), labelsPath, opener)
  if (tables.length === 1) return csvPlan(join(folder, tables[0]!), labelsPath, opener)
  if (tables.length > 1) throw ambiguous(folder, tables)
  // torchvision keeps the usual four files in a folder named raw
  if (folders.includes('raw')) return findInFolder(join(folder, 'raw'), labelsPath, opener)
  if (ofImages !== undefined) return ofImages
  throw noImages(folder, seen.length)
}

/** A folder with both is read as IDX, which is complete and quicker; the images can be opened by themselves. */
async function alsoImages(
  plan: DatasetPlan,
  folder: string,
  folders: readonly string[]
): Promise<DatasetPlan> {
  const withFiles: string[] = []
  for (const name of folders) {
    const inside = await readdir(join(folder, name)).catch(() => [])
    if (inside.length > 0) withFiles.push(name)
  }
  if (withFiles.length === 0) return plan
  const said = `The IDX files were read; the folders beside them (${withFiles.slice(0, 4).join(', ')}) were not. Open one of those to read its images.`
  return { ...plan, warnings: [...plan.warnings, said] }
}
