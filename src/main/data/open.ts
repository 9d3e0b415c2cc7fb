import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { NormscopeError } from '../../core/error'
import type { Dataset } from '../../core/dataset/dataset'
import { findDataset } from '../../core/format/find'
import type { DatasetPlan } from '../../core/format/find'
import type { Format } from '../../core/format/format'
import { findSeveral } from '../../core/format/several'
import { FORMATS } from '../../core/format/formats'
import type { PictureOptions } from '../../core/format/pictures'
import type { NotFiniteWay } from '../../core/format/not-finite'
import { labelsPathsOf } from '../../core/study/opened-from'
import type { OpenedFrom } from '../../core/study/opened-from'
import { ANYWHERE } from '../disk/allowed'
import type { CheckPath } from '../disk/allowed'
import { cacheFolder } from '../user/cache'
import type { DecoderOptions } from './files/decoder-process'
import { storeFolder } from './store/entry'
import type { StoreOptions } from './store/entry'
import { throwIfCancelled } from './hooks'
import type { DecodedWatcher, OpenHooks } from './hooks'
import { createFiles } from './files/node-files'
import { namedPaths } from './named-paths'
import { openRecalled, openStored } from './store/store'
import { Touched } from './store/touched'

export interface OpenOptions {
  /** a file with one label per image, or one for each path; a pattern or a list of them */
  readonly labelsPath?: OpenedFrom['labelsPath']
  /** a data set whose images become the test split */
  readonly testPath?: string
  /** how picture files are made alike */
  readonly pictures?: PictureOptions
  /** images with pixels that are no finite numbers; default: refused */
  readonly notFinite?: NotFiniteWay
  /** fraction in [0, 1], undefined where it cannot be told */
  readonly onProgress?: (stage: string, fraction?: number) => void
  readonly signal?: AbortSignal
  /** told of images as they are decoded; not where they were before, or lie in the file as they are */
  readonly onDecoded?: DecodedWatcher
  readonly store?: StoreOptions
  readonly decoder?: DecoderOptions
  /** what may be opened besides the app's own sets; default: anything */
  readonly checkPath?: CheckPath
  /** what can be opened; default: FORMATS */
  readonly formats?: readonly Format[]
}

/** A data set that is opened by a word and lies in a folder. */
const FASHION_MNIST = 'fashion-mnist'

/**
 * Opens a data set: a file, a folder, several of them, `fashion-mnist` or a format's word. A pattern and
 * @list.txt stand for what they name. Its numbers lie on disk afterwards, in the original file or
 * decoded in the store. Throws NormscopeError; 'cancelled'
 * where the signal asked for it, or what it was ended for. Leaves no partial file.
 */
export async function openDataset(
  path: string | readonly string[],
  options: OpenOptions = {}
): Promise<Dataset> {
  const paths = typeof path === 'string' ? [path] : path
  const { labelsPath, testPath, pictures, formats = FORMATS, signal, store } = options
  const { checkPath = ANYWHERE } = options
  const hooks: OpenHooks = {
    onProgress: options.onProgress ?? (() => undefined),
    check: () => throwIfCancelled(signal),
    onDecoded: options.onDecoded
  }
  const own = [...paths, testPath].includes(FASHION_MNIST) ? fashionFolder() : undefined
  const unpacked = join(storeFolder(store ?? {}), 'new-')
  const check: CheckPath = (asked) =>
    asked.startsWith(unpacked) || (own !== undefined && asked.startsWith(own))
      ? ANYWHERE(asked)
      : checkPath(asked)
  const touched = new Touched((asked) => asked.startsWith(unpacked))
  const files = touched.by(createFiles(hooks, options.decoder, check, store))
  try {
    hooks.check()
    const isWord = (one: string): boolean =>
      one === FASHION_MNIST || formats.some(({ word }) => word === one)
    const placesOf = async (given: readonly string[]): Promise<readonly string[]> => {
      const named = await namedPaths(given, { isWord, checkPath: check, signal })
      return Promise.all(named.map((one) => (one === FASHION_MNIST ? fashionMnist() : one)))
    }
    const find = (places: readonly string[], labelled: readonly string[]): Promise<DatasetPlan> =>
      places.length === 1 && labelled.length <= 1
        ? findDataset(places[0]!, labelled[0], files, formats, pictures)
        : findSeveral(places, labelled, files, formats, pictures)
    const noWord = { isWord: () => false, checkPath: check, signal }
    const labels = await namedPaths(labelsPathsOf(labelsPath), noWord)
    const places = await placesOf(paths)
    const tested = testPath === undefined ? undefined : await placesOf([testPath])
    const isFashion = paths.length === 1 && paths[0] === FASHION_MNIST
    const ids = formats.map(({ id }) => id)
    const asked = { places, labels, tested, isFashion, pictures, notFinite: options.notFinite, ids }
    const opening = { asked, touched, checkPath: check }
    const recalled = await openRecalled(opening, hooks, store)
    if (recalled !== undefined) return recalled
    const found = await find(places, labels)
    const named = isFashion ? { ...found, name: 'Fashion-MNIST' } : found
    const plan = tested === undefined ? named : joined(named, await find(tested, []))
    const finite = withFinite(plan, options.notFinite)
    const dataset = await openStored(finite, hooks, store, opening)
    hooks.check()
    return dataset
  } finally {
    await files.close()
  }
}

/** Another recipe, for what is decoded is another set. */
function withFinite(plan: DatasetPlan, notFinite: NotFiniteWay | undefined): DatasetPlan {
  if (notFinite === undefined || notFinite === 'refuse') return plan
  return { ...plan, recipe: JSON.stringify([plan.recipe, notFinite]), notFinite }
}

/** Where the set-up puts Fashion-MNIST. */
function fashionFolder(): string {
  const given = process.env.NORMSCOPE_FASHION_MNIST
  return given !== undefined && given !== '' ? given : join(cacheFolder(), FASHION_MNIST)
}

async function fashionMnist(): Promise<string> {
  const folder = fashionFolder()
  try {
    if ((await stat(folder)).isDirectory()) return folder
  } catch {
    // said below
  }
  throw new NormscopeError({
    code: 'fashion-mnist-missing',
    message: `Fashion-MNIST is not on this computer: the folder ${folder} does not exist. Run the set-up again with a network connection, or open the generated set instead.`,
    path: folder,
    expected: 'the four files of Fashion-MNIST',
    actual: 'no such folder',
    hint: 'Open “generated”, or set NORMSCOPE_FASHION_MNIST to a folder with the four files.'
  })
}

/** The first plan's training images with the second's images for testing. */
function joined(train: DatasetPlan, test: DatasetPlan): DatasetPlan {
  return {
    ...train,
    sources: [...train.sources, ...test.sources],
    recipe: JSON.stringify([train.recipe, 'with', test.format.id, test.recipe]),
    test: test.test ?? test.train,
    warnings: [...train.warnings, ...test.warnings]
  }
}
