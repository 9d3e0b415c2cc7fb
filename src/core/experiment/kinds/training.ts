import { z } from 'zod'
import { trainingFigure } from '../../figure/training'
import { points } from '../../numbers'
import { listText } from '../../figure/words'
import { runConfig } from '../../study/config-schema'
import { groupRuns, shortNameOf } from '../../study/groups'
import type { RunRecord } from '../../study/run'
import { upperFirst } from '../../text'
import { experimentKind } from '../kind'
import {
  accuracies,
  accuracyData,
  accuracyTable,
  differs,
  fewSeedsText,
  overSeedsText,
  resultNotes,
  seedsText
} from '../results'

/** As many runs as one experiment can name. */
const MAX_RUNS = 256

/** These configurations, trained: choices, networks and seeds as a person set them. */
export const TRAINING = experimentKind({
  id: 'training',
  name: 'Training',
  question: 'How well does this network learn under each choice?',
  ask: z.strictObject({ configs: z.array(runConfig).min(1).max(MAX_RUNS) }),
  title({ configs }) {
    const choices = new Set(configs.map(({ choice }) => shortNameOf(choice)))
    const seeds = new Set(configs.map(({ seed }) => seed)).size
    return upperFirst(`${listText([...choices])}, ${seedsText(seeds)}`)
  },
  choices: () => [],
  plan: ({ configs }) => configs,
  outcome({ configs }, _facts, runs) {
    const figure = trainingFigure(runs, { measure: 'accuracy', split: 'test' })
    return {
      sentence: bestSentence(runs),
      figures: figure ? [figure] : [],
      tables: [accuracyTable(runs)],
      notes: resultNotes(configs, runs),
      data: { settings: accuracyData(runs) }
    }
  }
})

/** Which setting ended best, and whether that is a difference. */
export function bestSentence(runs: readonly RunRecord[]): string {
  const measured = groupRuns(runs)
    .flatMap(({ label, runs: seeds }) => {
      const accuracy = accuracies(seeds)
      return accuracy ? [{ label, accuracy }] : []
    })
    .sort((a, b) => b.accuracy.mean - a.accuracy.mean)
  const [best] = measured
  const worst = measured.at(-1)
  if (!best || !worst) return 'No run has finished.'
  const told = (of: typeof best): string => `${of.label} (${overSeedsText(of.accuracy)})`
  if (best === worst) return `${upperFirst(told(best))}.`
  if (!differs(best.accuracy, worst.accuracy)) {
    return `No difference seen between ${measured.length} settings: the best, ${told(best)}, and the last, ${told(worst)}, lie closer than their spread over seeds.`
  }
  const gap = points(best.accuracy.mean - worst.accuracy.mean)
  const of = measured.length > 2 ? `Best of ${measured.length} settings: ` : ''
  const few = fewSeedsText(Math.min(best.accuracy.values.length, worst.accuracy.values.length))
  return `${upperFirst(`${of}${told(best)}`)}, ${gap} more than ${told(worst)}.${few}`
}
