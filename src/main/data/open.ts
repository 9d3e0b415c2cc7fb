import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { NormscopeError } from '../../core/error'
import type { Dataset } from '../../core/dataset/dataset'
import {
  GENERATED_CLASSES,
  GENERATED_COUNTS,
  GENERATED_VERSION,
  openGeneratedSplit
} from '../../core/format/generated/generated'
import { cacheFolder } from '../user/cache'
import { throwIfCancelled } from './cancel'
import type { DecoderOptions } from './decoder-process'
import { findDataset } from './find'
import { createOpener } from './opener'
import type { OpenHooks, Opener } from './opener'
import type { DatasetPlan } from './plan'
import { stored } from './store'
import type { StoreOptions } from './entry'

export interface OpenOptions {
  /** a file with one label per image; IDX, NPY or CSV */
  readonly labelsPath?: string
  /** a data set whose images become the test split */
  readonly testPath?: string
  /** fraction in [0, 1], undefined where it cannot be told */
  readonly onProgress?: (stage: string, fraction?: number) => void
  readonly signal?: AbortSignal
  readonly store?: StoreOptions
  readonly decoder?: DecoderOptions
}

/**
 * Opens a data set: a file, a folder, `fashion-mnist` or `generated`. Its numbers lie on disk
 * afterwards, in the original file or decoded in the store. Throws NormscopeError; 'cancelled'
 * where the signal asked for it, or what it was ended for. Leaves no partial file.
 */
export async function openDataset(path: string, options: OpenOptions = {}): Promise<Dataset> {
  const hooks: OpenHooks = {
    onProgress: options.onProgress ?? (() => undefined),
    check: () => throwIfCancelled(options.signal)
  }
  const opener = createOpener(hooks, options.decoder)
  const plans: DatasetPlan[] = []
  try {
    hooks.check()
    plans.push(await planOf(path, options.labelsPath, opener))
    if (options.testPath !== undefined) {
      plans.push(await planOf(options.testPath, undefined, opener))
    }
    const plan = plans.length === 1 ? plans[0]! : joined(plans[0]!, plans[1]!)
    const dataset = await stored(plan, hooks, options.store)
    hooks.check()
    return dataset
  } finally {
    for (const plan of plans) await plan.close()
    await opener.closeAll()
  }
}

async function planOf(
  path: string,
  labelsPath: string | undefined,
  opener: Opener
): Promise<DatasetPlan> {
  const labels = labelsPath === undefined ? undefined : resolve(labelsPath)
  if (path === 'generated') return generatedPlan()
  if (path === 'fashion-mnist') {
    return { ...(await findDataset(await fashionMnist(), labels, opener)), name: 'Fashion-MNIST' }
  }
  return findDataset(resolve(path), labels, opener)
}

function generatedPlan(): DatasetPlan {
  return {
    name: 'Generated garments',
    format: 'generated',
    sources: [],
    recipe: JSON.stringify(['generated', GENERATED_VERSION, GENERATED_COUNTS]),
    train: {
      path: 'generated',
      open: () => Promise.resolve(openGeneratedSplit('train', setImmediate))
    },
    test: {
      path: 'generated',
      open: () => Promise.resolve(openGeneratedSplit('test', setImmediate))
    },
    warnings: [],
    classNames: GENERATED_CLASSES,
    close: () => Promise.resolve()
  }
}

/** Where the set-up put Fashion-MNIST. */
async function fashionMnist(): Promise<string> {
  const given = process.env.NORMSCOPE_FASHION_MNIST
  const folder = given !== undefined && given !== '' ? given : join(cacheFolder(), 'fashion-mnist')
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
  const used = test.test ?? test.train
  return {
    ...train,
    sources: [...train.sources, ...test.sources],
    recipe: JSON.stringify([train.recipe, 'with', test.format, test.recipe]),
    test: used,
    warnings: [...train.warnings, ...test.warnings]
  }
}
