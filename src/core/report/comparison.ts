import { accuracies, differs, fewSeedsText, overSeedsText } from '../experiment/results'
import type { OverSeeds } from '../experiment/results'
import { kindOf } from '../experiment/kinds'
import { listText } from '../figure/words'
import { points } from '../numbers'
import { canonicalJson } from '../study/json'
import type { Experiment } from '../study/experiment'
import { groupRuns } from '../study/groups'
import { ENDED_STATUSES } from '../study/run'
import type { RunRecord } from '../study/run'
import { counted, lowerFirst } from '../text'
import { settingsOf } from './settings'

/** An experiment and the setting of it that ended best. */
interface Compared {
  readonly name: string
  readonly label: string
  /** how many settings it has */
  readonly settings: number
  readonly accuracy: OverSeeds
}

/** As many values of a setting are listed; of more, their number. */
const LISTED = 3
/** As many differences are told with their values. */
const TOLD = 4

/**
 * What several experiments say beside one another: in what their runs differ, the best setting of
 * each, and whether that is a difference. Only finished runs count.
 */
export function comparisonSentence(
  experiments: readonly Experiment[],
  records: readonly RunRecord[]
): string {
  const each = experiments.map((experiment) => {
    const ids = new Set(experiment.runIds)
    const runs = records.filter(({ id }) => ids.has(id))
    return { name: nameAmong(experiment, experiments), kind: experiment.kind, runs }
  })
  const open = each
    .flatMap(({ runs }) => runs)
    .filter(({ status }) => !ENDED_STATUSES.includes(status)).length
  const compared = each.flatMap(({ name, runs }) => bestOf(name, runs) ?? [])
  const without = each.filter(({ name }) => !compared.some((one) => one.name === name))
  return [
    differencesText(each),
    bestText(compared),
    without.length > 0 && `No run has finished in ${listText(without.map(({ name }) => name))}.`,
    open > 0 && `${counted(open, 'run')} ${open === 1 ? 'has' : 'have'} not ended.`
  ]
    .filter(Boolean)
    .join(' ')
}

/** Those of one name are numbered, the oldest first. */
function nameAmong(experiment: Experiment, all: readonly Experiment[]): string {
  const same = all
    .filter(({ name }) => name === experiment.name)
    .sort((a, b) => a.createdAt - b.createdAt)
  const number = same.length > 1 ? ` (${same.indexOf(experiment) + 1})` : ''
  return `“${experiment.name}”${number}`
}

function bestOf(name: string, runs: readonly RunRecord[]): Compared | undefined {
  const groups = groupRuns(runs)
  const measured = groups.flatMap(({ label, runs: seeds }) => {
    const accuracy = accuracies(seeds)
    return accuracy ? [{ name, label, settings: groups.length, accuracy }] : []
  })
  return measured.sort((a, b) => b.accuracy.mean - a.accuracy.mean)[0]
}

function bestText(compared: readonly Compared[]): string {
  const sorted = [...compared].sort((a, b) => b.accuracy.mean - a.accuracy.mean)
  const [best, ...others] = sorted
  const last = others.at(-1)
  if (!best || !last) return ''
  const told = ({ name, label, settings, accuracy }: Compared): string =>
    `${name} ${overSeedsText(accuracy)}${settings > 1 ? ` (${label}, best of ${settings} settings)` : ''}`
  const few = fewSeedsText(Math.min(...compared.map(({ accuracy }) => accuracy.values.length)))
  const values = `Test accuracy: ${sorted.map(told).join('; ')}.`
  if (!differs(best.accuracy, last.accuracy)) {
    const closer = sorted.length === 2 ? 'they lie' : 'the first and the last lie'
    return `${values} No difference seen: ${closer} closer than their spread over seeds.${few}`
  }
  const gap = points(best.accuracy.mean - last.accuracy.mean)
  const alike = others.filter((one) => !differs(best.accuracy, one.accuracy))
  const same =
    alike.length === 0
      ? ''
      : ` No difference seen between ${best.name} and ${listText(alike.map(({ name }) => name))}.`
  return `${values} ${best.name} is ${gap} above ${last.name}.${same}${few}`
}

interface Asked {
  readonly name: string
  readonly kind: string
  readonly runs: readonly RunRecord[]
}

/** In which settings the runs differ from one experiment to the other. */
function differencesText(each: readonly Asked[]): string {
  const names = listText(each.map(({ name }) => name))
  const kinds = new Set(each.map(({ kind }) => kind))
  const values = each.map(({ runs }) => valuesOf(runs))
  const keys = [...new Set(values.flatMap((own) => [...own.keys()]))]
  const differing = keys.filter(
    (key) => new Set(values.map((own) => canonicalJson(own.get(key) ?? []))).size > 1
  )
  const asked = [...kinds].map((id) => kindOf(id)?.name ?? id)
  const ways = kinds.size > 1 ? `They ask different things (${listText(asked)}). ` : ''
  if (differing.length === 0) return `${ways}The runs of ${names} have the same settings.`
  const told = differing.map((key, at) => {
    const lists = values.map((own) => own.get(key) ?? [])
    return at < TOLD && lists.every((list) => list.length <= LISTED)
      ? `${lowerFirst(key)} (${lists.map((list) => listText(list) || 'none').join(' against ')})`
      : lowerFirst(key)
  })
  return `${ways}${names} differ in ${listText(told)}.`
}

/** The values that each setting has among runs, in order. */
function valuesOf(runs: readonly RunRecord[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>()
  for (const { config } of new Map(runs.map((run) => [groupKey(run), run])).values()) {
    for (const { name, value } of settingsOf(config)) {
      found.set(name, (found.get(name) ?? new Set()).add(value))
    }
  }
  return new Map([...found].map(([name, values]) => [name, [...values].sort()]))
}

const groupKey = ({ config }: RunRecord): string => canonicalJson({ ...config, seed: 0 })
