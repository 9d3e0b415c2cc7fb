import { compareNames } from '../../dataset/names'
import type { Archive, Files, PictureFile } from '../files'
import type { PlannedSource } from '../format'
import type { FolderPlace, Place } from '../place'
import { filePlace } from '../look'
import { sniff } from '../sniff'
import { roleOf } from './folder'

/** The files in a folder or in archives, seen alike. */
export interface Tree {
  readonly path: string
  /** with / between names */
  readonly files: readonly string[]
  /** the files by what their folders say: without the name of the archive, and what all have in common */
  below(file: string): string
  /** the order of the files is that of the images */
  readonly isOrdered?: boolean
  /** what was left out, in sentences */
  readonly notes: readonly string[]
  /** whether a file that does not end like one is a picture by its content */
  isPicture(file: string): Promise<boolean>
  /** the beginning of a file in an archive */
  readonly read?: (file: string, most: number) => Promise<Uint8Array>
  /** where a file lies that is to be read like any other */
  pathOf(file: string): Promise<string>
  pictures(files: readonly string[]): Promise<readonly PictureFile[]>
  sources(files: readonly string[]): PlannedSource[]
}

const ARCHIVE_NAME = /\.(tar|tar\.gz|tgz|zip)$/i
/** Parts of archives that are no data. */
const SKIPPED = /(^|\/)(\.[^/]|__MACOSX\/|@eaDir\/)/

export const isData = (file: string): boolean => !SKIPPED.test(file)

/** What lies at a place; undefined where it is neither a folder nor an archive. */
export async function treeAt(place: Place, files: Files): Promise<Tree | undefined> {
  if (place.kind === 'word') return undefined
  if (place.kind === 'folder') return shardsIn(place, files)
  if (place.outer !== 'zip' && place.inner !== 'tar') return undefined
  return archives(place.path, [{ name: '', path: place.path, archive: await files.archive(place) }])
}

/** A folder of nothing but archives beside a few others: WebDataset's shards. */
async function shardsIn(place: FolderPlace, files: Files): Promise<Tree> {
  const tars = place.files
    .filter(({ name }) => ARCHIVE_NAME.test(name) && !/\.zip$/i.test(name))
    .sort((a, b) => compareNames(a.name, b.name))
  if (tars.length === 0 || place.folders.length > 0) return folder(place.path, files)
  const shards: Shard[] = []
  for (const { name, path } of tars) {
    shards.push({ name, path, archive: await files.archive(await filePlace(path, files)) })
  }
  return archives(place.path, shards)
}

async function folder(path: string, files: Files): Promise<Tree> {
  const { files: all, again } = await files.walk(path)
  const notes =
    again > 0
      ? [`Links to files or folders that had been read already were left out: ${again}.`]
      : []
  return {
    path,
    files: all,
    notes,
    below: (file) => file,
    isPicture: async (file) => sniff(await files.head(path, file)) === 'image',
    pathOf: (file) => Promise.resolve(`${path}/${file}`),
    pictures: (some) =>
      Promise.resolve(some.map((file) => ({ name: file, path: `${path}/${file}` }))),
    sources: (some) => [{ path, files: [...some].sort() }]
  }
}

/** Files that were named one by one, by the folder that all lie in. */
export function listedTree(paths: readonly string[]): Tree {
  const isWindows = paths.every((path) => /^([a-z]:)?\\/i.test(path))
  const plain = isWindows ? paths.map((path) => path.replaceAll('\\', '/')) : paths
  const common = commonFolder(plain)
  return {
    path: common === '/' ? common : common.slice(0, -1),
    files: plain.map((path) => path.slice(common.length)),
    isOrdered: true,
    notes: [],
    below: (file) => file,
    isPicture: () => Promise.resolve(true),
    pathOf: (file) => Promise.resolve(common + file),
    pictures: (some) => Promise.resolve(some.map((name) => ({ name, path: common + name }))),
    sources: (some) => [{ path: common, files: [...some].sort() }]
  }
}

interface Shard {
  /** '' for an archive that was opened by itself */
  readonly name: string
  readonly path: string
  readonly archive: Archive
}

function archives(path: string, shards: readonly Shard[]): Tree {
  const owners = new Map<string, readonly [shard: Shard, inside: string]>()
  for (const shard of shards) {
    for (const inside of shard.archive.files) {
      if (!isData(inside)) continue
      owners.set(shard.name === '' ? inside : `${shard.name}/${inside}`, [shard, inside])
    }
  }
  const common = commonFolder([...owners.values()].map(([, inside]) => inside))
  const special = shards.reduce((sum, { archive }) => sum + archive.special, 0)
  const byRole = shards.length > 1 && shards.every(({ name }) => roleOf(name) !== undefined)
  return {
    path,
    files: [...owners.keys()],
    notes:
      special > 0 ? [`Links, pipes and devices in the archive were left out: ${special}.`] : [],
    below(file) {
      const [{ name }, inside] = owners.get(file)!
      return (byRole ? `${name}/` : '') + inside.slice(common.length)
    },
    isPicture: () => Promise.resolve(false),
    read(file, most) {
      const [{ archive }, inside] = owners.get(file)!
      return archive.read(inside, most)
    },
    pathOf(file) {
      const [{ archive }, inside] = owners.get(file)!
      return archive.extract(inside)
    },
    async pictures(files) {
      const places = new Map<string, PictureFile>()
      for (const shard of shards) {
        const own = files.filter((file) => owners.get(file)![0] === shard)
        const pictures = await shard.archive.pictures(own.map((file) => owners.get(file)![1]))
        own.forEach((file, at) => places.set(file, { ...pictures[at]!, name: file }))
      }
      return files.map((file) => places.get(file)!)
    },
    sources: () => shards.map((shard) => ({ path: shard.path }))
  }
}

/** The folders that all files lie in, with the / at the end. */
export function commonFolder(files: readonly string[]): string {
  const [first = ''] = files
  let common = first.slice(0, first.lastIndexOf('/') + 1)
  for (const file of files) {
    while (!file.startsWith(common)) {
      common = common.slice(0, common.lastIndexOf('/', common.length - 2) + 1)
    }
  }
  return common
}
