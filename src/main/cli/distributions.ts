import { choiceRecord } from '../../core/preprocessing/choices'
import { CHOICE_IDS } from '../../core/preprocessing/preprocessing'
import type { ChoiceSpec } from '../../core/preprocessing/preprocessing'
import { classMoments } from '../../core/statistics/class-moments'
import { constantsReport } from '../engine/figures/constants'
import { eachChoice } from '../engine/figures/each-choice'
import {
  distributionOf,
  featureMomentsAfter,
  imageMomentsAfter,
  lookOnce
} from '../engine/figures/distributions'
import { choiceTable } from '../engine/figures/choice-table'
import { OpenSet } from '../engine/dataset/open-set'
import { watched } from '../engine/dataset/parts'
import type { Command } from './command'
import { choiceSpecs, CUSTOM_OPTIONS } from './configuration'
import { OPEN_OPTIONS, openFor, PATHS } from './dataset'
import { SPLITS } from './inspect'
import { tableLines } from './table'
import { number, UsageError, word } from './usage'

const DEFAULT_BINS = 64

/** What each choice does to the pixel values: moments and exact histograms. */
export const distributions: Command = {
  usage: `distributions ${PATHS}`,
  description: 'Show what preprocessing choices do to the pixel values: moments and histograms',
  options: [
    ...OPEN_OPTIONS,
    ['--split <split>', 'train, test or all (train); choices are fitted on the training split'],
    ['--choice <ids>', `One choice, several separated by commas, or all: ${CHOICE_IDS.join(', ')}`],
    ...CUSTOM_OPTIONS,
    ['--bins <count>', `Number of histogram bins (${DEFAULT_BINS})`],
    ['--moments', 'With --json: mean and std of each pixel and of each class too']
  ],
  example: 'normscope distributions fashion-mnist --choice raw,unit,standardised',
  async run(context, paths, options) {
    const split = word(options, 'split', '--split', SPLITS) ?? 'train'
    const bins = number(options, 'bins', '--bins', { integer: true, min: 1, max: 100_000 })
    const choices = choiceSpecs(options, 'choice', '--choice')
    if (!choices)
      throw new UsageError(
        '--choice is missing.',
        'Name one or more choices, or give --choice all.'
      )
    const { output, signal } = context
    // choices are fitted on the training images, whatever is shown
    const counted = split === 'train' ? ([split] as const) : undefined
    const set = new OpenSet(await openFor(context, paths, options, counted))
    const onProgress = (stage: string, fraction?: number): void =>
      output.progress.show(stage, fraction)
    const measure = async (choice: ChoiceSpec) => {
      signal.throwIfAborted()
      output.progress.show(`Measuring ${choiceRecord(choice.id).name}`)
      const { parameters } = await set.fitted(choice)
      const measured = await distributionOf(set, choice, split, bins ?? DEFAULT_BINS)
      const constants = await constantsReport(set, choice)
      const moments = options.moments ? await momentsAfter(set, choice, split, bins) : undefined
      return { choice, parameters, measured, constants, moments }
    }
    const { found, problems } = await watched({ signal, onProgress }, async () => {
      await lookOnce(set, choices, split, bins ?? DEFAULT_BINS)
      return eachChoice(choices, measure)
    })
    signal.throwIfAborted()
    for (const { choice, error } of problems) {
      output.log(`note: ${choiceRecord(choice.id).name} is left out: ${error.message}`)
    }
    for (const { constants } of found) if (constants) output.log(`note: ${constants.sentence}`)
    output.give({
      problems: problems.map(({ choice, error }) => ({ id: choice.id, error })),
      choices: found.map(({ choice, parameters, measured, constants, moments }) => ({
        id: choice.id,
        parameters,
        constants,
        mean: measured.mean,
        std: measured.std,
        min: measured.min,
        max: measured.max,
        shareAtMinimum: measured.shareAtMinimum,
        effectiveFeatures: measured.effectiveFeatures,
        varyingFeatures: measured.varyingFeatures,
        approximation: measured.approximation,
        ...moments,
        histogram: { edges: [...measured.edges], counts: [...measured.counts] }
      }))
    })
    const { columns, rows } = choiceTable(
      found.map(({ choice, measured }) => ({ choice, ...measured }))
    )
    for (const line of tableLines(columns, rows)) output.say(line)
    for (const { choice, measured } of found) {
      if (!measured.approximation) continue
      output.say(`${choiceRecord(choice.id).name}: ${measured.approximation}`)
    }
  }
}

/** For programs: of each pixel, and of each class where all images of a split have labels. */
async function momentsAfter(
  set: OpenSet,
  choice: ChoiceSpec,
  split: (typeof SPLITS)[number],
  bins = DEFAULT_BINS
): Promise<object> {
  const pixels = await featureMomentsAfter(set, choice, split, bins)
  const labels = split === 'all' ? undefined : await set.labels(split)
  const { classNames } = set.dataset
  const classes =
    split !== 'all' && labels
      ? classMoments(await imageMomentsAfter(set, choice, split, bins), labels, classNames.length)
      : undefined
  return {
    ...(pixels && { pixels: { mean: [...pixels.mean], std: [...pixels.std] } }),
    ...(classes && { classes: { mean: [...classes.mean], std: [...classes.std] } })
  }
}
