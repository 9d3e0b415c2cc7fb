import { resolve } from 'node:path'
import { withClassNames } from '../../core/dataset/class-names'
import type { Dataset } from '../../core/dataset/dataset'
import { errorFacts } from '../../core/error'
import type { Format } from '../../core/format/format'
import { FORMATS } from '../../core/format/formats'
import { listOfFormats, namedDatasets } from '../../core/format/lists'
import type { Provenance } from '../../core/study/study'
import { startThreads } from '../engine/dataset/parts'
import { readClassNames, withKeptNames } from '../user/class-names'
import { openDataset } from '../data/open'
import { dataFolder } from '../user/data-folder'
import type { Context } from './command'
import { text } from './usage'

export const LABELS_OPTION = [
  '--labels <file>',
  'File with the labels, if it is not found by its name'
] as const
export const TEST_OPTION = ['--test <path>', 'Test images, if the data set has none'] as const

/** Names of the classes for this command alone; others are kept by the window. */
export const CLASS_NAMES_OPTION = [
  '--class-names <names>',
  'Class names in the order of the labels, separated by commas'
] as const

/** What a path can be, as a part of the help. */
export function pathHelp(formats: readonly Format[]): {
  readonly title: string
  readonly body: string
} {
  return {
    title: 'Path',
    body: `  ${listOfFormats(formats)}; files may be gzipped. In place of a path: ${namedDatasets(formats).join(', ')}.`
  }
}

/** What a data set is opened from, for whoever opens it again from another folder. */
export function sourceOf(
  path: string,
  options: Readonly<Record<string, unknown>>
): Required<Provenance>['openedFrom'] {
  const [labels, test] = [text(options, 'labels', '--labels'), text(options, 'test', '--test')]
  return {
    path: namedDatasets(FORMATS).includes(path) ? path : resolve(path),
    ...(labels === undefined ? {} : { labelsPath: resolve(labels) }),
    ...(test === undefined ? {} : { testPath: resolve(test) })
  }
}

/** Opens the data set a command names, with progress; its warnings go to stderr. */
export async function openFor(
  { output, signal }: Context,
  path: string,
  options: Readonly<Record<string, unknown>>
): Promise<Dataset> {
  startThreads()
  const found = await openDataset(path, {
    labelsPath: text(options, 'labels', '--labels'),
    testPath: text(options, 'test', '--test'),
    signal,
    onProgress: (stage, fraction) => output.progress.show(stage, fraction)
  })
  output.progress.clear()
  const names = text(options, 'classNames', '--class-names')?.split(',')
  const dataset = names ? withClassNames(found, names) : underKeptNames(found)
  for (const warning of dataset.warnings) output.log(`note: ${warning}`)
  return dataset
}

/** Who has no folder to keep names in has named nothing. */
function underKeptNames(dataset: Dataset): Dataset {
  let folder: string
  try {
    folder = dataFolder()
  } catch {
    return dataset
  }
  return withKeptNames(dataset, readClassNames(folder))
}

/** Fashion-MNIST where the machine has it, else the generated set, and says which. */
export async function openQuestionDataset(context: Context): Promise<Dataset> {
  try {
    return await openFor(context, 'fashion-mnist', {})
  } catch (thrown) {
    if (errorFacts(thrown).code !== 'fashion-mnist-missing') throw thrown
    context.output.log(
      'note: Fashion-MNIST is not on this machine; the generated set is used instead, ' +
        'so the figures are not those of the question.'
    )
    return openFor(context, 'generated', {})
  }
}
