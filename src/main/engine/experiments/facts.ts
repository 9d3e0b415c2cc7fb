import { featuresOf } from '../../../core/dataset/dataset'
import type { Split } from '../../../core/dataset/dataset'
import { NormscopeError } from '../../../core/error'
import type { ExperimentKind } from '../../../core/experiment/kind'
import { formRecord } from '../../../core/preprocessing/forms/forms'
import type { ChoiceSpec, FittedPreprocessing } from '../../../core/preprocessing/preprocessing'
import type { Curvature } from '../../../core/statistics/curvature'
import type { ExperimentFacts, InputFacts, TrainingImages } from '../../../core/study/experiment'
import type { OpenSet } from '../dataset/open-set'
import { measureCurvature } from '../dataset/curvature'
import { fitChoice, prepareRun } from '../dataset/prepare'
import { imageFacts } from './image-facts'

/** What an experiment is to know of the images before its first run. */
export async function experimentFacts<Ask>(
  set: OpenSet,
  kind: ExperimentKind<string, Ask>,
  ask: Ask
): Promise<ExperimentFacts> {
  const images = kind.images?.(ask) ?? {}
  const dataset = await set.trainingSet()
  const { train, test } = dataset.splits
  const inputs: InputFacts[] = []
  // one after the other: a second pass over the images takes all there is
  for (const choice of kind.choices(ask)) {
    const found = await inputFacts(set, choice, images)
    const curvature = kind.needs?.includes('curvature')
      ? { curvature: await curvatureUnder(set, choice, images) }
      : {}
    inputs.push({ ...found, ...curvature })
  }
  return {
    features: featuresOf(dataset),
    classes: images.classes?.length ?? dataset.classNames.length,
    trainCount: Math.min(countOf(train, images), images.limit ?? Infinity),
    testCount: countOf(test, images),
    inputs,
    ...(kind.needs?.includes('images') && { images: await imageFacts(set, images) })
  }
}

function inputFacts(set: OpenSet, choice: ChoiceSpec, images: TrainingImages): Promise<InputFacts> {
  return set.remember(`input facts ${JSON.stringify([choice, images])}`, async () => {
    const summary = await set.trainingSummary(images)
    const dataset = await set.trainingSet()
    const prepared = await prepareRun(dataset, { ...images, choice }, summary, undefined)
    if (!prepared.inputSummary) {
      throw new NormscopeError({
        code: 'no-images',
        message: 'There are no training images of these classes.'
      })
    }
    const { mean, std, sampledImages } = prepared.inputSummary
    const affine = affineOf(prepared.preprocessing)
    return {
      ...{ choice, mean, std },
      ...(affine && { affine }),
      ...(sampledImages !== undefined && { sampledImages })
    }
  })
}

/** Takes seconds; computed once. */
function curvatureUnder(
  set: OpenSet,
  choice: ChoiceSpec,
  images: TrainingImages
): Promise<Curvature> {
  return set.remember(`curvature ${JSON.stringify([choice, images])}`, async () => {
    const dataset = await set.trainingSet()
    const summary = await set.trainingSummary(images)
    return measureCurvature(dataset, await fitChoice(dataset, choice, summary, images), images)
  })
}

/** The one map of all values that the choice is, where it is one. */
function affineOf({ form }: FittedPreprocessing): InputFacts['affine'] {
  const constants = formRecord(form).affine?.(form)
  if (!constants) return undefined
  const [centre, ...centres] = new Set(constants.centre)
  const [divisor, ...divisors] = new Set(constants.divisor)
  if (centre === undefined || divisor === undefined) return undefined
  if (centres.length > 0 || divisors.length > 0) return undefined
  return { scale: 1 / divisor, offset: centre === 0 ? 0 : -centre / divisor }
}

function countOf(split: Split | undefined, { classes }: TrainingImages): number {
  if (!classes) return split?.count ?? 0
  return classes.reduce((sum, label) => sum + (split?.classCounts?.[label] ?? 0), 0)
}
