import { NormscopeError } from '../../core/error'
import { NUMBER_TYPES } from '../../core/format/number-type'
import { npyImages, npyShape, openNpy, storable } from '../../core/format/numpy/npy'
import type { OpenedNpy } from '../../core/format/numpy/npy'
import { readNpyLabels } from '../../core/format/numpy/npy-labels'
import { imagesOfNames, splitsOfNames } from '../../core/format/numpy/npz'
import type { FoundArrays } from '../../core/format/numpy/npz'
import type { OpenedSplit } from '../../core/format/opened'
import { baseName, contentOf } from '../../core/format/source'
import type { Warn, ZipArchive } from '../../core/format/source'
import { labelsFor } from '../../core/format/idx/names'
import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { FileSource } from './files'
import { readLabelsFile } from './labels-file'
import type { Opener } from './opener'
import { nameOf, sourcesOf } from './plan'
import type { DatasetPlan, PlannedSplit } from './plan'
import { nodeTools } from './tools'

/** A split of two NumPy arrays. */
async function openedSplit(
  array: OpenedNpy,
  labels: OpenedSplit['labels'],
  original: string | undefined,
  warn: Warn
): Promise<OpenedSplit> {
  try {
    const shape = npyShape(array, warn)
    const own = original !== undefined && storable(array, shape)
    return {
      height: shape.height,
      width: shape.width,
      least: NUMBER_TYPES[array.type].least,
      inPlace: own ? { path: original, offset: array.offset } : undefined,
      chunks: () => npyImages(array, shape),
      labels
    }
  } catch (thrown) {
    await array.reader.close()
    throw thrown
  }
}

/** Arrays by name in one archive. Throws NormscopeError 'corrupt-zip', 'truncated-file', 'unknown-arrays'. */
export async function npzPlan(
  source: FileSource,
  labelsPath: string | undefined,
  opener: Opener
): Promise<DatasetPlan> {
  const path = source.name
  const archive = await nodeTools.unzip(source)
  try {
    const names = archive.entries
      .filter(({ name }) => /\.npy$/i.test(name))
      .map(({ name }) => name.replace(/\.npy$/i, ''))
    if (names.length === 0) throw noArrays(path, archive)
    const splits =
      labelsPath === undefined
        ? splitsOfNames(path, names)
        : { train: { images: imagesOfNames(path, names), labels: undefined } }
    const { train, test } = splits
    const warnings =
      train === undefined
        ? ['There are no training images; the test images are used as the training split.']
        : []
    return {
      name: nameOf(path),
      format: 'npz',
      sources: sourcesOf([path, labelsPath]),
      recipe: JSON.stringify(['npz', splits]),
      train: npzSplit(path, archive, (train ?? test)!, labelsPath, opener),
      test: train && test && npzSplit(path, archive, test, undefined, opener),
      warnings,
      close: async () => {
        archive.close()
        await opener.closeAll()
      }
    }
  } catch (thrown) {
    archive.close()
    throw thrown
  }
}

function npzSplit(
  path: string,
  archive: ZipArchive,
  names: FoundArrays,
  labelsPath: string | undefined,
  opener: Opener
): PlannedSplit {
  const member = (name: string): [string, AsyncIterable<Uint8Array>, number] => {
    const entry = archive.entries.find((one) => one.name.replace(/\.npy$/i, '') === name)!
    return [`${path}/${entry.name}`, entry.chunks(), entry.size]
  }
  const { images, labels } = names
  const inside: OpenedSplit['labels'] =
    labels === undefined ? undefined : (count) => readNpyLabels(...member(labels), count)
  return {
    path,
    open: async (warn) =>
      openedSplit(
        await openNpy(...member(images)),
        labelsPath === undefined
          ? inside
          : (images) => readLabelsFile(labelsPath, opener, warn, images),
        undefined,
        warn
      )
  }
}

/** One array of images; its labels are in a file of their own. */
export async function npyPlan(
  source: FileSource,
  labelsPath: string | undefined,
  opener: Opener
): Promise<DatasetPlan> {
  const path = source.name
  const folder = dirname(path)
  const beside =
    labelsPath === undefined
      ? besideName(baseName(path), await readdir(folder).catch(() => []))
      : undefined
  const labels = labelsPath ?? (beside === undefined ? undefined : join(folder, beside))
  const content = await contentOf(source, nodeTools, () => undefined)
  return {
    name: nameOf(path),
    format: 'npz',
    sources: sourcesOf([path, labels]),
    recipe: 'npy',
    train: {
      path,
      open: async (warn) => {
        const size = content.gzipped ? undefined : source.size
        return openedSplit(
          await openNpy(path, content.chunks(), size),
          labels === undefined
            ? undefined
            : (images) => readLabelsFile(labels, opener, warn, images),
          content.gzipped ? undefined : path,
          warn
        )
      }
    },
    warnings: [],
    close: () => opener.closeAll()
  }
}

/** images.npy -> labels.npy, x_train.npy -> y_train.npy. */
function besideName(name: string, names: readonly string[]): string | undefined {
  const byWord = labelsFor(name, names)
  if (byWord !== undefined) return byWord
  const renamed = name
    .replace(/^x(?=[_.-])/, 'y')
    .replace(/^X(?=[_.-])/, 'y')
    .replace(/([_-])x(?=\.)/i, '$1y')
  if (renamed === name) return undefined
  return names.find((other) => other.toLowerCase() === renamed.toLowerCase())
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
