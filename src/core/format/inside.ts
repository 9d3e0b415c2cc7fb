import type { Archive, Entry, Files, ScopedFiles } from './files'
import { commonFolder, isData } from './image-folder/tree'
import type { FilePlace, FolderPlace } from './place'

/** An archive seen as the folder that it was made of. */
export interface InsidePlace {
  readonly place: FolderPlace
  readonly files: Files
}

export function isArchive({ outer, inner }: FilePlace): boolean {
  return outer === 'zip' || inner === 'tar'
}

/** What an archive holds, as a folder; undefined where that is arrays of NumPy or nothing. */
export async function folderInside(
  place: FilePlace,
  files: Files
): Promise<InsidePlace | undefined> {
  const archive = await files.archive(place)
  const names = archive.files.filter(isData)
  if (names.length === 0 || (place.outer === 'zip' && names.some((name) => /\.npy$/i.test(name)))) {
    return undefined
  }
  const inside = filesInside(place.path, archive, names, files)
  const path = `${place.path}/${commonFolder(names)}`.replace(/\/$/, '')
  const entries = await inside.list(path)
  const of = (kind: Entry['kind']): Entry[] => entries.filter((entry) => entry.kind === kind)
  return {
    place: { kind: 'folder', path, files: of('file'), folders: of('folder') },
    files: inside
  }
}

/** The files of an archive under its own path, each unpacked when it is opened; all others as they are. */
function filesInside(
  path: string,
  archive: Archive,
  names: readonly string[],
  files: Files
): Files {
  const known = new Set(names)
  const unpacked = new Map<string, Promise<string>>()
  const nameIn = (at: string): string | undefined =>
    at === path ? '' : at.startsWith(`${path}/`) ? at.slice(path.length + 1) : undefined
  const list = (folder: string): readonly Entry[] => {
    const before = folder === '' ? '' : `${folder}/`
    const below = names.flatMap((name) =>
      name.startsWith(before) ? [name.slice(before.length).split('/')] : []
    )
    const kinds = new Map(
      below.map(([name = '', ...more]) => [name, more.length > 0 ? 'folder' : 'file'] as const)
    )
    return [...kinds].map(([name, kind]) => ({ name, path: `${path}/${before}${name}`, kind }))
  }
  const copyOf = (name: string): Promise<string> => {
    const copy = unpacked.get(name) ?? archive.extract(name)
    unpacked.set(name, copy)
    return copy
  }
  return {
    ...files,
    async kindOf(at) {
      const name = nameIn(at)
      if (name === undefined) return files.kindOf(at)
      return known.has(name) ? 'file' : 'folder'
    },
    async open(at) {
      const name = nameIn(at)
      if (name === undefined || !known.has(name)) return files.open(at)
      return { ...(await files.open(await copyOf(name))), name: at }
    },
    async hdf5(at) {
      const name = nameIn(at)
      return files.hdf5(name === undefined ? at : await copyOf(name))
    },
    async list(folder) {
      const name = nameIn(folder)
      return name === undefined ? files.list(folder) : list(name)
    },
    async beside(at) {
      const name = nameIn(at)
      return name === undefined || name === ''
        ? files.beside(at)
        : list(name.replace(/\/?[^/]*$/, ''))
    },
    async walk(folder) {
      const before = nameIn(`${folder}/`)
      if (before === undefined) return files.walk(folder)
      const below = names.filter((name) => name.startsWith(before))
      return { files: below.map((name) => name.slice(before.length)), again: 0 }
    },
    async head(folder, file) {
      const name = nameIn(`${folder}/${file}`)
      return name === undefined ? files.head(folder, file) : archive.read(name, HEAD)
    },
    scope(): ScopedFiles {
      const scope = files.scope()
      return { ...filesInside(path, archive, names, scope), close: () => scope.close() }
    }
  }
}

/** Bytes that tell what a file is. */
const HEAD = 132
