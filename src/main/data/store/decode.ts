import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { NormscopeError } from '../../../core/error'
import { BYTES_PER_PIXEL } from '../../../core/dataset/dataset'
import type { Dataset, PixelType, SplitName } from '../../../core/dataset/dataset'
import { recognise } from '../../../core/dataset/known'
import { checkCounts, mapLabels } from '../../../core/format/labels'
import { withoutImages } from '../../../core/format/errors'
import { missingLabels } from '../../../core/format/missing-labels'
import { elsewhere } from '../../../core/format/opened'
import type { LabelValues, OpenedSplit } from '../../../core/format/opened'
import { narrowest, widest } from '../../../core/format/pixel-type'
import type { NotFiniteWay } from '../../../core/format/not-finite'
import type { Warn } from '../../../core/format/source'
import type { DatasetPlan, ReadableSplit } from '../../../core/format/find'
import { Sizes } from '../../../core/format/sizes'
import { crc32 } from '../../disk/crc32'
import { onFile } from '../../disk/files'
import type { OpenHooks } from '../hooks'
import { FiniteImages } from './finite-images'
import type { Hashes } from './hashes'
import { SplitWriter } from './split-writer'
import type { WrittenFile } from './split-writer'

/** Where a split's pixels are: in the entry's own folder, or in one of the plan's sources as it is. */
type StoredPixels = { readonly file: string } | { readonly source: number; readonly offset: number }

export interface StoredSplit {
  readonly count: number
  readonly pixels: StoredPixels
  /** int32 little-endian, a file in the entry's folder; absent without labels */
  readonly labels?: string
  /** absent without labels */
  readonly classCounts?: readonly number[]
}

/** What is kept of a decoded data set, beside its numbers. */
export interface StoredDataset extends Pick<
  Dataset,
  'id' | 'height' | 'width' | 'channels' | 'dtype' | 'classNames' | 'warnings'
> {
  /** set where the content was recognised */
  readonly name?: string
  readonly splits: Partial<Readonly<Record<SplitName, StoredSplit>>>
}

interface DecodedSplit {
  readonly name: SplitName
  readonly path: string
  readonly opened: OpenedSplit
  /** undefined where the original file is its own store */
  readonly writer?: SplitWriter
  readonly type: PixelType
  readonly channels: number
  readonly count: number
  /** of what has no writer; awaited last, as a thread may be at it for long */
  readonly pixelHash?: () => Promise<string>
  readonly labels?: LabelValues
}

const STAGES: Readonly<Record<SplitName, string>> = {
  train: 'Reading images',
  test: 'Reading test images'
}

/** Reads a data set through and writes its numbers into `folder`; `checksums` is told the CRC-32 of files by their names. */
export async function decode(
  plan: DatasetPlan,
  folder: string,
  checksums: Map<string, number>,
  hashes: Hashes,
  hooks: OpenHooks
): Promise<StoredDataset> {
  const warnings: string[] = []
  const warn: Warn = (sentence) => {
    if (!warnings.includes(sentence)) warnings.push(sentence)
  }
  const splits: DecodedSplit[] = []
  try {
    const { notFinite = 'refuse' } = plan
    const decoded = (name: SplitName, split: ReadableSplit): Promise<DecodedSplit> =>
      decodeSplit(name, split, folder, hashes, hooks, warn, notFinite)
    splits.push(await decoded('train', plan.train))
    if (plan.test !== undefined) {
      splits.push(await decoded('test', plan.test))
      alike(splits[0]!, splits[1]!)
    }
    return await finish(plan, splits, folder, checksums, warnings, warn)
  } finally {
    for (const split of splits) await split.writer?.close()
  }
}

/** Whether a file is its own store and only hashed: floats are looked through, for each must be a finite number. */
export const isHashedInPlace = (
  opened: OpenedSplit
): opened is OpenedSplit & Required<Pick<OpenedSplit, 'inPlace'>> =>
  opened.inPlace !== undefined && opened.minType !== 'float32'

