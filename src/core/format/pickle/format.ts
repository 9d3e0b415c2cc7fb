import { bundlePlan } from '../bundle'
import type { BundleSplit } from '../bundle'
import { cifarFiles } from '../cifar-files'
import type { CifarFiles } from '../cifar-files'
import { concatenated } from '../concat'
import { filesIn } from '../files'
import type { Files } from '../files'
import { labelsFrom, nameOf, NO_TRAINING, RANK, sourcesOf } from '../format'
import type { Format, Plan, Reading } from '../format'
import type { OpenedSplit } from '../opened'
import { arrayImages } from '../ordered-array'
import { sniff } from '../sniff'
import { contentOf } from '../source'
import type { ByteSource } from '../source'
import { arrayOf, arraysIn, labelsOf } from './arrays'
import type { PickledArrays } from './arrays'
import { corruptPickle } from './errors'
import { readPickle } from './read'
import { Dict, List } from './values'

/** One after the other where there are several. */
interface PickleSplit extends BundleSplit {
  readonly paths: readonly string[]
}

type PickleFound =
  { readonly file: string } | { readonly folder: string; readonly files: CifarFiles }

const ENDINGS = ['pkl', 'pickle']
const CIFAR_PIXELS = 3072

/** NumPy's arrays as Python's pickle writes them; the batches of CIFAR are such files. */
export const PICKLE: Format<PickleFound, PickleSplit> = {
  id: 'pickle',
  name: 'pickled arrays',
  endings: ENDINGS,
  labelling:
    'save images and labels together, for example as x_train and y_train, or give a labels file',
  async recognise(place, files) {
    if (place.kind === 'file' && place.inner === 'pickle') {
      return { rank: RANK.sure, found: { file: place.path } }
    }
    if (place.kind !== 'folder') return undefined
    const found = cifarFiles(place.files, 'pickled')
    const [first] = [...found.splits.train, ...found.splits.test]
    if (first === undefined) return undefined
    const isPickle = sniff(await files.head(place.path, first.name)) === 'pickle'
    return isPickle ? { rank: RANK.sure, found: { folder: place.path, files: found } } : undefined
  },
  async plan(found, files, labels) {
    if ('folder' in found) return folderPlan(found.folder, found.files, files, labels)
    const { file } = found
    const plan = await filePlan(file, files, labels)
    const { names } = cifarFiles(filesIn(await files.beside(file)), 'pickled')
    const { isCifar } = await pickled(file, files)
    return isCifar ? withNames(plan, names?.path, files) : plan
  },
  async read(split, reading) {
    const { files } = reading
    const opened = await concatenated(
      split.paths.map((path) => ({
        path,
        open: async () => openPickle(await files.open(path), split, reading)
      }))
    )
    return { ...opened, labels: labelsFrom(split.labels, reading) ?? opened.labels }
  }
}

async function pickled(path: string, files: Files): Promise<PickledArrays> {
  return arraysIn(path, await valueIn(await files.open(path), files))
}

async function valueIn(source: ByteSource, files: Files) {
  const content = await contentOf(source, files, () => undefined)
  return readPickle(source.name, content.chunks())
}

async function filePlan(
  path: string,
  files: Files,
  labels: string | undefined
): Promise<Plan<PickleSplit>> {
  const { named } = await pickled(path, files)
  const rows = (name: string): Promise<number | undefined> => {
    const value = named.get(name)
    return Promise.resolve(value instanceof List ? value.items.length : value?.dims[0])
  }
  const about = { recipe: 'pickle', name: nameOf(path, ENDINGS) }
  const plan = await bundlePlan({ path, names: [...named.keys()], rows }, labels, about)
  const withPaths = (split: BundleSplit): PickleSplit => ({ ...split, paths: [path] })
  return { ...plan, train: withPaths(plan.train), test: plan.test && withPaths(plan.test) }
}

/** The batches of CIFAR, whose arrays are called alike. */
async function folderPlan(
  folder: string,
  { splits, names }: CifarFiles,
  files: Files,
  labels: string | undefined
): Promise<Plan<PickleSplit>> {
  const [train, test] = splits.train.length > 0 ? [splits.train, splits.test] : [splits.test, []]
  const paths = train.map(({ path }) => path)
  const plan = await filePlan(paths[0]!, files, labels)
  const tested = test.map(({ path }) => path)
  const first = tested[0]
  const whole: Plan<PickleSplit> = {
    ...plan,
    name: nameOf(folder),
    sources: sourcesOf([...paths, ...tested, labels]),
    recipe: JSON.stringify([plan.recipe, paths.length]),
    train: { ...plan.train, paths },
    test:
      first === undefined
        ? undefined
        : { ...plan.train, path: first, paths: tested, labels: undefined },
    warnings: splits.train.length > 0 ? plan.warnings : [NO_TRAINING, ...plan.warnings]
  }
  return withNames(whole, names?.path, files)
}

/** The names of the classes from batches.meta or meta. */
async function withNames(
  plan: Plan<PickleSplit>,
  path: string | undefined,
  files: Files
): Promise<Plan<PickleSplit>> {
  if (path === undefined) return plan
  const value = await valueIn(await files.open(path), files)
  const entries = value instanceof Dict ? value.entries : new Map<string, never>()
  const key = plan.train.arrays.labels === 'fine_labels' ? 'fine_label_names' : 'label_names'
  const names = entries.get(key)
  if (!(names instanceof List) || !names.items.every((one) => typeof one === 'string')) return plan
  const classNames = names.items as string[]
  return { ...plan, classNames, sources: [...plan.sources, { path }] }
}

async function openPickle(
  source: ByteSource,
  { arrays }: PickleSplit,
  { files, warn }: Reading
): Promise<OpenedSplit> {
  const { named, isCifar } = arraysIn(source.name, await valueIn(source, files))
  const [images, labels] = [named.get(arrays.images), named.get(arrays.labels ?? '')]
  if (images === undefined || images instanceof List) {
    throw corruptPickle(source.name, `it has no array ${arrays.images}`)
  }
  const array = arrayOf(source, images, files, warn)
  const planar = isCifar && array.dims.length === 2 && array.dims[1] === CIFAR_PIXELS
  const shaped = planar ? { ...array, dims: [array.dims[0]!, 3, 32, 32] } : array
  const inside =
    labels === undefined
      ? undefined
      : (count: number) => labelsOf(source, labels, files, warn, count)
  return arrayImages(shaped, inside, undefined, warn)
}
