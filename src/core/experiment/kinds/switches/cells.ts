import { min } from 'd3-array'
import type { RunConfig } from '../../../network/config'
import type { ExperimentFacts } from '../../kind'
import { configKey } from '../../kind'
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
  /** where the inputs were brought together by mean and std of some images only: of how many */
  readonly sampledImages?: number
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
    sampledImages: switches.some(({ part }) => part === 'form')
      ? min(facts.inputs, (input) => input.sampledImages)
      : undefined,
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
