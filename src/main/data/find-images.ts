import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { openFolderSplit, planFolder } from '../../core/format/image-folder/folder'
import type { FolderImage, FolderPlan } from '../../core/format/image-folder/folder'
import { sniff } from '../../core/format/sniff'
import { onFile } from './files'
import { readLabelsFile } from './labels-file'
import { sourcesOf } from './plan'
import type { DatasetPlan, PlannedSplit } from './plan'
import type { OpenHooks, Opener } from './opener'
import { walk } from './walk'

export interface FoundImages {
  /** undefined where there is no image */
  readonly planned: FolderPlan | undefined
  /** some lie in folders of classes */
  readonly classed: boolean
}

const IMAGE_NAME = /\.(png|jpe?g|jfif|webp|bmp|dib|tiff?|gif)$/i
/** Files looked into at once. */
const AT_ONCE = 32

/** Image files under a folder. Names with an image's ending count; others are looked into. */
export async function findImages(folder: string, hooks: OpenHooks): Promise<FoundImages> {
  const { files, again } = await walk(folder, hooks)
  const images: string[] = []
  for (let at = 0; at < files.length; at += AT_ONCE) {
    hooks.check()
    const some = files.slice(at, at + AT_ONCE)
    const found = await Promise.all(
      some.map((file) => IMAGE_NAME.test(file) || isImage(join(folder, file)))
    )
    images.push(...some.filter((_, index) => found[index]))
  }
  const planned = planFolder(images)
  if (planned === undefined) return { planned, classed: false }
  const { train, test } = planned.splits
  const classed = [...(train ?? []), ...(test ?? [])].some(
    ({ className }) => className !== undefined
  )
  const others = files.length - images.length
  const warnings = [
    ...planned.warnings,
    ...(others > 0 ? [`Files that are no images were left out: ${others}.`] : []),
    ...(again > 0 ? [`Links to files or folders that were read already: ${again}.`] : [])
  ]
  return { planned: { ...planned, warnings }, classed }
}

async function isImage(path: string): Promise<boolean> {
  return onFile(path, async () => {
    const handle = await open(path, 'r')
    try {
      // what the system makes up as it is read has no size, and may never end
      if ((await handle.stat()).size === 0) return false
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
  labelsPath: string | undefined,
  opener: Opener
): DatasetPlan {
  const split = (images: readonly FolderImage[], labels?: string): PlannedSplit => ({
    path: folder,
    open: (warn) =>
      openFolderSplit(
        images,
        (files) => opener.decoders.decode(folder, files),
        warn,
        labels === undefined
          ? undefined
          : () =>
              readLabelsFile(
                labels,
                opener,
                warn,
                images.length,
                images.map(({ file }) => file)
              )
      )
  })
  const { train, test } = planned.splits
  const files = [...(train ?? []), ...(test ?? [])].map(({ file }) => file).sort()
  return {
    name,
    format: 'image-folder',
    sources: [{ path: folder, files }, ...sourcesOf([labelsPath])],
    recipe: JSON.stringify([
      'image-folder',
      planned.warnings,
      ...(labelsPath === undefined ? [] : ['labels apart'])
    ]),
    train: split(train ?? [], labelsPath),
    test: test && split(test),
    warnings: planned.warnings,
    close: () => opener.closeAll()
  }
}
