import type { ChoiceRow, Distributions, EngineInput } from '../../../contract/engine'
import { NormscopeError } from '../../../core/error'
import type { Figure } from '../../../core/figure/figure'
import { histogramFigures, imageMomentsFigure, overlayFigure } from '../../../core/figure/pixels'
import { featuresOf } from '../../../core/dataset/dataset'
import type { Dataset, SplitName } from '../../../core/dataset/dataset'
import type { ChoiceSpec, FittedPreprocessing } from '../../../core/preprocessing/preprocessing'
import { choiceRecord, takesConstants } from '../../../core/preprocessing/choices'
import { DEFAULT_BINS, distribution } from '../../../core/preprocessing/distribution'
import type { Distribution } from '../../../core/preprocessing/distribution'
import { sampledDistribution, sampleStride } from '../../../core/preprocessing/image-distribution'
import { hasImageLevels } from '../../../core/preprocessing/image-levels'
import { transformedFeatureMoments } from '../../../core/preprocessing/feature-moments'
import type { FeatureMoments } from '../../../core/preprocessing/feature-moments'
import { joinMoments, transformedImageMoments } from '../../../core/preprocessing/image-moments'
import {
  absorbExtent,
  absorbTally,
  createExtent,
  createTally
} from '../../../core/statistics/counting/tally'
import type { MomentRows } from '../../../core/statistics/moments'
import { mergeSummaries } from '../../../core/statistics/summary'
import type { Summary } from '../../../core/statistics/summary'
import { yieldToEventLoop } from '../../processes/event-loop'
import type { SomeRows } from '../../statistics/jobs'
import { kernelsHere } from '../../statistics/kernels-here'
import { checkFinite } from '../dataset/finite'
import { measureLevels } from '../dataset/levels'
import type { Measured } from '../dataset/levels'
import type { OpenSet } from '../dataset/open-set'
import { inOrder, rangeParts, sharedChoice, sharedRoom, work } from '../dataset/parts'
import { eachChoice } from './each-choice'

type Shown = EngineInput<'distributions'>['split']

/** Images that a thread multiplies at once. */
const APPLIED_AT_ONCE = 250

/** What the values of a split become under a choice; computed once. */
export function distributionOf(
  set: OpenSet,
  choice: ChoiceSpec,
  split: Shown,
  bins?: number
): Promise<Distribution> {
  return set.remember(`distribution ${split} ${bins} ${JSON.stringify(choice)}`, async () => {
    const fitted = await set.fitted(choice)
    for (const each of splitsOf(set, split)) {
      await checkFinite(set.dataset, each, fitted, await set.summary(each))
    }
    const summary = await summaryOf(set, split)
    // threads get what they can do meanwhile first
    await yieldToEventLoop()
    const counted = distribution(fitted, summary, { bins, kernels: kernelsHere().kernels })
    if (counted) return counted
    if (hasLevels(set, fitted)) return (await levelsOf(set, choice, split, bins)).distribution
    const { dataset } = set
    const splits = splitsOf(set, split)
    const { count } = summary
    const every = sampleStride(fitted, count)
    if (every !== undefined) return sampledOf(dataset, splits, fitted, count, every, bins)
    return work(
      'distribution',
      { dataset, splits, fitted, count, bins },
      count * featuresOf(dataset)
    )
  })
}

/** Of every n-th image. */
async function sampledOf(
  dataset: Dataset,
  splits: readonly SplitName[],
  fitted: FittedPreprocessing,
  count: number,
  every: number,
  bins: number | undefined
): Promise<Distribution> {
  const features = featuresOf(dataset)
  const taken = Math.ceil(count / every)
  const values = new Float64Array(sharedRoom(taken * features * 8).buffer)
  const shared = sharedChoice(fitted)
  const parts: (SomeRows & { fitted: FittedPreprocessing; into: Float64Array })[] = []
  let before = 0
  let at = 0
  for (const split of splits) {
    const images = dataset.splits[split]!.count
    const places: number[] = []
    for (let row = (every - (before % every)) % every; row < images; row += every) places.push(row)
    before += images
    for (let from = 0; from < places.length; from += APPLIED_AT_ONCE) {
      const rows = Int32Array.from(places.slice(from, from + APPLIED_AT_ONCE))
      const into = values.subarray(at, (at += rows.length * features))
      parts.push({ dataset, split, rows, fitted: shared, into })
    }
  }
  const extent = createExtent(features, dataset.channels)
  await inOrder('applied', parts, values.length * features, (seen) => absorbExtent(extent, seen))
  const tally = createTally(extent, bins ?? DEFAULT_BINS)
  await inOrder(
    'tallied',
    parts.map(({ into }) => ({ fitted: shared, values: into, extent, bins })),
    values.length,
    (counted) => absorbTally(tally, counted)
  )
  return sampledDistribution(fitted, extent, tally, count)
}

/** What each image's values become where its bytes alone say it: counted once, for both figures. */
async function levelsOf(
  set: OpenSet,
  choice: ChoiceSpec,
  split: Shown,
  bins = DEFAULT_BINS
): Promise<Measured> {
  return set.remember(levelsKey(choice, split, bins), async () => {
    const [measured] = await countedTogether(set, [choice], split, bins)
    return measured!
  })
}

const levelsKey = (choice: ChoiceSpec, split: Shown, bins: number): string =>
  `levels ${split} ${bins} ${JSON.stringify(choice)}`

