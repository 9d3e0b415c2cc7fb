import { NormscopeError } from '../../error'
import type { FoundArrays } from '../array-names'
import { bundlePlan } from '../bundle'
import type { BundleSplit } from '../bundle'
import type { Files } from '../files'
import { labelsFrom, nameOf, RANK, sourcesOf } from '../format'
import type { Format, Plan, Reading } from '../format'
import { labelsBeside } from '../labels-beside'
import type { OpenedSplit } from '../opened'
import { arrayImages } from '../ordered-array'
import { baseName, ByteReader, contentOf } from '../source'
import type { Warn, ZipArchive } from '../source'
import { wholeSize } from '../array'
import { ambiguous } from '../errors'
import { openNpy, readNpyHeader } from './npy'
import { readNpyLabels } from './npy-labels'

/** The names are those in the archive; undefined where the file is one array. */
type NumpySplit = Omit<BundleSplit, 'arrays'> & Partial<BundleSplit>

interface NumpyFound {
  readonly paths: readonly string[]
  /** where they lie, if a folder was opened */
  readonly folder?: string
  readonly isArchive: boolean
}

const ENDINGS = ['npz', 'npy']

/** NumPy's arrays: several in an archive, or one in a file. */
export const NUMPY: Format<NumpyFound, NumpySplit> = {
  id: 'npz',
  name: 'NPZ, NPY',
  endings: ENDINGS,
  labelling:
    'save images and labels together, for example as x_train and y_train, or give a labels file',
  labels: {
    name: 'NPY',
    recognise: ({ inner }) => inner === 'npy',
    async isAlone({ inner, path, head }) {
      if (inner !== 'npy') return false
      const { dims } = await readNpyHeader(path, new ByteReader(once(head)))
      return dims.length === 1 || (dims.length === 2 && dims[1] === 1)
    },
    async read({ path, source }, images, { files, warn }) {
      const content = await contentOf(source, files, warn)
      return readNpyLabels(
        path,
        content.chunks(),
        content.gzipped ? undefined : source.size,
        warn,
        images
      )
    }
  },
  async recognise(place) {
    if (place.kind === 'folder') {
      const archives = place.files.filter(({ name }) => /\.npz$/i.test(name))
      if (archives.length === 0) return undefined
      const paths = archives.map(({ path }) => path)
      return { rank: RANK.single, found: { paths, folder: place.path, isArchive: true } }
    }
    if (place.kind === 'word' || !(place.outer === 'zip' || place.inner === 'npy')) return undefined
    const found = { paths: [place.path], isArchive: place.outer === 'zip' }
    // any zip archive may be one, unless it is full of pictures
    return { rank: found.isArchive ? RANK.single : RANK.sure, found }
  },
  async plan({ paths, folder, isArchive }, files, labelsPath) {
    if (paths.length > 1) throw ambiguous(folder ?? '', paths.map(baseName))
    return isArchive
      ? archivePlan(paths[0]!, labelsPath, files)
      : arrayPlan(paths[0]!, labelsPath, files)
  },
  async read(split, reading) {
    const { files, warn } = reading
    return split.arrays === undefined
      ? arraySplit(split, reading)
      : archiveSplit(split.path, split.arrays, split.labels, files, warn, reading)
  }
}

/** Throws NormscopeError 'corrupt-zip', 'truncated-file', 'unknown-arrays'. */
async function archivePlan(
  path: string,
  labels: string | undefined,
  files: Files
): Promise<Plan<NumpySplit>> {
  const archive = await files.unzip(await files.open(path))
  const names = archive.entries
    .filter(({ name }) => /\.npy$/i.test(name))
    .map(({ name }) => withoutEnding(name))
  if (names.length === 0) throw noArrays(path, archive)
  const rows = (name: string): Promise<number | undefined> => {
    const entry = memberNamed(archive, name)
    return rowsIn(`${path}/${entry.name}`, entry.chunks())
  }
  const bundle = { path, names, rows }
  return bundlePlan(bundle, labels, { recipe: 'npz', name: nameOf(path, ENDINGS) })
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

/** undefined where it cannot be told: what is not used need not be sound */
async function rowsIn(
  path: string,
  chunks: AsyncIterable<Uint8Array>
): Promise<number | undefined> {
  const reader = new ByteReader(chunks)
  try {
    return (await readNpyHeader(path, reader)).dims[0]
  } catch {
    return undefined
  } finally {
    await reader.close()
  }
}

const memberNamed = (archive: ZipArchive, name: string): ZipArchive['entries'][number] =>
  archive.entries.find((one) => withoutEnding(one.name) === name)!

const withoutEnding = (name: string): string => name.replace(/\.npy$/i, '')

async function archiveSplit(
  path: string,
  arrays: FoundArrays,
  labelsPath: string | undefined,
  files: Files,
  warn: Warn,
  reading: Reading
): Promise<OpenedSplit> {
  const archive = await files.unzip(await files.open(path))
  const member = (name: string): [string, AsyncIterable<Uint8Array>, number] => {
    const entry = memberNamed(archive, name)
    return [`${path}/${entry.name}`, entry.chunks(), entry.size]
  }
  const { images, labels } = arrays
  const inside: OpenedSplit['labels'] =
    labels === undefined ? undefined : (count) => readNpyLabels(...member(labels), warn, count)
  const apart = labelsFrom(labelsPath, reading)
  return arrayImages(await openNpy(...member(images), warn), apart ?? inside, undefined, warn)
}

/** One array of images; its labels are in a file of their own. */
async function arrayPlan(
  path: string,
  labelsPath: string | undefined,
  files: Files
): Promise<Plan<NumpySplit>> {
  const labels = labelsPath ?? (await labelsBeside(path, files))
  return {
    name: nameOf(path, ENDINGS),
    sources: sourcesOf([path, labels]),
    recipe: 'npy',
    train: { path, labels },
    warnings: []
  }
}

async function arraySplit({ path, labels }: NumpySplit, reading: Reading): Promise<OpenedSplit> {
  const { files, warn } = reading
  const source = await files.open(path)
  const content = await contentOf(source, files, () => undefined)
  const plain = content.gzipped ? undefined : source
  const array = await openNpy(path, content.chunks(), plain?.size, warn)
  const alone = plain?.size === wholeSize(array) ? plain.name : undefined
  return arrayImages(array, labelsFrom(labels, reading), alone, warn)
}

function noArrays(path: string, archive: ZipArchive): NormscopeError {
  const found = archive.entries.slice(0, 8).map(({ name }) => name)
  return new NormscopeError({
    code: 'unknown-arrays',
    message: `${baseName(path)} is a zip archive without NumPy arrays (.npy). Unpack it and open what is inside.`,
    path,
    expected: 'members named *.npy',
    actual: found.join(', ') || 'no members'
  })
}
