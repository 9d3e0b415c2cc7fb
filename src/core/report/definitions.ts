import { FINDINGS } from '../explanation/finding'
import { resultRows } from '../explanation/result-rows'
import type { ResultTable } from '../experiment/kind'
import type { Figure } from '../figure/figure'
import { termTitled } from '../glossary'
import { chosen, NETWORK_KINDS } from '../network/tables'
import { choiceRecord } from '../preprocessing/choices'
import type { RunRecord } from '../study/run'
import type { Study } from '../study/study'

export interface Definition {
  readonly term: string
  readonly text: string
  readonly formula?: string
  readonly source?: string
}

/** What a report has shown. */
interface Shown {
  readonly figures: readonly Figure[]
  readonly tables: readonly ResultTable[]
  /** the runs whose findings it tells */
  readonly told: readonly RunRecord[]
}

/** Everything that a report names and does not explain where it stands, each once. */
export function definitionsOf(
  { runs, choices, configs }: Study,
  { figures, tables, told }: Shown
): Definition[] {
  const terms = tables.flatMap(({ columns }) =>
    columns.flatMap(({ title }): Definition[] => {
      const term = termTitled(title)
      return term ? [{ term: term.name, text: term.definition, source: term.source }] : []
    })
  )
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
  const found = new Set(resultRows(told).flatMap(({ finding }) => finding?.code ?? []))
  const findings = FINDINGS.filter(({ code }) => found.has(code)).map(
    ({ name, definition: text }): Definition => ({ term: `Finding “${name}”`, text })
  )
  const drawn = figures.map(({ title, choice, definition: text, source }): Definition => ({
    term: choice ? `Figure “${title}”` : title,
    text,
    source
  }))
  const all = [...terms, ...findings, ...preprocessing, ...parts, ...drawn]
  return [...new Map(all.map((each) => [each.term, each])).values()]
}
