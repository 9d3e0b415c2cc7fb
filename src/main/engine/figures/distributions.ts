import type { ChoiceRow, Distributions, EngineInput } from '../../../contract/engine'
import { NormscopeError } from '../../../core/error'
import type { Figure } from '../../../core/figure/figure'
import { histogramFigures, imageMomentsFigure, overlayFigure } from '../../../core/figure/pixels'
import { formRecord } from '../../../core/preprocessing/forms/forms'
import type { ChoiceSpec, FittedPreprocessing } from '../../../core/preprocessing/preprocessing'
import { measureDistribution } from '../../../core/preprocessing/distribution'
import type { Distribution } from '../../../core/preprocessing/distribution'
import {
  imageMomentsFromImages,
  transformedImageMoments
} from '../../../core/preprocessing/image-moments'
import { mergeSummaries } from '../../../core/statistics/summary'
import type { Summary } from '../../../core/statistics/summary'
import { checkFinite } from '../dataset/finite'
import { pixelChunks } from '../dataset/pixel-chunks'
import type { OpenSet } from '../dataset/open-set'
import { eachChoice } from './each-choice'

type Shown = EngineInput<'distributions'>['split']

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
    const chunks = () => pixelChunks(set.dataset, splitsOf(set, split), sliceFor(fitted))
    return measureDistribution(fitted, await summaryOf(set, split), chunks, bins ? { bins } : {})
  })
}

/** Histograms of several choices, over one another too, and the table beside them. */
export async function distributions(
  set: OpenSet,
  { split, choices, bins, logCount, sharedAxis, overlayAxis }: EngineInput<'distributions'>
): Promise<Distributions> {
  const { found: measured, problems } = await eachChoice(choices, async (choice) => {
    const distribution = await distributionOf(set, choice, split, bins)
    return { fitted: await set.fitted(choice), distribution }
  })
  return {
    problems,
    figures: histogramFigures(measured, { split, logCount, sharedAxis }),
    overlay: overlayFigure(measured, { split, logCount, axis: overlayAxis }),
    table: measured.map(({ fitted, distribution }): ChoiceRow => {
      const { edges: _, counts: __, ...row } = distribution
      return { choice: fitted.choice, ...row }
    })
  }
}

/** Mean and std of each image after a choice, as a density. */
export async function momentsFigure(
  set: OpenSet,
  { split, choice }: EngineInput<'imageMoments'>
): Promise<Figure> {
  const fitted = await set.fitted(choice)
  const moments = await set.remember(`moments ${split} ${JSON.stringify(choice)}`, async () => {
    const stored = await set.imageMoments(split)
    return (
      transformedImageMoments(fitted, stored) ??
      imageMomentsFromImages(fitted, () => pixelChunks(set.dataset, [split], sliceFor(fitted)))
    )
  })
  return imageMomentsFigure(moments, { split, fitted, dtype: set.dataset.dtype })
}

/** Where each image costs D x D products, slices must be smaller. */
function sliceFor({ form }: FittedPreprocessing): number | undefined {
  return formRecord(form).cost === 'products' ? 20_000 : undefined
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
