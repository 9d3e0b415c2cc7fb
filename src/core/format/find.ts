import { noImages, unknownFormat } from './errors'
import type { Files } from './files'
import { nameOf, RANK, sourcesOf } from './format'
import type { Format, Plan, PlannedSplit, Reading, Recognised } from './format'
import { folderInside, isArchive } from './inside'
import type { InsidePlace } from './inside'
import { readLabelsFile } from './labels-file'
import { elsewhere } from './opened'
import type { OpenedSplit } from './opened'
import type { NotFiniteWay } from './not-finite'
import { folderPlace, placeAt } from './look'
import type { PictureOptions } from './pictures'
import type { Place } from './place'
import type { Warn } from './source'

/** A split that its format is about to read. */
export interface ReadableSplit extends PlannedSplit {
  /** `within`: what its files are opened by in place of the opening's */
  open(warn: Warn, within?: Files): Promise<OpenedSplit>
}

export interface DatasetPlan extends Plan<ReadableSplit> {
  readonly format: Format
  /** what is done with images that have pixels which are no finite numbers */
  readonly notFinite?: NotFiniteWay
}

/**
 * What lies at a path, which format it has, and what is to be read of it. Throws NormscopeError
 * 'missing-file', 'unreadable', 'unknown-format', 'empty-folder', 'no-images', 'ambiguous-folder'
 * and those of the formats.
 */
export async function findDataset(
  path: string,
  labelsPath: string | undefined,
  files: Files,
  formats: readonly Format[],
  pictures?: PictureOptions
): Promise<DatasetPlan> {
  const place = await placeAt(path, files, formats)
  const recognised = await formatOf(place, files, formats)
  if (recognised === undefined) {
    throw place.kind === 'folder' ? noImages(place, formats) : unknownFormat(place, formats)
  }
  const { inside } = recognised
  const plan = await planOf(recognised, labelsPath, inside?.files ?? files, formats, pictures)
  return inside ? planInside(path, plan, labelsPath) : plan
}

/** What is to be read of what was found. */
export async function planOf(
  { format, found }: Pick<Match, 'format' | 'found'>,
  labelsPath: string | undefined,
  files: Files,
  formats: readonly Format[],
  pictures?: PictureOptions
): Promise<DatasetPlan> {
  const { train, test, ...plan } = await format.plan(found, files, labelsPath, pictures)
  const readable = (split: PlannedSplit): ReadableSplit => ({
    path: split.path,
    open: (warn, within = files) => format.read(split, readingOf(within, formats, warn))
  })
  const idle = pictures !== undefined && Object.keys(pictures).length > 0 && !format.pictures
  const warnings = idle
    ? [...plan.warnings, `Settings for picture files do not apply to ${format.name}.`]
    : plan.warnings
  return { ...plan, warnings, format, train: readable(train), test: test && readable(test) }
}

const ARCHIVE_ENDINGS = ['tar', 'tgz', 'zip']

/** The plan of what lies in an archive: its files are gone when the opening ends. */
function planInside(
  archive: string,
  plan: DatasetPlan,
  labelsPath: string | undefined
): DatasetPlan {
  const copied = (split: ReadableSplit): ReadableSplit => ({
    ...split,
    open: async (warn) => elsewhere(await split.open(warn))
  })
  return {
    ...plan,
    name: nameOf(archive, ARCHIVE_ENDINGS),
    sources: sourcesOf([archive, labelsPath]),
    recipe: JSON.stringify(['inside', plan.recipe]),
    holds: true,
    train: copied(plan.train),
    test: plan.test && copied(plan.test)
  }
}

interface Match extends Recognised<unknown> {
  readonly format: Format
  /** set where it lies in an archive */
  readonly inside?: InsidePlace
}

async function formatOf(
  place: Place,
  files: Files,
  formats: readonly Format[]
): Promise<Match | undefined> {
  const best = await bestOf(place, files, formats)
  if (place.kind === 'file' && isArchive(place) && (best?.rank ?? 0) <= RANK.single) {
    const inside = await folderInside(place, files)
    const found = inside && (await formatOf(inside.place, inside.files, formats))
    if (found) return { ...found, inside }
  }
  if (place.kind !== 'folder' || (best && best.rank > RANK.loose)) return best
  // torchvision keeps the usual four files in a folder named raw
  const raw = place.folders.find(({ name }) => name === 'raw')
  const inside = raw && (await bestOf(await folderPlace(raw.path, files), files, formats))
  return inside ?? best
}

async function bestOf(
  place: Place,
  files: Files,
  formats: readonly Format[]
): Promise<Match | undefined> {
  let best: Match | undefined
  for (const format of formats) {
    const recognised = await format.recognise(place, files)
    if (recognised === undefined || recognised.rank <= (best?.rank ?? -1)) continue
    best = { ...recognised, format }
    if (best.rank === RANK.sure) return best
  }
  return best
}

/** What a reader is given to read with. */
export function readingOf(files: Files, formats: readonly Format[], warn: Warn): Reading {
  const reading: Reading = {
    files,
    warn,
    labels: (path, images, named) => readLabelsFile(path, images, named, formats, reading)
  }
  return reading
}
