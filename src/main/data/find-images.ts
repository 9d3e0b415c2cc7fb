import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { openFolderSplit, planFolder } from '../../core/dataset/image-folder'
import type { FolderImage, FolderPlan } from '../../core/dataset/image-folder'
import { sniff } from '../../core/dataset/sniff'
import { onFile, readWhole } from './files'
import type { DatasetPlan, PlannedSplit } from './plan'
import type { Opener } from './opener'
import { nodeTools } from './tools'

export interface FoundImages {
  /** undefined where no image lies in a folder of its own */
  readonly planned: FolderPlan | undefined
  /** images found in all */
  readonly loose: number
}

const IMAGE_NAME = /\.(png|jpe?g|jfif|webp|bmp|dib|tiff?|gif)$/i
/** Folders that hold no classes. */
const SKIPPED = /^(\.|__MACOSX$|@eaDir$)/
/** Folders below the one that was opened; also ends links that lead in a circle. */
const DEEPEST = 6

/** Image files under a folder. Names with an image's ending count; others are looked into. */
export async function findImages(folder: string): Promise<FoundImages> {
  const files: string[] = []
  let others = 0
  const walk = async (relative: string, depth: number): Promise<void> => {
    const here = join(folder, relative)
    for (const entry of await onFile(here, () => readdir(here, { withFileTypes: true }))) {
      if (SKIPPED.test(entry.name)) continue
      const path = relative === '' ? entry.name : `${relative}/${entry.name}`
      const kind = entry.isSymbolicLink() ? await targetOf(join(folder, path)) : kindOfEntry(entry)
      if (kind === 'folder' && depth < DEEPEST) await walk(path, depth + 1)
      if (kind !== 'file') continue
      if (IMAGE_NAME.test(entry.name) || (await isImage(join(folder, path)))) files.push(path)
      else others++
    }
  }
  await walk('', 0)
  const planned = planFolder(files)
  if (planned === undefined || others === 0) return { planned, loose: files.length }
  const warnings = [...planned.warnings, `Files that are no images were left out: ${others}.`]
  return { planned: { ...planned, warnings }, loose: files.length }
}

type EntryKind = 'file' | 'folder' | 'other'

function kindOfEntry(entry: { isFile(): boolean; isDirectory(): boolean }): EntryKind {
  if (entry.isFile()) return 'file'
  return entry.isDirectory() ? 'folder' : 'other'
}

/** Links to files are followed; links to folders too, down to the deepest level. */
async function targetOf(path: string): Promise<EntryKind> {
  try {
    const handle = await open(path, 'r')
    try {
      return kindOfEntry(await handle.stat())
    } finally {
      await handle.close()
    }
  } catch {
    return 'other' // a link to nothing
  }
}

async function isImage(path: string): Promise<boolean> {
  return onFile(path, async () => {
    const handle = await open(path, 'r')
    try {
      const head = new Uint8Array(32)
      const { bytesRead } = await handle.read(head, 0, head.length, 0)
      return sniff(head.subarray(0, bytesRead)) === 'image'
    } finally {
      await handle.close()
    }
  })
}

export function imageFolderPlan(
  folder: string,
  planned: FolderPlan,
  name: string,
  opener: Opener
): DatasetPlan {
  const split = (images: readonly FolderImage[]): PlannedSplit => ({
    path: folder,
    open: (warn) =>
      openFolderSplit(images, (file) => readWhole(join(folder, file)), nodeTools, warn)
  })
  const { train, test } = planned.splits
  const files = [...(train ?? []), ...(test ?? [])].map(({ file }) => file).sort()
  return {
    name,
    format: 'image-folder',
    sources: [{ path: folder, files }],
    recipe: JSON.stringify(['image-folder', planned.warnings]),
    train: split(train ?? []),
    test: test && split(test),
    warnings: planned.warnings,
    close: () => opener.closeAll()
  }
}
