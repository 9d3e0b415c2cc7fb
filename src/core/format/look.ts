import { emptyFolder } from './errors'
import { filesIn, foldersIn } from './files'
import type { Files } from './files'
import type { Format } from './format'
import type { FilePlace, FolderPlace, Place } from './place'
import { sniff, SNIFF_LENGTH } from './sniff'
import { ByteReader } from './source'
import type { ByteSource } from './source'
import { refuseStandIn } from './stand-in'

/** What lies at a path. Throws NormscopeError as `filePlace` and `folderPlace`. */
export async function placeAt(
  path: string,
  files: Files,
  formats: readonly Format[]
): Promise<Place> {
  if (formats.some(({ word }) => word === path)) return { kind: 'word', path }
  return (await files.kindOf(path)) === 'folder' ? folderPlace(path, files) : filePlace(path, files)
}

/** Throws NormscopeError 'web-page' or 'lfs-pointer' and those of opening it. */
export async function filePlace(path: string, files: Files): Promise<FilePlace> {
  const source = await files.open(path)
  const bytes = await source.read(0, SNIFF_LENGTH)
  const outer = sniff(bytes)
  const head = outer === 'gzip' ? await headInside(source, files) : bytes
  refuseStandIn(path, head)
  return { kind: 'file', path, source, outer, inner: sniff(head), head }
}

async function headInside(source: ByteSource, files: Files): Promise<Uint8Array> {
  const reader = new ByteReader(files.gunzip(source, { head: true }))
  try {
    return await reader.peek(SNIFF_LENGTH)
  } finally {
    await reader.close()
  }
}

/** Throws NormscopeError 'empty-folder'. */
export async function folderPlace(path: string, files: Files): Promise<FolderPlace> {
  const entries = (await files.list(path)).filter(({ name }) => !name.startsWith('.'))
  if (entries.length === 0) throw emptyFolder(path)
  return { kind: 'folder', path, files: filesIn(entries), folders: foldersIn(entries) }
}
