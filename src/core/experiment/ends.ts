import { accuracyOf, lastEpoch } from '../explanation/finding'
import type { RunConfig } from '../network/config'
import { percent } from '../numbers'
import { chanceOf } from '../study/run'
import type { RunRecord } from '../study/run'
import { runOf } from './kind'

/** How a run ended. */
export interface End {
  /** undefined while it has not ended, or where it failed or was cancelled */
  readonly accuracy?: number
  readonly state: 'missing' | 'lost' | 'finished' | 'diverged'
}

/**
 * The test accuracy at the end of training. A run that diverged counts with that of the epoch in
 * which it did, where it could be measured; else with chance, for a network whose weights are no
 * numbers names one class for every image.
 */
export function endOf(runs: readonly RunRecord[], config: RunConfig): End {
  const run = runOf(runs, config)
  if (run?.status === 'finished') {
    const accuracy = accuracyOf(lastEpoch(run))
    return accuracy === undefined ? { state: 'lost' } : { state: 'finished', accuracy }
  }
  if (run?.status === 'diverged') {
    const last = lastEpoch(run)
    const measured = last?.epoch === run.divergence?.epoch ? accuracyOf(last) : undefined
    const accuracy = measured ?? chanceOf(run)
    return accuracy === undefined ? { state: 'lost' } : { state: 'diverged', accuracy }
  }
  return { state: run?.status === 'failed' || run?.status === 'cancelled' ? 'lost' : 'missing' }
}

const STATES: Readonly<Record<End['state'], string>> = {
  missing: '…',
  lost: 'not trained',
  finished: '–',
  diverged: '–'
}

/** In a table; runs that diverged have a star. */
export function endText({ accuracy, state }: End): string {
  if (accuracy === undefined) return STATES[state]
  return `${percent(accuracy)}${state === 'diverged' ? ' *' : ''}`
}

/** What a reader must know of runs that diverged; undefined where none did. */
export function divergedNote(ends: readonly End[]): string | undefined {
  const count = ends.filter(({ state }) => state === 'diverged').length
  if (count === 0) return undefined
  return `* ${count} ${count === 1 ? 'run' : 'runs'} diverged. Such a run counts with the test accuracy of the epoch in which it did, and with chance where its weights were no longer numbers.`
}

/** Why nothing is said; undefined once every run has an accuracy. */
export function unfinishedText(ends: readonly End[]): string | undefined {
  const lost = ends.filter(({ state }) => state === 'lost').length
  const ended = ends.filter(({ accuracy }) => accuracy !== undefined).length
  if (ended === ends.length) return undefined
  const of = `of ${ends.length} runs`
  return lost > 0
    ? `${lost} ${of} failed or ${lost === 1 ? 'was' : 'were'} cancelled; nothing is said before all have finished.`
    : `${ended} ${of} have finished; nothing is said before all have.`
}
