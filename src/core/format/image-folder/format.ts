import { nameOf, RANK, sourcesOf } from '../format'
import type { Format, PlannedSplit } from '../format'
import type { PictureOptions } from '../pictures'
import { compareNames } from '../../dataset/names'
import { keyOf, withCompanions } from './companions'
import { planFolder } from './folder'
import type { FolderImage, FolderPlan } from './folder'
import { JSON_LABELS } from './json-labels'
import { baseName } from '../source'
import { sniff } from '../sniff'
import type { Files } from '../files'
import { openFolderSplit } from './split'
import { listedTree, treeAt } from './tree'
import type { Tree } from './tree'

interface FolderSplit extends PlannedSplit {
  readonly tree: Tree
  readonly images: readonly FolderImage[]
  /** a file of labels alone */
  readonly labels?: string
  readonly pictures: PictureOptions
}

interface FolderFound {
  readonly tree: Tree
  readonly planned: FolderPlan
  /** a table in the folder that may name the images with their labels */
  readonly table?: string
}

const IMAGE_NAME = /\.(png|jpe?g|jfif|webp|bmp|dib|tiff?|gif|dcm|dicom)$/i
/** What a table of labels beside the images is called. */
const TABLE_NAME = /^(labels?|metadata|annotations|classes)\.(csv|tsv|json)$/i
const ENDINGS = ['tar', 'tgz', 'zip']
/** Files looked into at once. */
const AT_ONCE = 32

/** Picture files in folders of classes, or without classes; in a folder, an archive or several. */
export const IMAGE_FOLDER: Format<FolderFound, FolderSplit> = {
  id: 'image-folder',
  name: 'a folder of images',
  endings: ENDINGS,
  pictures: true,
  labelling: 'put the images of each class into a folder named after it, or give a labels file',
  labels: JSON_LABELS,
  async recognise(place, files) {
    const tree = await treeAt(place, files)
    const found = tree && (await findImages(tree))
    if (tree === undefined || found === undefined) return undefined
    const { train, test } = found.planned.splits
    const classed = [...(train ?? []), ...(test ?? [])].some(({ className }) => className)
    const isOurs = classed || found.table !== undefined || place.kind === 'file'
    const rank = isOurs ? RANK.classes : RANK.loose
    return { rank, found: { ...found, tree } }
  },
  async together(paths, files) {
    if (!(await arePictures(paths, files))) return undefined
    const tree = listedTree(paths)
    const found = await findImages(tree)
    return found && { ...found, tree }
  },
  async plan({ tree, planned: { splits, warnings }, table }, _files, given, pictures = {}) {
    const labelled = given === undefined
    const of = async (images: readonly FolderImage[] | undefined) =>
      images && (labelled ? await withCompanions(tree, images) : images)
    const train = (await of(splits.train)) ?? []
    const test = await of(splits.test)
    const classless = [...train, ...(test ?? [])].every(({ className }) => className === undefined)
    const own = labelled && classless && table !== undefined ? table : undefined
    const labels = given ?? (own === undefined ? undefined : await tree.pathOf(own))
    const files = [...train, ...(test ?? [])].map(({ file }) => file)
    return {
      name: nameOf(tree.path, ENDINGS),
      sources: [
        ...tree.sources(own === undefined ? files : [...files, own]),
        ...sourcesOf([given])
      ],
      recipe: JSON.stringify([
        'image-folder',
        warnings,
        ...(labels === undefined ? [] : ['labels apart']),
        pictures
      ]),
      holds: tree.read !== undefined,
      byName: true,
      train: { path: tree.path, tree, images: train, labels, pictures },
      test: test && { path: tree.path, tree, images: test, labels: own && labels, pictures },
      warnings:
        own === undefined
          ? warnings
          : [...warnings, `The labels were taken from ${tree.below(own)}.`]
    }
  },
  async read({ tree, images, labels, pictures }, reading) {
    const names = images.map(({ file }) => file)
    const decoded = reading.files.decode(await tree.pictures(names), pictures)
    const given =
      labels === undefined
        ? undefined
        : () =>
            reading.labels(
              labels,
              images.length,
              names.map((name) => tree.below(name))
            )
    return openFolderSplit(images, decoded, pictures, reading.warn, given)
  }
}

/** Whether each file is a picture, by its name or else its content. */
async function arePictures(paths: readonly string[], files: Files): Promise<boolean> {
  for (const path of paths) {
    if (IMAGE_NAME.test(path)) continue
    if ((await files.kindOf(path)) !== 'file') return false
    const [folder, name] = [path.slice(0, -baseName(path).length), baseName(path)]
    if (sniff(await files.head(folder, name)) !== 'image') return false
  }
  return true
}

/** Image files of a tree. Names with an image's ending count; others are looked into. */
async function findImages(tree: Tree): Promise<Omit<FolderFound, 'tree'> | undefined> {
  const images: string[] = []
  for (let at = 0; at < tree.files.length; at += AT_ONCE) {
    const some = tree.files.slice(at, at + AT_ONCE)
    const unsure = some.some((file) => !IMAGE_NAME.test(file))
    const found = unsure
      ? await Promise.all(
          some.map(async (file) => IMAGE_NAME.test(file) || (await tree.isPicture(file)))
        )
      : undefined
    for (const [index, file] of some.entries()) if (found?.[index] ?? true) images.push(file)
  }
  const planned = planFolder(images, (file) => tree.below(file), tree.isOrdered)
  if (planned === undefined) return undefined
  const tables = tree.files.filter((file) => TABLE_NAME.test(tree.below(file))).sort(compareNames)
  const keys = new Set(images.map(keyOf))
  const others = tree.files.filter((file) => !keys.has(keyOf(file))).length - tables.length
  const warnings = [
    ...planned.warnings,
    ...(others > 0 ? [`Files that are not images were left out: ${others}.`] : []),
    ...tree.notes
  ]
  return { planned: { ...planned, warnings }, table: tables[0] }
}
