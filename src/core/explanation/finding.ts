import type { RunConfig } from '../network/config'
import { percent } from '../numbers'
import type { RunRecord } from '../study/run'
import { lowerFirst, upperFirst } from '../text'
import { accuracyOf, factsOf, lastEpoch } from './facts'
import type { RunFacts } from './facts'
import type { Evidence, FindingRecord, Found, Seen, Severity } from './finding-record'
import { FINDINGS } from './findings/list'
import type { FindingCode } from './findings/list'

export { accuracyOf, lastEpoch } from './facts'
export { evidenceText } from './finding-record'
export type { FindingRecord, Seen, Severity } from './finding-record'
export { CLIPPED_THRESHOLD } from './findings/clipped-loss-trap'
export { FINDINGS } from './findings/list'
export type { FindingCode } from './findings/list'

/** What stands out about one run, with the numbers that prove it. */
export interface Finding extends Found {
  readonly code: FindingCode
  /** on a badge */
  readonly name: string
  readonly severity: Severity
  /** when it holds, in words */
  readonly definition: string
  readonly seen?: Seen
  readonly remedy?: {
    readonly words: string
    /** how to see whether it helps */
    readonly test: string
    /** the same run with the remedy; absent where no setting is one */
    readonly config?: RunConfig
  }
}

/**
 * All that stands out about an ended run, the main cause first: none while it is under way, or when
 * it was cancelled or failed. Where nothing grave does, 'none-found' is the first; notes follow it.
 * `all`: runs beside it, for what they show of it.
 */
export function findingsOf(
  record: RunRecord,
  all: readonly RunRecord[] = [],
  findings: readonly FindingRecord[] = FINDINGS
): readonly Finding[] {
  if (record.status !== 'finished' && record.status !== 'diverged') return []
  const facts = factsOf(record, all)
  if (record.status === 'finished' && !facts.last) return []
  const found = findings.flatMap((entry) => {
    const holds = entry.find(facts)
    return holds ? [told(entry, holds, facts)] : []
  })
  const of = (...severities: readonly Severity[]): readonly Finding[] =>
    found.filter(({ severity }) => severities.includes(severity))
  const grave = of('bad', 'warn')
  return [...(grave.length > 0 ? grave : of('good')), ...of('note')]
}

/**
 * Share of the images that are right from which what a network was given, or started with, has cost
 * next to nothing: our convention. Healthy runs on easy images reach it with inputs of any size.
 */
const HARMLESS_ACCURACY = 0.98

function told(entry: FindingRecord, found: Found, { record, accuracy = 0 }: RunFacts): Finding {
  const { name, mayBeHarmless, seen, remedy } = entry
  const { harmless, ...rest } = found
  const costless = mayBeHarmless && record.status === 'finished' && accuracy >= HARMLESS_ACCURACY
  const severity = harmless || costless ? 'note' : entry.severity
  const definition = mayBeHarmless
    ? `${entry.definition} A note only where at least ${percent(HARMLESS_ACCURACY, 0)} of the images are right at the end.`
    : entry.definition
  const config = remedy?.change?.(record.config, record)
  return {
    // findings that are passed in are known at run time only
    code: entry.code as FindingCode,
    ...{ name, severity, definition },
    ...(seen && { seen }),
    ...rest,
    ...(remedy && {
      remedy: { words: remedy.words, test: remedy.test, ...(config && { config }) }
    })
  }
}

/** The main cause: the first of its findings. */
export function findingOf(
  record: RunRecord,
  all: readonly RunRecord[] = [],
  findings: readonly FindingRecord[] = FINDINGS
): Finding | undefined {
  return findingsOf(record, all, findings)[0]
}

/** What a finding says, with how the run ended: one sentence. */
export function findingSentence({ what, beside, severity }: Finding, record: RunRecord): string {
  if (severity === 'good') {
    return `${upperFirst(ending(record))}; ${lowerFirst(what)}.`
  }
  // a run that diverged has no accuracy of its own to tell, and some claims tell the divergence
  const end = /diverged/.test(what) ? [] : [ending(record)]
  return `${[what, ...end, ...(beside ? [beside] : [])].join('; ')}.`
}

/** One sentence about a run, ended or not. */
export function sentenceFor(
  record: RunRecord,
  all: readonly RunRecord[],
  findings: readonly FindingRecord[] = FINDINGS
): string {
  const main = findingOf(record, all, findings)
  return main ? findingSentence(main, record) : STATUS_SENTENCES[record.status](record)
}

/** What programs read of a finding. */
interface ToldFinding {
  readonly code: FindingCode
  readonly severity: Severity
  readonly sentence: string
  readonly evidence: readonly Evidence[]
  readonly since?: number
}

/** The findings of a run for programs. */
export function toldFindings(record: RunRecord, all: readonly RunRecord[] = []): ToldFinding[] {
  return findingsOf(record, all).map((found) => ({
    code: found.code,
    severity: found.severity,
    sentence: findingSentence(found, record),
    evidence: found.evidence,
    since: found.since
  }))
}

const STATUS_SENTENCES: Readonly<Record<RunRecord['status'], (record: RunRecord) => string>> = {
  queued: () => 'The run is waiting for its turn.',
  running: () => 'The run is in progress.',
  paused: () => 'The run is paused.',
  cancelled: (record) => `The run was cancelled; ${ending(record)}.`,
  failed: ({ error }) => `The run failed: ${error?.message ?? 'no reason was given.'}`,
  finished: () => 'The run ended before its first epoch.',
  diverged: () => 'Training diverged.'
}

/** 'the last test accuracy is 77.3 %', 'training diverged in epoch 1' */
function ending(record: RunRecord): string {
  const { divergence } = record
  if (record.status === 'diverged') {
    return divergence ? `training diverged in epoch ${divergence.epoch}` : 'training diverged'
  }
  const last = lastEpoch(record)
  const accuracy = accuracyOf(last)
  if (accuracy === undefined) return 'no epoch was completed'
  const which = last?.testAccuracy === undefined ? 'training' : 'test'
  return `the last ${which} accuracy is ${percent(accuracy)}`
}
