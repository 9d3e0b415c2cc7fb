import type { Files } from '../files'
import { nameOf, RANK, sourcesOf } from '../format'
import type { Format, PlannedSplit } from '../format'
import type { PictureOptions } from '../pictures'
import { sniff } from '../sniff'
import { planFolder } from './folder'
import type { FolderImage, FolderPlan } from './folder'
import { openFolderSplit } from './split'

interface FolderSplit extends PlannedSplit {
  readonly images: readonly FolderImage[]
  /** a file of labels alone */
  readonly labels?: string
  readonly pictures: PictureOptions
}

interface FolderFound {
  readonly folder: string
  readonly planned: FolderPlan
}

const IMAGE_NAME = /\.(png|jpe?g|jfif|webp|bmp|dib|tiff?|gif|dcm|dicom)$/i
/** Files looked into at once. */
const AT_ONCE = 32

/** Image files in folders of classes, or without classes. */
export const IMAGE_FOLDER: Format<FolderFound, FolderSplit> = {
  id: 'image-folder',
  name: 'a folder of images',
  pictures: true,
  endings: [],
  labelling: 'put the images of each class into a folder named after it, or give a labels file',
  async recognise(place, files) {
    const planned = place.kind === 'folder' ? await findImages(place.path, files) : undefined
    if (planned === undefined) return undefined
    const { train, test } = planned.splits
    const classed = [...(train ?? []), ...(test ?? [])].some(({ className }) => className)
    return {
      rank: classed ? RANK.classes : RANK.loose,
      found: { folder: place.path, planned }
    }
  },
  async plan({ folder, planned: { splits, warnings } }, _files, labels, pictures = {}) {
    const { train = [], test } = splits
    const files = [...train, ...(test ?? [])].map(({ file }) => file).sort()
    return {
      name: nameOf(folder),
      sources: [{ path: folder, files }, ...sourcesOf([labels])],
      recipe: JSON.stringify([
        'image-folder',
        warnings,
        ...(labels === undefined ? [] : ['labels apart']),
        pictures
      ]),
      train: { path: folder, images: train, labels, pictures },
      test: test && { path: folder, images: test, pictures },
      warnings
    }
  },
  read: ({ path, images, labels, pictures }, { files, warn, labels: readLabels }) =>
    openFolderSplit(
      images,
      files.decode(
        images.map(({ file }) => ({ name: file, path: `${path}/${file}` })),
        pictures
      ),
      pictures,
      warn,
      labels === undefined
        ? undefined
        : () =>
            readLabels(
              labels,
              images.length,
              images.map(({ file }) => file)
            )
    )
}

/** Image files under a folder. Names with an image's ending count; others are looked into. */
async function findImages(folder: string, files: Files): Promise<FolderPlan | undefined> {
  const { files: all, again } = await files.walk(folder)
  const images: string[] = []
  for (let at = 0; at < all.length; at += AT_ONCE) {
    const some = all.slice(at, at + AT_ONCE)
    const found = await Promise.all(
      some.map(
        async (file) => IMAGE_NAME.test(file) || sniff(await files.head(folder, file)) === 'image'
      )
    )
    images.push(...some.filter((_, index) => found[index]))
  }
  const planned = planFolder(images)
  const others = all.length - images.length
  return (
    planned && {
      ...planned,
      warnings: [
        ...planned.warnings,
        ...(others > 0 ? [`Files that are not images were left out: ${others}.`] : []),
        ...(again > 0
          ? [`Links to files or folders that had been read already were left out: ${again}.`]
          : [])
      ]
    }
  )
}
