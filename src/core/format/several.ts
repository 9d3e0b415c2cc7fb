import { grouped } from '../numbers'
import { counted } from '../text'
import { concatenated, partMismatch } from './concat'
import type { Files } from './files'
import { findDataset, planOf, readingOf } from './find'
import type { DatasetPlan, ReadableSplit } from './find'
import { NO_TRAINING } from './format'
import type { Format, PlannedSource } from './format'
import { filePlace } from './look'
import type { PictureOptions } from './pictures'
import { commonFolder } from './image-folder/tree'
import { fitting, notApiece, pairedLabels } from './paired-labels'
import { shardRole } from './shards'
import type { ShardRole } from './shards'
import { baseName } from './source'
import type { Warn } from './source'
import type { OpenedSplit } from './opened'

interface Part {
  readonly path: string
  readonly role: ShardRole
  readonly plan: DatasetPlan
  /** opens its files anew, or those that planning opened */
  open(split: ReadableSplit, warn: Warn): Promise<Opened>
}

interface Opened {
  readonly split: OpenedSplit
  close(): Promise<void>
}

/** One part's images of a split. */
interface Piece {
  readonly part: Part
  readonly split: ReadableSplit
}

/** Sentences about one data set in several files. */
const MAX_WARNINGS = 40

/**
 * Several files or folders as one data set, in the order given: images beside their labels are one
 * part, pictures are a folder of those named, and all others come one after the other. Those whose
 * names say so are the test split. Throws NormscopeError 'part-mismatch', which names two files and
 * what differs, 'unpaired-labels', 'count-mismatch' and what `findDataset` throws.
 */
export async function findSeveral(
  paths: readonly string[],
  labelsPaths: readonly string[],
  files: Files,
  formats: readonly Format[],
  pictures?: PictureOptions
): Promise<DatasetPlan> {
  const [labelsPath] = labelsPaths
  const apiece = labelsPaths.length > 1
  for (const format of formats) {
    const found = await format.together?.(paths, files)
    if (found === undefined) continue
    if (apiece) throw notApiece(labelsPaths, 1)
    const plan = await planOf({ format, found }, labelsPath, files, formats, pictures)
    return { ...plan, name: nameOfAll(paths, 'picture') }
  }
  const folder = commonFolder(paths.map(slashed))
  const alone = await labelFiles(paths, files, formats)
  const images = paths.filter((path) => !alone.has(path))
  const planned = async (path: string, labels: string | undefined): Promise<Part> => {
    const scope = files.scope()
    const plan = await findDataset(path, labels, scope, formats, pictures)
    if (!plan.holds) await scope.close()
    const role = roleOf(slashed(path).slice(folder.length))
    const open: Part['open'] = async (split, warn) => {
      const within = plan.holds ? scope : files.scope()
      const opened = await split.open(warn, within)
      const checked = apiece && labels !== undefined ? fitting(opened, path, labels) : opened
      return { split: checked, close: () => within.close() }
    }
    return { path, role, plan, open }
  }
  const paired = await pairedLabels(paths, images, alone, labelsPath, async (path) =>
    (await planned(path, undefined)).plan.sources.map((source) => source.path)
  )
  if (apiece && labelsPaths.length !== images.length) throw notApiece(labelsPaths, images.length)
  const labels = apiece ? new Map(images.map((path, at) => [path, labelsPaths[at]!])) : paired
  const parts: Part[] = []
  for (const path of images) parts.push(await planned(path, labels.get(path) ?? labelsPath))
  checkAlike(parts)
  return together(paths, parts, apiece ? undefined : labelsPath, files, formats)
}

const slashed = (path: string): string =>
  /^([a-z]:)?\\/i.test(path) ? path.replaceAll('\\', '/') : path

/** What the name of a file or of a folder above it says, the nearest first. */
function roleOf(below: string): ShardRole {
  const roles = below.split('/').map((name) => shardRole(`${name}.`))
  return roles.reverse().find((role) => role !== 'train') ?? 'train'
}

/** Files of labels alone, told by their content. */
async function labelFiles(
  paths: readonly string[],
  files: Files,
  formats: readonly Format[]
): Promise<ReadonlySet<string>> {
  const found = new Set<string>()
  for (const path of paths) {
    if (formats.some(({ word }) => word === path) || (await files.kindOf(path)) !== 'file') continue
    const scope = files.scope()
    try {
      const place = await filePlace(path, scope)
      for (const { labels } of formats) {
        if (await labels?.isAlone?.(place, scope).catch(() => false)) found.add(path)
      }
    } finally {
      await scope.close()
    }
  }
  return found
}

/** What can be told before anything is read. Throws NormscopeError 'part-mismatch'. */
function checkAlike(parts: readonly Part[]): void {
  const [first] = parts
  for (const { path, plan } of parts) {
    const [is, was] = [plan, first!.plan].map(({ format }) => format.name) as [string, string]
    if (is !== was) throw partMismatch('format', first!.path, was, path, is)
  }
  const named = parts.filter(({ plan }) => plan.classNames !== undefined)
  for (const { path, plan } of named) {
    const [is, was] = [plan, named[0]!.plan].map(({ classNames = [] }) => classNames.join(', '))
    if (is !== was) throw partMismatch('class names', named[0]!.path, was!, path, is!)
  }
}

