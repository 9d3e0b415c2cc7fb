import { z } from 'zod'
import { questionSentence } from '../../explanation/question'
import { trainingFigure } from '../../figure/training'
import { questionConfigs, QUESTION } from '../../network/question'
import { SETTINGS } from '../../network/settings'
import { TUTORIAL_CONFIG } from '../../network/config'
import type { RunConfig } from '../../network/config'
import { numberWithin } from '../../study/config-schema'
import { experimentKind } from '../kind'
import { accuracyData, accuracyTable, resultNotes } from '../results'
import { seedList } from '../seeds'

const ask = z.strictObject({ epochs: numberWithin(SETTINGS.epochs.limits), seeds: seedList })

const configsOf = ({ epochs, seeds }: z.infer<typeof ask>): RunConfig[] =>
  seeds.flatMap((seed) => questionConfigs({ epochs, seed }))

/** The networks of the question, with the tutorial's own settings. */
export const QUESTION_KIND = experimentKind({
  id: 'question',
  name: 'The question',
  question:
    'Why does the tutorial’s network fail on raw bytes and learn when they are divided by 255?',
  ask,
  offer: ({ seeds }) => ({ epochs: TUTORIAL_CONFIG.epochs, seeds }),
  fields: [
    { key: 'epochs', type: 'number', ...SETTINGS.epochs },
    { key: 'seeds', type: 'seeds', name: SETTINGS.seeds.name, help: SETTINGS.seeds.help }
  ],
  choices: () => QUESTION.choices.map((id) => ({ id })),
  plan: configsOf,
  outcome(asked, _facts, runs) {
    const figures = (['accuracy', 'zero-gradient'] as const).flatMap(
      (measure) => trainingFigure(runs, { measure, split: 'test' }) ?? []
    )
    return {
      sentence: questionSentence(runs),
      figures,
      tables: [accuracyTable(runs)],
      notes: resultNotes(configsOf(asked), runs),
      data: { settings: accuracyData(runs) }
    }
  }
})
