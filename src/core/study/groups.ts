import type { RunConfig } from '../network/config'
import { decayText } from '../network/decay'
import { layersName } from '../network/layers/text'
import { parametersOf, recordOf, valuesFrom } from '../network/setting'
import { START_BIASES } from '../network/settings'
import { chosen, NETWORK, NETWORK_KINDS } from '../network/tables'
import type { NetworkKind, NetworkTables } from '../network/tables'
import { plain } from '../numbers'
import { CHOICES } from '../preprocessing/choices'
import { counted, lowerFirst } from '../text'
import { canonicalJson } from './json'
import { taskText } from './run'
import type { RunRecord } from './run'

/** Runs that differ only in their seed. */
export interface RunGroup {
  readonly key: string
  readonly config: RunConfig
  /** short, and unlike the other groups' names: 'as stored, clipped loss' */
  readonly label: string
  /** settings but the loss in which it differs from other groups of its choice */
  readonly details: readonly string[]
  /** the newest run of each seed: the same configuration and seed give the same weights */
  readonly runs: readonly RunRecord[]
  /** every run, repetitions too */
  readonly all: readonly RunRecord[]
}

type Part = (config: RunConfig, tables: NetworkTables) => string

const lossPart: Part = ({ loss }, tables) => recordOf(tables.loss, loss).label
const nameOf =
  (kind: NetworkKind): Part =>
  (config, tables) =>
    chosen(config, kind, tables).record.name

const inputPart: Part = ({ input: { scale, offset } }) =>
  scale === 1 && offset === 0
    ? 'input as chosen'
    : [
        `input${scale === 1 ? '' : ` × ${plain(scale, 6)}`}`,
        ...(offset === 0 ? [] : [`${offset < 0 ? '−' : '+'} ${plain(Math.abs(offset), 6)}`])
      ].join(' ')

/** What a person gave with a choice: 'centre 0.5, divisor 0.25' */
const constantsPart: Part = ({ choice: { id: _, ...constants } }) =>
  Object.entries(constants)
    .map(([key, values]) => `${key} ${(values as readonly number[]).join(' ')}`)
    .join(', ')

const factorsText = (factors: readonly number[]): string =>
  factors.map((factor) => plain(factor, 6)).join(', ')

/** Settings that a name mentions when they differ between groups of the same choice. */
const DIFFERENCES: readonly Part[] = [
  lossPart,
  constantsPart,
  nameOf('activation'),
  nameOf('optimiser'),
  ({ optimiser }) => `learning rate ${optimiser.learningRate}`,
  ({ layers }) => layersName(layers),
  inputPart,
  ({ startBias }) => `first biases ${recordOf(START_BIASES, startBias).name}`,
  ({ batch }) => `batch size ${batch}`,
  nameOf('initialiser'),
  ({ initFactors }) => `initial weights × ${factorsText(initFactors)}`,
  ({ stepFactors }) => `learning rates × ${factorsText(stepFactors)}`,
  ({ epsilonFactors }) => `epsilon × ${factorsText(epsilonFactors)}`,
  decayText,
  ({ decayFactors }) => `weight decay × ${factorsText(decayFactors)}`,
  ({ epochs }) => counted(epochs, 'epoch'),
  ({ limit }) => (limit === undefined ? 'all images' : `${limit} images`),
  ({ output }) => output,
  taskText,
  ({ probeImages }) => `${probeImages} probe images`,
  ({ testChoices = [] }) =>
    testChoices.length === 0
      ? 'tested under its own choice'
      : `tested under ${testChoices.map(shortNameOf).join(', ')} too`
]

/** One for each parameter of the records; empty where the record of a run has it not. */
function parameterParts(tables: NetworkTables): readonly Part[] {
  return NETWORK_KINDS.flatMap((kind) =>
    Object.keys(parametersOf(tables[kind])).map((key): Part => (config) => {
      const { record, values } = chosen(config, kind, tables)
      const parameter = record.parameters[key]
      return parameter
        ? `${lowerFirst(parameter.name)} ${valuesFrom(record.parameters, values)[key]}`
        : ''
    })
  )
}

/** A choice within a sentence: 'as stored', '[0, 1]'. */
export function shortNameOf({ id }: RunConfig['choice']): string {
  return lowerFirst(CHOICES.find((record) => record.id === id)?.shortName ?? id)
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
export function groupRuns(
  records: readonly RunRecord[],
  tables: NetworkTables = NETWORK
): RunGroup[] {
  const parts = [...DIFFERENCES, ...parameterParts(tables)]
  const byKey = new Map<string, RunRecord[]>()
  for (const record of records) {
    const key = canonicalJson([record.datasetId, { ...record.config, seed: undefined }])
    const runs = byKey.get(key)
    if (runs) runs.push(record)
    else byKey.set(key, [record])
  }
  const bare = [...byKey].flatMap(([key, all]) =>
    all[0] ? [{ key, config: all[0].config, all, runs: newestOfEachSeed(all) }] : []
  )
  return bare.map((group) => {
    const same = bare.filter(({ config }) => config.choice.id === group.config.choice.id)
    const differing = parts.filter((part) => {
      const told = same.map(({ config }) => part(config, tables)).filter((text) => text !== '')
      return new Set(told).size > 1
    })
    const say = (of: readonly Part[]): string[] =>
      of.map((part) => part(group.config, tables)).filter((text) => text !== '')
    return {
      ...group,
      label: [shortNameOf(group.config.choice), ...say(differing)].join(', '),
      details: say(differing.filter((part) => part !== lossPart))
    }
  })
}