async function decodeSplit(
  name: SplitName,
  planned: ReadableSplit,
  folder: string,
  hashes: Hashes,
  hooks: OpenHooks,
  warn: Warn,
  way: NotFiniteWay
): Promise<DecodedSplit> {
  hooks.check()
  hooks.onProgress(STAGES[name], 0)
  const opened = await openedFor(planned, warn, way)
  if (isHashedInPlace(opened)) {
    const { inPlace } = opened
    const { channels, count } = inPlace
    const hashed = hashes.of(inPlace.path, inPlace.offset)
    const pixelHash = async (): Promise<string> => (await hashed).sha256
    const labels = await labelsFor(opened, planned, count)
    const { path } = planned
    return { name, path, opened, type: opened.minType, channels, count, pixelHash, labels }
  }
  const perPixelGroup = opened.height * opened.width
  const file = join(folder, `${name}.pixels`)
  const writer =
    opened.inPlace === undefined
      ? await SplitWriter.create(file, planned.path, opened.minType, {
          crc32: opened.crc32,
          onRewrite: () => hooks.onDecoded?.rewritten(name) ?? Promise.resolve()
        })
      : undefined
  const hash = createHash('sha256')
  let values = 0
  let channels = 1
  const finite = new FiniteImages(opened, planned.path, way)
  const ahead =
    opened.areLabelsApart === true ? labelsFor(opened, planned, opened.count!) : undefined
  ahead?.catch(() => undefined) // what is wrong with the images is said first
  try {
    for await (const chunk of finite.chunks()) {
      hooks.check()
      if (writer === undefined) {
        narrowest(chunk.values, planned.path, values)
        values += chunk.values.length
        channels = chunk.channels
        hash.update(
          new Uint8Array(chunk.values.buffer, chunk.values.byteOffset, chunk.values.byteLength)
        )
      } else {
        await writer.add(chunk)
        tellDecoded(name, file, opened, writer, hooks)
      }
      hooks.onProgress(STAGES[name], chunk.fraction)
    }
    if (finite.warning !== undefined) warn(finite.warning)
    if (writer?.rounded !== undefined) {
      warn(`Values such as ${writer.rounded} were rounded to 32-bit floats; precision was lost.`)
    }
    channels = writer?.channels ?? channels
    const count = (writer?.values ?? values) / (perPixelGroup * channels)
    const labels = await (ahead ?? labelsFor(opened, planned, count + finite.leftOut))
    return {
      name,
      path: planned.path,
      opened,
      writer,
      type: writer?.type ?? opened.minType,
      channels,
      count,
      pixelHash: writer === undefined ? async () => hash.digest('hex') : undefined,
      labels: labels && finite.labelsOf(labels)
    }
  } catch (thrown) {
    await ahead?.catch(() => undefined)
    await writer?.close()
    throw thrown
  }
}

function tellDecoded(
  split: SplitName,
  file: string,
  { height, width }: OpenedSplit,
  { type: dtype, channels, written }: SplitWriter,
  { onDecoded }: OpenHooks
): void {
  const images = Math.floor(written / (height * width * channels * BYTES_PER_PIXEL[dtype]))
  onDecoded?.decoded({ split, file, shape: { height, width, channels, dtype }, images })
}

/** What is changed cannot be its own store. */
async function openedFor(
  planned: ReadableSplit,
  warn: Warn,
  way: NotFiniteWay
): Promise<OpenedSplit> {
  const opened = await planned.open(warn)
  return way === 'refuse' || opened.minType !== 'float32' ? opened : elsewhere(opened)
}

/** Throws NormscopeError 'count-mismatch' unless there is one label per image, or none at all. */
async function labelsFor(
  opened: OpenedSplit,
  { path }: ReadableSplit,
  count: number
): Promise<LabelValues | undefined> {
  if (count === 0) throw withoutImages(path)
  const labels = await opened.labels?.(count)
  if (labels !== undefined) checkCounts(path, count, labels.length)
  return labels
}

/** Throws NormscopeError 'split-mismatch' where images of the two splits differ in size. */
function alike(train: DecodedSplit, test: DecodedSplit): void {
  const size = ({ opened }: DecodedSplit): string => `${opened.height} × ${opened.width}`
  if (size(train) === size(test)) return
  const sizes = new Sizes()
  for (const { opened, count } of [train, test]) sizes.add(opened, count)
  throw new NormscopeError({
    code: 'split-mismatch',
    message: `The training images are ${size(train)} pixels, the test images ${size(test)}; both must have one size. Sizes found: ${sizes.found()}.`,
    path: test.path,
    expected: size(train),
    actual: sizes.found(),
    hint: sizes.hint([train, test].every(({ opened }) => opened.resizable === true))
  })
}

