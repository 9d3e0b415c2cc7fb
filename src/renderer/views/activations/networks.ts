import type { RunConfig } from '../../../core/network/config'
import { groupRuns, shortNameOf } from '../../../core/study/groups'
import { canonicalJson } from '../../../core/study/json'
import type { RunRecord } from '../../../core/study/run'

/** A network whose activations can be looked at. */
export interface KnownNetwork {
  readonly key: string
  readonly label: string
  readonly config: RunConfig
}

/** The network of the settings first, then those that runs have trained and that differ from it. */
export function knownNetworks(current: RunConfig, runs: readonly RunRecord[]): KnownNetwork[] {
  const { choice, seed, activation, epochs } = current
  // what the view itself varies, and how long was trained, tells no networks apart
  const plain = ({ testChoices: _, ...config }: RunConfig): RunConfig => ({
    ...config,
    ...{ choice, seed, activation, epochs }
  })
  const key = (config: RunConfig): string => canonicalJson({ ...config, choice: 0 })
  const trained = runs
    .filter((run) => run.epochs.length > 0)
    .map((run) => ({ ...run, config: plain(run.config) }))
  const own = plain(current)
  const first = trained[0] && { ...trained[0], id: '', config: own }
  const groups = groupRuns(first ? [first, ...trained] : [])
  const others = groups
    .filter(({ config }) => key(config) !== key(own))
    .map(({ config, label }) => ({
      key: key(config),
      label: label.slice(`${shortNameOf(choice)}, `.length),
      config
    }))
  return [{ key: key(own), label: 'as under Network', config: own }, ...others]
}

/** Seeds that are set, and those that runs of the network have. */
export function knownSeeds(
  { config }: KnownNetwork,
  settings: readonly number[],
  runs: readonly RunRecord[]
): number[] {
  const own = canonicalJson(config.layers)
  const trained = runs
    .filter((run) => run.epochs.length > 0 && canonicalJson(run.config.layers) === own)
    .map((run) => run.config.seed)
  return [...new Set([...settings, ...trained])].sort((a, b) => a - b)
}
