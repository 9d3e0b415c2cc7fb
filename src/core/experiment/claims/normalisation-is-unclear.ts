import { listText, numberText } from '../../figure/words'
import { percent, points } from '../../numbers'
import { choiceRecord, CHOICES } from '../../preprocessing/choices'
import { aliasText } from '../../preprocessing/choice'
import type { ChoiceRecord } from '../../preprocessing/choice'
import type { ResultTable } from '../kind'
import {
  accuracyAt,
  claim,
  compared,
  doubtOf,
  inputOf,
  TOLD_OF_SEVERAL,
  undecided,
  UNFINISHED
} from './claim'
import type { Change } from './claim'
import { barsFigure } from './figures'

/** The choices that somebody calls normalisation, with who does. */
const CALLED = CHOICES.flatMap((record: ChoiceRecord) => {
  const names = record.alsoCalled.filter(({ name }) => /\bnormali[sz]/i.test(name)).map(aliasText)
  return names.length > 0 && !record.constants ? [{ id: record.id, names }] : []
}) as readonly { readonly id: 'unit' | 'standardised'; readonly names: readonly string[] }[]

/** Whose facts are needed. */
export const CALLED_NORMALISATION = CALLED.map(({ id }) => ({ id }))

const changeOf = (id: (typeof CALLED)[number]['id']): Change => ({ choice: { id } })

export const NORMALISATION_IS_UNCLEAR = claim({
  id: 'normalisation-is-unclear',
  quote: 'The word normalisation needs a clearer descriptor.',
  cells: () => CALLED.map(({ id }) => changeOf(id)),
  judge(bench) {
    const rows = CALLED.flatMap(({ id, names }) => {
      const accuracy = accuracyAt(bench, changeOf(id))
      const input = inputOf(bench, id)
      return accuracy && input ? [{ id, names, accuracy, input }] : []
    })
    if (rows.length < CALLED.length) return UNFINISHED
    const sorted = [...rows].sort((a, b) => b.accuracy.mean - a.accuracy.mean)
    const [best, worst] = [sorted[0]!, sorted.at(-1)!]
    const result = compared(best.accuracy, worst.accuracy, TOLD_OF_SEVERAL)
    const named = listText(rows.map(({ id }) => `“${choiceRecord(id).name}”`))
    const gap =
      result === 'alike'
        ? 'no difference between them is seen in accuracy'
        : `the best of them, “${choiceRecord(best.id).name}”, ends ${points(best.accuracy.mean - worst.accuracy.mean)} above the last, “${choiceRecord(worst.id).name}”`
    const table: ResultTable = {
      title: 'What is called normalisation, and what it gives here',
      columns: [
        { title: 'choice' },
        { title: 'called so by' },
        ...['mean', 'std', 'accuracy'].map((title) => ({ title, right: true }))
      ],
      rows: rows.map(({ id, names, accuracy, input }) => [
        choiceRecord(id).name,
        names.join('; '),
        numberText(input.mean),
        numberText(input.std),
        percent(accuracy.mean)
      ])
    }
    const sentence = `${rows.length} different choices are called normalisation: ${named}. They give inputs of different mean and std, and ${gap}.`
    const figure = barsFigure(bench, {
      ...{ claim: 'normalisation', name: 'Accuracy of what is called so' },
      of: 'The same network under each choice that somebody calls normalisation.',
      rows: rows.map(({ id, accuracy }) => ({
        name: choiceRecord(id).shortName,
        colour: { choice: id },
        accuracy
      }))
    })
    const rest = { figures: [figure], tables: [table] }
    const doubt = doubtOf(result)
    if (doubt) return undecided(doubt, sentence, rest)
    return { verdict: result === 'more' ? 'true' : 'depends', sentence, ...rest }
  }
})
