import { cifarFiles } from '../cifar-files'
import type { CifarFiles } from '../cifar-files'
import { concatenated } from '../concat'
import { filesIn } from '../files'
import type { Entry, Files } from '../files'
import { labelsFrom, nameOf, NO_TRAINING, RANK, sourcesOf } from '../format'
import type { Format, PlannedSplit } from '../format'
import { baseName } from '../source'
import { SNIFF_LENGTH } from '../sniff'
import { linesOf } from '../text'
import { cifarKind, openCifar } from './records'
import type { CifarKind } from './records'

interface CifarSplit extends PlannedSplit {
  readonly paths: readonly string[]
  readonly kind: CifarKind
  /** a file of labels alone */
  readonly labels?: string
}

interface CifarFound {
  readonly path: string
  readonly files: CifarFiles
  readonly kind: CifarKind
}

/** Text of a file of names that is read. */
const MAX_NAMES_BYTES = 1 << 16

/** CIFAR-10 and CIFAR-100 as binary files. */
export const CIFAR: Format<CifarFound, CifarSplit> = {
  id: 'cifar',
  name: 'CIFAR',
  endings: ['bin'],
  labelling: 'give a labels file',
  async recognise(place, files) {
    if (place.kind === 'word') return undefined
    if (place.kind === 'folder') {
      const found = cifarFiles(place.files, 'binary')
      const [first] = [...found.splits.train, ...found.splits.test]
      const kind = first && (await kindOf(first.path, files))
      return kind && { rank: RANK.sure, found: { path: place.path, files: found, kind } }
    }
    const { path, inner, outer, source, head } = place
    const isBatch = /\.bin(\.gz)?$/i.test(path)
    if (!(inner === 'unknown' && (outer !== 'gzip' || isBatch))) return undefined
    const kind = await cifarKind(source, head, outer === 'gzip')
    if (kind === undefined) return undefined
    const beside = cifarFiles(filesIn(await files.beside(path)), 'binary')
    const own: Entry = { name: baseName(path), path, kind: 'file' }
    const found = { ...beside, splits: { train: [own], test: [] } }
    return { rank: RANK.sure, found: { path, files: found, kind } }
  },
  async plan({ path, files: { splits, names }, kind }, files, labels) {
    const [train, test] = splits.train.length > 0 ? [splits.train, splits.test] : [splits.test, []]
    const split = (entries: readonly Entry[]): CifarSplit => ({
      path: entries[0]!.path,
      paths: entries.map((entry) => entry.path),
      kind
    })
    const classNames = names && (await namesIn(names.path, files))
    const used = [...train, ...test].map((entry) => entry.path)
    return {
      name: nameOf(path, ['bin']),
      sources: sourcesOf([...used, names?.path, labels]),
      recipe: JSON.stringify(['cifar', kind.name, train.length, labels !== undefined]),
      train: { ...split(train), labels },
      test: test.length === 0 ? undefined : split(test),
      classNames: classNames?.length === kind.labels.at(-1) ? classNames : undefined,
      warnings: [
        ...(splits.train.length === 0 ? [NO_TRAINING] : []),
        ...(kind.labels.length > 1 ? ['The fine labels were read, not the coarse ones.'] : [])
      ]
    }
  },
  async read({ paths, kind, labels }, reading) {
    const { files, warn } = reading
    const opened = await concatenated(
      paths.map((path) => ({
        path,
        open: async () => openCifar(await files.open(path), kind, files, warn)
      }))
    )
    return { ...opened, labels: labelsFrom(labels, reading) ?? opened.labels }
  }
}

async function kindOf(path: string, files: Files): Promise<CifarKind | undefined> {
  const source = await files.open(path)
  return cifarKind(source, await source.read(0, SNIFF_LENGTH), false)
}

/** A name a line. */
async function namesIn(path: string, files: Files): Promise<string[]> {
  const source = await files.open(path)
  return linesOf(await source.read(0, Math.min(source.size, MAX_NAMES_BYTES)))
}
