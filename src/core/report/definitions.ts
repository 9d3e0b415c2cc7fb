import { FINDINGS } from '../explanation/finding'
import { resultRows } from '../explanation/result-rows'
import type { Figure } from '../figure/figure'
import { chosen, NETWORK_KINDS } from '../network/tables'
import { choiceRecord } from '../preprocessing/choices'
import type { Study } from '../study/study'

export interface Definition {
  readonly term: string
  readonly text: string
  readonly formula?: string
  readonly source?: string
}

/** Terms of the tables of a report. */
const TERMS: readonly Definition[] = [
  {
    term: '± seeds',
    text: 'Sample standard deviation (n − 1) of the accuracy over runs that differ in their seed only.'
  },
  {
    term: 'balanced',
    text: 'Balanced accuracy: mean of the recalls of the classes that occur in the test images, so that each class counts the same.'
  },
  {
    term: 'chance',
    text: 'Accuracy of always naming the most frequent class of the test images.'
  },
  {
    term: 'trapped',
    text: 'Share of the last epoch’s samples whose loss gradient is exactly 0 although the network is wrong: nothing pulls them right.'
  },
  {
    term: 'learned',
    text: 'Share of the last epoch’s samples whose loss gradient is exactly 0 because they are right beyond what the loss can tell.'
  },
  {
    term: 'dead units',
    text: 'Share of the hidden units that output 0 for every training image.'
  },
  {
    term: 'SHA-256 of the weights',
    text: 'Over all weights as float32 little-endian, layer by layer. Two trainings that agree in it ended with the same weights, bit for bit.'
  }
]

/** Everything that a report names and does not explain where it stands, each once. */
export function definitionsOf(
  { runs, choices, configs }: Study,
  figures: readonly Figure[]
): Definition[] {
  const used = new Set([...choices, ...runs.map(({ config }) => config.choice)].map(({ id }) => id))
  const preprocessing = [...used].map((id): Definition => {
    const { name, formula, definition, source } = choiceRecord(id)
    return { term: name, formula, text: definition, source }
  })
  const parts = [...configs, ...runs.map(({ config }) => config)].flatMap((config) =>
    NETWORK_KINDS.map((kind): Definition => {
      const { name, formula = '', source } = chosen(config, kind).record
      return { term: name, text: '', formula, source }
    })
  )
  const found = new Set(resultRows(runs).flatMap(({ finding }) => finding?.id ?? []))
  const findings = FINDINGS.filter(({ id }) => found.has(id)).map(
    ({ id, definition: text }): Definition => ({ term: `Finding “${id}”`, text })
  )
  const drawn = figures.map(({ title, choice, definition: text, source }): Definition => ({
    term: choice ? `Figure “${title}”` : title,
    text,
    source
  }))
  const terms = runs.length > 0 ? TERMS : []
  const all = [...terms, ...findings, ...preprocessing, ...parts, ...drawn]
  return [...new Map(all.map((each) => [each.term, each])).values()]
}
