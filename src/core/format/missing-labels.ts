import { isLabelled } from '../dataset/dataset'
import type { Dataset, SplitName } from '../dataset/dataset'
import { NormscopeError } from '../error'
import { FORMATS } from './formats'

const SPLIT_WORDS = { train: 'training', test: 'test' } as const

/** What is said of the splits that have no labels; undefined where all have some. */
export function missingLabels(
  labelling: string,
  splits: readonly { readonly name: SplitName; readonly labelled: boolean }[]
): string | undefined {
  const without = splits.filter(({ labelled }) => !labelled)
  if (without.length === 0) return undefined
  const how = `To train on them, ${labelling}.`
  if (without.length === splits.length) return `These images have no labels. ${how}`
  const word = SPLIT_WORDS[without[0]!.name]
  return without[0]!.name === 'train'
    ? `The ${word} images have no labels. ${how}`
    : `The ${word} images have no labels: they can be viewed, but runs are tested on images held out of the training split.`
}

/** The error of whatever needs the labels of a split that has none. */
export function unlabelled(
  { name, format, splits }: Pick<Dataset, 'name' | 'format' | 'splits'>,
  split: SplitName = 'train'
): NormscopeError {
  const labelling = FORMATS.find(({ id }) => id === format)?.labelling ?? 'give a labels file'
  const alone = !isLabelled(splits.train) && !isLabelled(splits.test)
  const which = alone ? 'images' : `${SPLIT_WORDS[split]} images`
  return new NormscopeError({
    code: 'unlabelled',
    message: `The ${which} of ${name} have no labels, so they cannot be trained on or sorted by class. To add labels, ${labelling}.`,
    expected: 'one label per image',
    actual: 'images only',
    hint: 'Give the labels with --labels FILE, or in the window with “Add labels…”.'
  })
}
