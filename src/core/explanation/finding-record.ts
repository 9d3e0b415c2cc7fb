import type { SplitName } from '../dataset/dataset'
import type { RunConfig } from '../network/config'
import { exactText, signedPoints } from '../numbers'
import type { NumberFormat } from '../numbers'
import type { RunRecord } from '../study/run'
import type { RunFacts } from './facts'

/** How grave: 'note' blames nothing, 'good' is said where nothing graver holds. */
export type Severity = 'bad' | 'warn' | 'note' | 'good'

/** A number from which a finding holds, and where it comes from. */
export interface Threshold {
  readonly name: string
  readonly value: number
  readonly source: string
}

/** A measured number that the claim rests on. */
export interface Evidence {
  /** what was measured, and when: 'dead units, last epoch' */
  readonly name: string
  readonly definition: string
  readonly value: number
  /** a difference of two shares is in percentage points */
  readonly format: NumberFormat | 'points'
}

/** 'gap, last epoch 45.3 points' */
export function evidenceText({ name, value, format }: Evidence): string {
  const text = format === 'points' ? signedPoints(value) : exactText(value, format)
  return `${name} ${text}`
}

/** Where a person sees it, and after which epoch; without one after the last. */
export interface Seen {
  readonly in: 'activations' | 'pixels' | 'training' | 'images'
  readonly epoch?: number
}

/** A finding in one run. */
export interface Found {
  /** a claim that the evidence proves, without its full stop */
  readonly what: string
  readonly evidence: readonly Evidence[]
  /** epoch from which it held until the end; 0 is before training */
  readonly since?: number
  /** place among the measured layers of the one that it is about */
  readonly layer?: number
  /** nothing in this run, or beside it, shows that it costs: a note only */
  readonly harmless?: boolean
  /** what other runs show of it, within a sentence: 'with the exact loss, the same network …' */
  readonly beside?: string
  /** the images that show it: of a split, of one class of the data set, those only that are wrong */
  readonly images?: { readonly split: SplitName; readonly class?: number; readonly wrong?: true }
}

export interface RemedyRecord {
  /** what to do */
  readonly words: string
  /** how to see whether it helps */
  readonly test: string
  /** the same run with the remedy; undefined where it would change nothing */
  change?(config: RunConfig, record: RunRecord): RunConfig | undefined
}

/** Something that stands out about an ended run: when it holds, and what is said of it. */
export interface FindingRecord<Code extends string = string> {
  readonly code: Code
  /** on a badge */
  readonly name: string
  readonly severity: Severity
  /** of what the network is given or starts with: a note only where that has cost next to nothing */
  readonly mayBeHarmless?: boolean
  /** when it holds, in words */
  readonly definition: string
  readonly seen?: Seen
  readonly thresholds: readonly Threshold[]
  find(facts: RunFacts): Found | undefined
  readonly remedy?: RemedyRecord
}

/** Says the record's code to the compiler. */
export function finding<const Code extends string>(
  record: FindingRecord<Code>
): FindingRecord<Code> {
  return record
}

/** Where numbers of the project's own grid of runs set a threshold. */
export function measuredOnGrid(numbers: string): string {
  return `measured on the tuning half of bench/findings: ${numbers}`
}
