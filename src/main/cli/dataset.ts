import { resolve } from 'node:path'
import { withClassNames } from '../../core/dataset/class-names'
import type { Dataset, SplitName } from '../../core/dataset/dataset'
import { errorFacts } from '../../core/error'
import type { Format } from '../../core/format/format'
import { listOfFormats, namedDatasets } from '../../core/format/lists'
import { NOT_FINITE_WAYS } from '../../core/format/not-finite'
import type { NotFiniteWay } from '../../core/format/not-finite'
import { MAX_PIXELS, pictureOptions } from '../../core/format/pictures'
import type { PictureOptions } from '../../core/format/pictures'
import { grouped } from '../../core/numbers'
import { labelsPathOf } from '../../core/study/opened-from'
import type { OpenedFrom } from '../../core/study/opened-from'
import { openToCount } from '../engine/dataset/counts-ahead'
import { startThreads } from '../engine/dataset/parts'
import { readClassNames, withKeptNames } from '../user/class-names'
import { keptPath, LIST } from '../disk/kept-path'
import { dataFolder } from '../user/data-folder'
import type { Context } from './command'
import { text, texts, UsageError, word } from './usage'

/** The paths of a data set, in a command's usage. */
export const PATHS = '<path> [...paths]'

/** How a data set is opened, for every command that opens one. */
export const OPEN_OPTIONS = [
  [
    '--labels <file>',
    'File with the labels, if it is not found by its name; given again, one for each path'
  ],
  ['--resize <size>', 'Picture files: resize all to this height and width (28x28)'],
  ['--pad <size>', 'Picture files: the same with sides in proportion, on black'],
  ['--background <colour>', 'Picture files: composite alpha on black or white'],
  ['--damaged <what>', 'Picture files: refuse damaged ones, or leave-out (refuse)'],
  ['--not-finite <what>', 'Images with NaN or infinite pixels: refuse, leave-out or zero (refuse)']
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
    body: [
      `${listOfFormats(formats)}; files may be gzipped. In place of a path: ${namedDatasets(formats).join(', ')}.`,
      'Several paths are one data set, in their order; where names say test, those are the test images.',
      `'shards/*.parquet' in quotes stands for the files that match it, ${LIST}list.txt for those that a text file names, one a line.`
    ]
      .map((line) => `  ${line}`)
      .join('\n')
  }
}

/** What a data set is opened from, for whoever opens it again from another folder. */
export function sourceOf(
  paths: readonly string[],
  options: Readonly<Record<string, unknown>>
): OpenedFrom {
  const labels = texts(options, 'labels', '--labels')
  const test = text(options, 'test', '--test')
  const pictures = picturesOf(options)
  const notFinite = notFiniteOf(options)
  return {
    paths: paths.map((path) => keptPath(path)),
    ...(labels.length > 0 && { labelsPath: labelsPathOf(labels.map((path) => keptPath(path))) }),
    ...(test === undefined ? {} : { testPath: resolve(test) }),
    ...(pictures && { pictures }),
    ...(notFinite && { notFinite })
  }
}

function notFiniteOf(options: Readonly<Record<string, unknown>>): NotFiniteWay | undefined {
  return word(options, 'notFinite', '--not-finite', NOT_FINITE_WAYS)
}

const SIZE = /^(\d{1,8})[x×](\d{1,8})$/i

/** How a command has picture files made alike; undefined where it says nothing of it. */
function picturesOf(options: Readonly<Record<string, unknown>>): PictureOptions | undefined {
  const background = word(options, 'background', '--background', ['black', 'white'] as const)
  const damaged = word(options, 'damaged', '--damaged', ['refuse', 'leave-out'] as const)
  const sizes = (['resize', 'pad'] as const).flatMap((key) => {
    const given = text(options, key, `--${key}`)
    if (given === undefined) return []
    const [, height, width] = SIZE.exec(given.trim()) ?? []
    const fit = key === 'pad' ? 'pad' : 'stretch'
    const size = { height: Number(height), width: Number(width), fit } as const
    if (pictureOptions.safeParse({ size }).success) return [size]
    throw new UsageError(
      `--${key} expects a height and a width of at least 1 pixel, as in 28x28, and at most ${grouped(MAX_PIXELS)} pixels in all, not "${given}".`
    )
  })
  if (sizes.length > 1) throw new UsageError('--resize and --pad were both given; give one.')
  const pictures: PictureOptions = {
    ...(background && { background }),
    ...(sizes[0] && { size: sizes[0] }),
    ...(damaged === 'leave-out' && { damaged })
  }
  return Object.keys(pictures).length > 0 ? pictures : undefined
}

const opened = new Map<string, OpenedFrom>()

/** What a data set that `openFor` gave was opened from. */
export function openedFrom({ id }: Dataset): OpenedFrom | undefined {
  return opened.get(id)
}

/**
 * Opens the data set a command names, with progress; its warnings go to stderr. `counted`: splits whose
 * images the command counts; default: all.
 */
export async function openFor(
  context: Context,
  paths: readonly string[],
  options: Readonly<Record<string, unknown>>,
  counted?: readonly SplitName[]
): Promise<Dataset> {
  const source = sourceOf(paths, options)
  const found = await openSource(context, source, counted)
  opened.set(found.id, source)
  const names = text(options, 'classNames', '--class-names')?.split(',')
  const dataset = names ? withClassNames(found, names) : underKeptNames(found)
  for (const warning of dataset.warnings) context.output.log(`note: ${warning}`)
  return dataset
}

/** Opens what was opened before, here or on another computer. */
export async function openSource(
  { output, signal }: Context,
  { paths, ...more }: OpenedFrom,
  counted?: readonly SplitName[]
): Promise<Dataset> {
  startThreads()
  const dataset = await openToCount(paths, {
    ...more,
    counted,
    signal,
    onProgress: (stage, fraction) => output.progress.show(stage, fraction)
  })
  output.progress.clear()
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
    return await openFor(context, ['fashion-mnist'], {})
  } catch (thrown) {
    if (errorFacts(thrown).code !== 'fashion-mnist-missing') throw thrown
    context.output.log(
      'note: Fashion-MNIST is not on this machine; the generated set is used instead, ' +
        'so the figures are not those of the question.'
    )
    return openFor(context, ['generated'], {})
  }
}
