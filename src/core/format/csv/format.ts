import { compareNames } from '../../dataset/names'
import { NormscopeError } from '../../error'
import { ambiguous } from '../errors'
import { filesIn } from '../files'
import type { Files } from '../files'
import { isJson } from '../json'
import { labelsFrom, nameOf, RANK, sourcesOf } from '../format'
import type { Format, Plan, PlannedSplit } from '../format'
import { countMismatch } from '../labels'
import { baseName } from '../source'
import { openCsvSplit } from './csv'
import { readCsvLabels } from './csv-labels'
import { namedLabels } from '../named-labels'
import { csvRows } from './table'
import type { Row } from './table'

interface CsvSplit extends PlannedSplit {
  /** a file of labels alone */
  readonly labels?: string
}

interface CsvFound {
  readonly paths: readonly string[]
  /** where they lie, if a folder was opened */
  readonly folder?: string
}

const ENDINGS = ['csv', 'tsv']
const TABLE = /\.[ct]sv(\.gz)?$/i
const TRAINING = /^(.*?)train(\.[ct]sv(?:\.gz)?)$/i
/** Rows of a table that names files: it may name more than there are. */
const MAX_ROWS = 2_000_000

/** Tables with one image a row. */
export const CSV: Format<CsvFound, CsvSplit> = {
  id: 'csv',
  name: 'CSV',
  endings: ENDINGS,
  labelling: 'add a column named label, or give a labels file',
  labels: {
    name: 'CSV',
    recognise: (place) => place.inner === 'text' && !isJson(place),
    read: ({ source }, images, { files, warn }) => readCsvLabels(source, files, warn, images),
    async readNamed({ path, source }, named, { files, warn }) {
      const rows: Row[] = []
      for await (const row of csvRows(source, files, warn)) {
        rows.push(row)
        if (rows.length > MAX_ROWS) {
          throw countMismatch(path, named.length, `more than ${MAX_ROWS}`)
        }
      }
      return namedLabels(path, rows, named)
    }
  },
  async recognise(place) {
    if (place.kind === 'file' && place.inner === 'text') {
      return { rank: RANK.single, found: { paths: [place.path] } }
    }
    if (place.kind !== 'folder') return undefined
    const tables = place.files
      .filter(({ name }) => TABLE.test(name))
      .sort((a, b) => compareNames(a.name, b.name))
    const training = tables.filter(({ name }) => TRAINING.test(name))
    const paths = (training.length === 1 ? training : tables).map(({ path }) => path)
    if (paths.length === 0) return undefined
    return { rank: RANK.single, found: { paths, folder: place.path } }
  },
  async plan({ paths, folder }, files, labelsPath) {
    if (paths.length > 1) throw ambiguous(folder ?? '', paths.map(baseName))
    return csvPlan(paths[0]!, labelsPath, files)
  },
  async read({ path, labels }, reading) {
    const { files, warn } = reading
    return openCsvSplit(await files.open(path), labelsFrom(labels, reading), files, warn)
  }
}

/** A file named …train.csv brings the …test.csv beside it. */
async function csvPlan(
  path: string,
  labels: string | undefined,
  files: Files
): Promise<Plan<CsvSplit>> {
  const match = TRAINING.exec(baseName(path))
  const wanted = match && `${match[1]}test${match[2]}`.toLowerCase()
  const beside =
    wanted === null
      ? undefined
      : filesIn(await files.beside(path)).find(({ name }) => name.toLowerCase() === wanted)
  const holds = beside !== undefined && (await hasImages(beside.path, files))
  const test = holds ? beside.path : undefined
  return {
    name: nameOf(path, ENDINGS),
    sources: sourcesOf([path, labels, test]),
    recipe: `csv ${labels === undefined ? '' : 'labels apart'}`,
    train: { path, labels },
    test: test === undefined ? undefined : { path: test },
    warnings:
      beside === undefined || holds
        ? []
        : [`${beside.name} does not hold one image per row and was left out.`]
  }
}

/** A test.csv may also hold an answer for each image instead of its pixels. */
async function hasImages(path: string, files: Files): Promise<boolean> {
  try {
    const opened = await openCsvSplit(await files.open(path), undefined, files, () => undefined)
    const chunks = opened.chunks()[Symbol.asyncIterator]()
    // only a generator that has begun lets go of what it reads when it is left
    await chunks.next()
    await chunks.return?.()
    return true
  } catch (thrown) {
    const code = thrown instanceof NormscopeError ? thrown.facts.code : ''
    if (code === 'not-images' || code === 'not-square') return false
    throw thrown
  }
}
