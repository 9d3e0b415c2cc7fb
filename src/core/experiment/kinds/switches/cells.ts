import { accuracyOf, lastEpoch } from '../../../explanation/finding'
import type { RunConfig } from '../../../network/config'
import { chanceOf } from '../../../study/run'
import type { RunRecord } from '../../../study/run'
import type { ExperimentFacts } from '../../kind'
import { configKey, runOf } from '../../kind'
import { designOf, isOn } from './design'
import type { Design } from './design'
import { settingText, switchesOf } from './list'
import { configWith, pairOf } from './switch'
import type { Switch } from './switch'

export interface SwitchesAsk {
  readonly from: RunConfig
  readonly to: RunConfig
  readonly seeds: readonly number[]
}

/** What is trained: every combination on every seed, and the second setting as it is. */
export interface Trial {
  readonly switches: readonly Switch[]
  readonly design: Design
  readonly seeds: readonly number[]
  /** what the two settings are called */
  readonly names: readonly [from: string, to: string]
  configOf(cell: number, seed: number): RunConfig
  /** the second setting itself, where the identity makes it of another configuration */
  readonly check?: (seed: number) => RunConfig
}

export function trialOf(ask: SwitchesAsk, facts: ExperimentFacts): Trial {
  const pair = pairOf(ask.from, ask.to, facts)
  const switches = switchesOf(pair)
  const design = designOf(switches.length)
  const { seeds } = ask
  const configOf = (cell: number, seed: number): RunConfig =>
    configWith(
      pair,
      switches.filter((_, at) => isOn(cell, at)),
      seed
    )
  const check = (seed: number): RunConfig => ({ ...pair.to, seed })
  const last = configOf(design.cells.at(-1) ?? 0, seeds[0]!)
  const names = [pair.from, pair.to].map((config) => settingText(config, switches)) as [
    string,
    string
  ]
  return {
    switches,
    design,
    seeds,
    names,
    configOf,
    ...(configKey(last) !== configKey(check(seeds[0]!)) && { check })
  }
}

/** Seeds outside, so that the first seed has all its combinations first. */
export function configsOf({ switches, design, seeds, configOf, check }: Trial): RunConfig[] {
  if (switches.length === 0) return []
  return seeds.flatMap((seed) => [
    ...design.cells.map((cell) => configOf(cell, seed)),
    ...(check ? [check(seed)] : [])
  ])
}

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