function together(
  paths: readonly string[],
  parts: readonly Part[],
  labelsPath: string | undefined,
  files: Files,
  formats: readonly Format[]
): DatasetPlan {
  const given = new Set(paths)
  const of = (role: ShardRole): readonly Part[] => parts.filter((part) => part.role === role)
  const [training, tested, validation] = [of('train'), of('test'), of('validation')]
  const testing = tested.length > 0 ? tested : validation
  const trained = training.length > 0 ? training : testing
  const own = (part: Part): Piece[] => {
    const { test } = part.plan
    const isNamed = test && test.path !== part.path && given.has(test.path)
    return test === undefined || isNamed ? [] : [{ part, split: test }]
  }
  const train = trained.map((part): Piece => ({ part, split: part.plan.train }))
  const rest = testing === trained ? [] : testing
  const test = [
    ...trained.flatMap(own),
    ...rest.map((part): Piece => ({ part, split: part.plan.train }))
  ]
  const used = [...trained, ...rest]
  const { format, byName, classNames: _, ...first } = parts[0]!.plan
  // each image is looked up in a file that names images, else labels are counted through
  const apart = byName ? undefined : labelsPath
  const split = (pieces: readonly Piece[], labels?: string): ReadableSplit =>
    inTurn(pieces, format, labels, files, formats)
  const only = used.length === 1
  return {
    ...first,
    format,
    name: only ? first.name : nameOfAll(paths, 'file'),
    sources: sourcesOf(used),
    recipe: only
      ? first.recipe
      : JSON.stringify(['several', used.map(({ role, plan }) => [role, plan.recipe])]),
    classNames: parts.find(({ plan }) => plan.classNames)?.plan.classNames,
    train: split(train, apart),
    test: test.length === 0 ? undefined : split(test),
    warnings: [
      // of those of the test split it is no news
      ...warningsOf(trained),
      ...warningsOf(rest).filter((sentence) => sentence !== NO_TRAINING),
      ...(training.length === 0 ? [NO_TRAINING] : []),
      ...(rest.length > 0
        ? [`By their names, the images of ${namesOf(rest)} are the test split.`]
        : []),
      ...(validation.length > 0 && tested.length > 0
        ? [
            `The validation images (${namesOf(validation)}) were left out; the test images are used.`
          ]
        : [])
    ]
  }
}

function inTurn(
  pieces: readonly Piece[],
  format: Format,
  labels: string | undefined,
  files: Files,
  formats: readonly Format[]
): ReadableSplit {
  const [{ part, split }] = pieces as [Piece, ...Piece[]]
  // left open until the opening ends: it may be read where it lies
  if (pieces.length === 1)
    return { ...split, open: async (warn) => (await part.open(split, warn)).split }
  const names = pieces.map((piece) => piece.split.path)
  return {
    path: `${names[0]} and ${grouped(names.length - 1)} more`,
    open(given) {
      const warn = bounded(given)
      const named =
        labels && ((images: number) => readingOf(files, formats, warn).labels(labels, images))
      return concatenated(
        pieces.map((piece) => {
          let opened: Opened | undefined
          return {
            path: piece.split.path,
            open: async () => {
              opened = await piece.part.open(piece.split, warn)
              return opened.split
            },
            close: async () => opened?.close()
          }
        }),
        { exact: format.pictures !== true, labels: named || undefined }
      )
    }
  }
}

/** What is warned of many files, as far as anybody reads it. */
function bounded(warn: Warn): Warn {
  const said = new Set<string>()
  return (sentence) => {
    if (said.size > MAX_WARNINGS || said.has(sentence)) return
    said.add(sentence)
    warn(said.size > MAX_WARNINGS ? 'More remarks about these files were left out.' : sentence)
  }
}

function warningsOf(parts: readonly Part[]): readonly string[] {
  const found: string[] = []
  const warn = bounded((sentence) => found.push(sentence))
  for (const { plan } of parts) for (const sentence of plan.warnings) warn(sentence)
  return found
}

/** Each once: several files may share that of their class names. */
function sourcesOf(parts: readonly Part[]): readonly PlannedSource[] {
  const byKey = new Map<string, PlannedSource>()
  for (const source of parts.flatMap(({ plan }) => plan.sources)) {
    byKey.set(JSON.stringify([source.path, source.files]), source)
  }
  return [...byKey.values()]
}

function namesOf([first, ...more]: readonly Part[]): string {
  const name = baseName(first!.path)
  return more.length === 0 ? name : `${name} and ${counted(more.length, 'more file')}`
}

/** '12 files in shards' */
function nameOfAll(paths: readonly string[], what: string): string {
  const folder = baseName(commonFolder(paths.map(slashed)))
  return `${grouped(paths.length)} ${what}s${folder === '' ? '' : ` in ${folder}`}`
}