async function finish(
  plan: DatasetPlan,
  splits: readonly DecodedSplit[],
  folder: string,
  checksums: Map<string, number>,
  warnings: readonly string[],
  warn: Warn
): Promise<StoredDataset> {
  const dtype = splits.map((split) => split.type).reduce(widest)
  const channels = Math.max(...splits.map((split) => split.channels))
  const hashes: string[] = []
  const stored: Partial<Record<SplitName, StoredSplit>> = {}
  const { classNames, labels, counts } = mapLabels(
    plan.train.path,
    splits.map((split) => split.labels),
    warn
  )
  const missing = missingLabels(
    plan.format.labelling,
    splits.map(({ name, labels }) => ({ name, labelled: labels !== undefined }))
  )
  if (missing !== undefined) warn(missing)
  const { height, width } = splits[0]!.opened
  const id = createHash('sha256').update(JSON.stringify({ height, width, channels, dtype }))
  for (const [index, split] of splits.entries()) {
    const differs = split.type !== dtype || split.channels !== channels
    if (split.channels !== channels) {
      warn(
        `The ${split.name} images are grey and the others colour; grey was stored as equal red, green and blue.`
      )
    }
    const writer = split.writer ?? (differs ? await copied(split, folder) : undefined)
    const pixels = await finished(writer, dtype, channels)
    if (pixels !== undefined) checksums.set(`${split.name}.pixels`, pixels.crc32)
    const own = labels[index]
    const written = own && (await writeLabels(own, join(folder, `${split.name}.labels`)))
    if (written) checksums.set(`${split.name}.labels`, written.crc32)
    const pixelHash = pixels?.sha256 ?? (await split.pixelHash!())
    hashes.push(pixelHash)
    id.update(JSON.stringify([split.name, split.count, written?.sha256, pixelHash]))
    const { inPlace } = split.opened
    stored[split.name] = {
      count: split.count,
      pixels:
        writer === undefined && inPlace !== undefined
          ? {
              source: plan.sources.findIndex((source) => source.path === inPlace.path),
              offset: inPlace.offset
            }
          : { file: `${split.name}.pixels` },
      ...(own && { labels: `${split.name}.labels`, classCounts: counts[index] })
    }
  }
  const known =
    dtype === 'uint8' && classNames.every((name) => /^\d+$/.test(name))
      ? recognise(hashes, classNames.length)
      : undefined
  return {
    id: id.digest('hex'),
    name: known?.name,
    height,
    width,
    channels,
    dtype,
    classNames: known?.classNames ?? namesGiven(classNames, plan.classNames),
    splits: stored,
    warnings
  }
}

/** The names given for the labels 0, 1, 2, … in place of these numbers. */
function namesGiven(labels: readonly string[], given: readonly string[] = []): readonly string[] {
  const names = labels.map((label) => given[Number(label)])
  return names.every((name) => name !== undefined) ? (names as string[]) : labels
}

async function finished(
  writer: SplitWriter | undefined,
  dtype: PixelType,
  channels: number
): Promise<Awaited<ReturnType<SplitWriter['finish']>> | undefined> {
  try {
    await writer?.widen(dtype, channels)
    return await writer?.finish()
  } finally {
    await writer?.close()
  }
}

/** A file that would have been its own store, but whose other split needs a wider type. */
async function copied(split: DecodedSplit, folder: string): Promise<SplitWriter> {
  const { path, offset } = split.opened.inPlace!
  const writer = await SplitWriter.create(join(folder, `${split.name}.pixels`), path, split.type)
  const values = split.opened.height * split.opened.width * split.channels
  try {
    await writer.copyFrom(path, offset, split.count * values, split.channels)
    return writer
  } catch (thrown) {
    await writer.close()
    throw thrown
  }
}

/** Little-endian, as they are stored. */
async function writeLabels(labels: Int32Array, file: string): Promise<WrittenFile> {
  const bytes = new Uint8Array(labels.buffer, labels.byteOffset, labels.byteLength)
  await onFile(file, () => writeFile(file, bytes))
  return { sha256: createHash('sha256').update(bytes).digest('hex'), crc32: crc32(bytes) }
}

/** Bytes that a split's pixels take. */
export function pixelBytes(set: StoredDataset, split: StoredSplit): number {
  return split.count * set.height * set.width * set.channels * BYTES_PER_PIXEL[set.dtype]
}