async function countedTogether(
  set: OpenSet,
  choices: readonly ChoiceSpec[],
  split: Shown,
  bins: number,
  onBegun?: () => void
): Promise<Measured[]> {
  const fitted: FittedPreprocessing[] = []
  for (const choice of choices) fitted.push(await set.fitted(choice))
  const summary = await summaryOf(set, split)
  return measureLevels(set.dataset, splitsOf(set, split), summary, fitted, bins, onBegun)
}

/**
 * Looks the images through once for all choices that need it, instead of once for each that is asked.
 * Settles once threads are at it: what this one does next holds them up no more.
 */
export async function lookOnce(
  set: OpenSet,
  choices: readonly ChoiceSpec[],
  split: Shown,
  bins = DEFAULT_BINS
): Promise<void> {
  // others have no levels, and not all choices can be fitted on them
  if (set.dataset.dtype !== 'uint8') return
  const levelled: ChoiceSpec[] = []
  for (const choice of choices) {
    // a person's constants may be wrong: that is a problem of this choice alone
    const certain = choiceRecord(choice.id).needs === undefined && !takesConstants(choice.id)
    if (certain && hasLevels(set, await set.fitted(choice))) levelled.push(choice)
  }
  const fresh: ChoiceSpec[] = []
  await new Promise<void>((begun) => {
    let together: Promise<Measured[]> | undefined
    const look = (): Promise<Measured[]> => {
      const measured = countedTogether(set, fresh, split, bins, begun)
      // whoever asks for what failed is told
      measured.catch(() => begun())
      return measured
    }
    for (const choice of levelled) {
      void set.remember(levelsKey(choice, split, bins), async () => {
        const at = fresh.push(choice) - 1
        // by then all are in the list
        await Promise.resolve()
        together ??= look()
        return (await together)[at]!
      })
    }
    if (fresh.length === 0) begun()
  })
}

function hasLevels({ dataset }: OpenSet, fitted: FittedPreprocessing): boolean {
  return dataset.dtype === 'uint8' && hasImageLevels(fitted)
}

/** Histograms of several choices, over one another too, and the table beside them. */
export async function distributions(
  set: OpenSet,
  { split, choices, bins, logCount, sharedAxis, overlayAxis }: EngineInput<'distributions'>
): Promise<Distributions> {
  await lookOnce(set, choices, split, bins)
  const { found: measured, problems } = await eachChoice(choices, async (choice) => {
    const found = await distributionOf(set, choice, split, bins)
    return { fitted: await set.fitted(choice), distribution: found }
  })
  return {
    problems,
    figures: histogramFigures(measured, { split, logCount, sharedAxis }),
    overlay: overlayFigure(measured, { split, logCount, axis: overlayAxis }),
    table: measured.map(({ fitted, distribution: found }): ChoiceRow => {
      const { edges: _, counts: __, ...row } = found
      return { choice: fitted.choice, ...row }
    })
  }
}

/** Of each image of a split. */
export function imageMomentsAfter(
  set: OpenSet,
  choice: ChoiceSpec,
  split: SplitName,
  bins = DEFAULT_BINS
): Promise<MomentRows> {
  return set.remember(`moments ${split} ${JSON.stringify(choice)}`, async () => {
    const fitted = await set.fitted(choice)
    const known = transformedImageMoments(fitted, await set.imageMoments(split))
    if (known) return known
    if (hasLevels(set, fitted)) return (await levelsOf(set, choice, split, bins)).moments
    const { dataset } = set
    const found: MomentRows[] = []
    await inOrder(
      'imageMoments',
      rangeParts(dataset, [split]).map((part) => ({ ...part, fitted })),
      set.count(split) * featuresOf(dataset),
      (moments) => found.push(moments)
    )
    return joinMoments(found)
  })
}

/** Mean and std of each pixel after a choice; undefined where it takes more than a look at each image. */
export async function featureMomentsAfter(
  set: OpenSet,
  choice: ChoiceSpec,
  split: Shown,
  bins = DEFAULT_BINS
): Promise<FeatureMoments | undefined> {
  const fitted = await set.fitted(choice)
  const known = transformedFeatureMoments(fitted, await summaryOf(set, split))
  if (known) return known
  return hasLevels(set, fitted) ? (await levelsOf(set, choice, split, bins)).features : undefined
}

/** Mean and std of each image after a choice, as a density. */
export function momentsFigure(
  set: OpenSet,
  { split, choice }: EngineInput<'imageMoments'>
): Promise<Figure> {
  return set.remember(`moments figure ${split} ${JSON.stringify(choice)}`, async () => {
    const fitted = await set.fitted(choice)
    const moments = await imageMomentsAfter(set, choice, split)
    return imageMomentsFigure(moments, { split, fitted, dtype: set.dataset.dtype })
  })
}

function splitsOf(set: OpenSet, split: Shown): ('train' | 'test')[] {
  if (split !== 'all') return [split]
  return set.dataset.splits.test ? ['train', 'test'] : ['train']
}

async function summaryOf(set: OpenSet, split: Shown): Promise<Summary> {
  const summaries: Summary[] = []
  for (const each of splitsOf(set, split)) summaries.push(await set.summary(each))
  const [first, second] = summaries
  if (!first) throw new NormscopeError({ code: 'no-images', message: 'There are no images.' })
  return second ? mergeSummaries(first, second) : first
}
