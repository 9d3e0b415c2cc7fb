import type { RunConfig } from '../network/config'
import { CHOICES } from '../preprocessing/choices'
import { taskText } from './chance'
import type { RunRecord } from './run'

/** Runs that differ only in their seed. */
export interface RunGroup {
  readonly key: string
  readonly config: RunConfig
  /** short, and unlike the other groups' names: 'raw, 2018 loss' */
  readonly label: string
  /** settings but the loss in which it differs from other groups of its choice */
  readonly details: readonly string[]
  /** the newest run of each seed: the same configuration and seed give the same weights */
  readonly runs: readonly RunRecord[]
  /** every run, repetitions too */
  readonly all: readonly RunRecord[]
}

const lossPart = ({ loss }: RunConfig): string => (loss === 'clipped' ? '2018 loss' : 'exact loss')

/** Settings that a name mentions when they differ between groups of the same choice. */
const DIFFERENCES: readonly ((config: RunConfig) => string)[] = [
  lossPart,
  ({ activation }) => activation,
  ({ optimiser }) => optimiser.id,
  ({ optimiser }) => `step ${optimiser.learningRate}`,
  ({ hidden }) => (hidden.length === 0 ? 'no hidden layer' : hidden.join('-')),
  ({ batch }) => `batch ${batch}`,
  ({ initialiser }) => initialiser,
  ({ initFactors }) => `weights × ${initFactors.join(', ')}`,
  ({ stepFactors }) => `steps × ${stepFactors.join(', ')}`,
  ({ weightDecay }) => `decay ${weightDecay.factor}`,
  ({ epochs }) => `${epochs} epochs`,
  ({ limit }) => (limit === undefined ? 'all images' : `${limit} images`),
  ({ output }) => output,
  taskText
]

function shortName(config: RunConfig): string {
  const name = CHOICES.find(({ id }) => id === config.choice.id)?.shortName ?? config.choice.id
  return name.charAt(0).toLowerCase() + name.slice(1)
}

function newestOfEachSeed(all: readonly RunRecord[]): RunRecord[] {
  const bySeed = new Map<number, RunRecord>()
  for (const run of all) {
    const before = bySeed.get(run.config.seed)
    if (!before || run.epochs.length > 0 || before.epochs.length === 0) {
      bySeed.set(run.config.seed, run)
    }
  }
  return [...bySeed.values()]
}

/** The runs by configuration, seeds together, in the order in which they were queued. */
export function groupRuns(records: readonly RunRecord[]): RunGroup[] {
  const byKey = new Map<string, RunRecord[]>()
  for (const record of records) {
    const key = JSON.stringify([record.datasetId, { ...record.config, seed: undefined }])
    const runs = byKey.get(key)
    if (runs) runs.push(record)
    else byKey.set(key, [record])
  }
  const bare = [...byKey].flatMap(([key, all]) =>
    all[0] ? [{ key, config: all[0].config, all, runs: newestOfEachSeed(all) }] : []
  )
  return bare.map((group) => {
    const same = bare.filter(({ config }) => config.choice.id === group.config.choice.id)
    const differing = DIFFERENCES.filter(
      (part) => new Set(same.map(({ config }) => part(config))).size > 1
    )
    const say = (parts: typeof DIFFERENCES): string[] => parts.map((part) => part(group.config))
    return {
      ...group,
      label: [shortName(group.config), ...say(differing)].join(', '),
      details: say(differing.filter((part) => part !== lossPart))
    }
  })
}
