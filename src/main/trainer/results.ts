import { sizeOfShape } from '../../core/network/layers/shape'
import type { FittedPreprocessing } from '../../core/preprocessing/preprocessing'
import { confusionMatrix, MAX_CONFUSION_CLASSES } from '../../core/study/confusion'
import {
  encodePredictions,
  encodeWrong,
  MAX_PREDICTIONS,
  MAX_WRONG_FLAGS
} from '../../core/study/predictions'
import type { RunRecord } from '../../core/study/run'
import type { RunImages } from './images'
import { evaluated } from './looking'
import type { Breath } from './looking'
import { accuracy } from './measure'
import type { TrainingSession, Weights } from './session'

/** What is kept of a finished run beside its epochs. */
export type RunResults = Pick<
  RunRecord,
  'confusion' | 'predictions' | 'wrongTraining' | 'pulls' | 'testedUnder'
>

/** More values in an image, and a share of each is too much to keep with a run. */
const MAX_PULLS = 16_384

/** What the test images are taken for. */
export function tested(
  { test, classes }: RunImages,
  guesses: Int32Array | undefined
): Pick<RunResults, 'confusion' | 'predictions'> {
  if (!guesses) return {}
  return {
    ...(classes <= MAX_CONFUSION_CLASSES
      ? { confusion: confusionMatrix(test.labels, guesses, classes) }
      : {}),
    ...(guesses.length <= MAX_PREDICTIONS ? { predictions: encodePredictions(guesses) } : {})
  }
}

/** Whether it is kept which training images a run gets wrong. */
export function keepsWrong({ train }: Pick<RunImages, 'train'>): boolean {
  return train.labels.length <= MAX_WRONG_FLAGS
}

/** Which of its training images it gets wrong. */
export function wrongTraining(
  { train: { labels } }: RunImages,
  guesses: Int32Array | undefined
): Pick<RunResults, 'wrongTraining'> {
  return guesses ? { wrongTraining: encodeWrong(labels, guesses) } : {}
}

/**
 * Each input's share of the first layer's gradient, to five digits; undefined where nothing has a
 * gradient, or a gradient that is no number, and where no kernel sees the input's values one by one.
 */
export function pullShares(
  session: TrainingSession,
  { probe, plan }: RunImages
): readonly number[] | undefined {
  if (probe.rows.length === 0 || sizeOfShape(plan.input) > MAX_PULLS) return undefined
  const pull = session.pull(probe)
  if (!pull) return undefined
  const total = pull.reduce((sum, value) => sum + value, 0)
  if (!Number.isFinite(total) || total === 0) return undefined
  return Array.from(pull, (value) => Number((value / total).toPrecision(5)))
}

/** Accuracy of the weights on the test images under other choices, one after another. */
export async function testUnder(
  choices: readonly FittedPreprocessing[],
  weights: Weights,
  open: (fitted: FittedPreprocessing) => Promise<TrainingSession>,
  breath: Breath
): Promise<RunResults['testedUnder']> {
  const found: { readonly choice: FittedPreprocessing['choice']; readonly accuracy: number }[] = []
  for (const fitted of choices) {
    await breath()
    const session = await open(fitted)
    try {
      session.initialise(weights)
      const made = await evaluated(session, 'test', breath)
      found.push({ choice: fitted.choice, accuracy: accuracy(made) })
    } finally {
      session.dispose()
    }
  }
  return found
}
