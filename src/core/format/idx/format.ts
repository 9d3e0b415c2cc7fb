import { ambiguous } from '../errors'
import { filesIn, foldersIn } from '../files'
import type { Entry, Files } from '../files'
import { labelsFrom, nameOf, NO_TRAINING, RANK, sourcesOf } from '../format'
import type { Format, Plan, PlannedSplit, Recognised } from '../format'
import { labelsFor } from '../labels-beside'
import type { FolderPlace } from '../place'
import { baseName } from '../source'
import { openIdxSplit, readIdxLabels } from './idx'
import { idxFolder, isIdxName } from './names'

interface IdxSplit extends PlannedSplit {
  readonly labels: string | undefined
}

/** One file of images, or the usual files of a folder. */
type IdxFound = { readonly file: string } | FolderFiles

interface FolderFiles {
  readonly folder: string
  /** by their names, relative to the folder */
  readonly paths: ReadonlyMap<string, string>
  /** folders beside them that hold something else */
  readonly others: readonly Entry[]
}

/** The IDX format of MNIST and its kin. */
export const IDX: Format<IdxFound, IdxSplit> = {
  id: 'idx',
  name: 'IDX',
  endings: [],
  labelling:
    'put the labels file beside the images under the usual name (images → labels, idx3 → idx1), or give it',
  labels: {
    name: 'IDX',
    recognise: ({ inner, path }) => inner === 'idx' || (inner === 'unknown' && isNamedIdx(path)),
    isAlone: ({ inner, head }) => Promise.resolve(inner === 'idx' && head[3] === 1),
    read: ({ source }, images, { files, warn }) => readIdxLabels(source, files, warn, images)
  },
  async recognise(place, files) {
    if (place.kind === 'folder') return inFolder(place, files)
    if (place.kind === 'word') return undefined
    const { path, inner } = place
    const named = inner !== 'zip' && inner !== 'npy' && isNamedIdx(path)
    return inner === 'idx' || named ? { rank: RANK.sure, found: { file: path } } : undefined
  },
  plan: (found, files, labelsPath) =>
    'file' in found
      ? filePlan(found.file, labelsPath, files)
      : folderPlan(found, labelsPath, files),
  async read({ path, labels }, reading) {
    const { files, warn } = reading
    return openIdxSplit(await files.open(path), labelsFrom(labels, reading), files, warn)
  }
}

const isNamedIdx = (path: string): boolean => /idx\d|ubyte/i.test(baseName(path))

async function inFolder(
  place: FolderPlace,
  files: Files
): Promise<Recognised<FolderFiles> | undefined> {
  const nested = await nestedFiles(place.folders, files)
  const paths = new Map([
    ...place.files.map(({ name, path }): [string, string] => [name, path]),
    ...nested
  ])
  if (idxFolder([...paths.keys()]).prefixes.length === 0) return undefined
  const unpacked = [...nested.keys()]
  const others = place.folders.filter(
    ({ name }) => !unpacked.some((file) => file.startsWith(`${name}/`))
  )
  return { rank: RANK.sure, found: { folder: place.path, paths, others } }
}

/**
 * IDX files that lie in folders named as they are, by their relative names: Kaggle unpacks
 * train-images-idx3-ubyte.gz to train-images-idx3-ubyte/train-images-idx3-ubyte.
 */
async function nestedFiles(folders: readonly Entry[], files: Files): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (const folder of folders.filter(({ name }) => isIdxName(name))) {
    const inside = await files.list(folder.path).catch(() => [])
    for (const { name, path } of filesIn(inside)) {
      if (isIdxName(name)) found.set(`${folder.name}/${name}`, path)
    }
  }
  return found
}

/** The labels file of an images file: in its folder, in a folder there, or next door. */
async function labelsBeside(images: string, files: Files): Promise<string | undefined> {
  const own = parentOf(images)
  for (const inside of isIdxName(baseName(own)) ? [images, own] : [images]) {
    const entries = await files.beside(inside)
    const paths = new Map([
      ...filesIn(entries).map(({ name, path }): [string, string] => [name, path]),
      ...(await nestedFiles(foldersIn(entries), files))
    ])
    const found = labelsFor(baseName(images), [...paths.keys()])
    if (found !== undefined) return paths.get(found)
  }
  return undefined
}

const parentOf = (path: string): string => path.replace(/[\\/]+[^\\/]*$/, '')

async function filePlan(
  images: string,
  labelsPath: string | undefined,
  files: Files
): Promise<Plan<IdxSplit>> {
  const labels = labelsPath ?? (await labelsBeside(images, files))
  return {
    name: nameOf(images),
    sources: sourcesOf([images, labels]),
    recipe: 'idx',
    train: { path: images, labels },
    warnings: []
  }
}

/** The usual four files of a folder, or some of them. Throws NormscopeError 'ambiguous-folder'. */
async function folderPlan(
  { folder, paths, others }: FolderFiles,
  labelsPath: string | undefined,
  files: Files
): Promise<Plan<IdxSplit>> {
  const { splits, prefixes } = idxFolder([...paths.keys()])
  if (prefixes.length > 1) {
    throw ambiguous(
      folder,
      prefixes.map((prefix) => `${prefix}…`)
    )
  }
  const pair = async (split: 'train' | 'test'): Promise<IdxSplit | undefined> => {
    const found = splits[split]
    if (found === undefined) return undefined
    const path = paths.get(found.images)!
    const labels = found.labels && paths.get(found.labels)
    return { path, labels: labels ?? (await labelsBeside(path, files)) }
  }
  const [training, test] = [await pair('train'), await pair('test')]
  const train = { ...(training ?? test)!, ...(labelsPath !== undefined && { labels: labelsPath }) }
  const second = training && test
  const warnings = training === undefined ? [NO_TRAINING] : []
  return {
    name: nameOf(folder),
    sources: sourcesOf([train.path, train.labels, second?.path, second?.labels]),
    recipe: 'idx',
    train,
    test: second,
    warnings: [...warnings, ...(await unreadFolders(others, files))]
  }
}

/** A folder with both is read as IDX, which is complete and quicker; the images can be opened by themselves. */
async function unreadFolders(folders: readonly Entry[], files: Files): Promise<string[]> {
  const filled: string[] = []
  for (const { name, path } of folders) {
    if ((await files.list(path).catch(() => [])).length > 0) filled.push(name)
  }
  if (filled.length === 0) return []
  return [
    `The IDX files were read; the folders beside them (${filled.slice(0, 4).join(', ')}) were not. Open one of those to read its images.`
  ]
}
