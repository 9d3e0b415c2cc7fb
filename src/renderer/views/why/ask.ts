import type { AskField } from '../../../core/experiment/kind'
import { firstSeeds } from '../../../core/experiment/seeds'
import { LOSSES } from '../../../core/network/losses'
import type { RunConfig } from '../../../core/network/config'
import { choiceRecord } from '../../../core/preprocessing/choices'
import type { ChoiceId } from '../../../core/preprocessing/preprocessing'
import { canonicalJson } from '../../../core/study/json'
import { groupRuns } from '../../../core/study/groups'
import type { RunRecord } from '../../../core/study/run'
import { choiceSpecOf } from '../../state/settings'
import type { Settings } from '../../state/settings'

/** A setting that can be compared with another. */
interface SettingOption {
  /** its configuration as one text, whatever the seed */
  readonly value: string
  readonly label: string
  readonly config: RunConfig
}

const valueOf = (config: RunConfig): string => canonicalJson({ ...config, seed: 0 })

/** Pixels as stored and rescaled to [0, 1] are always among those that are offered. */
const ALWAYS: readonly ChoiceId[] = ['raw', 'unit']

/**
 * What can be compared: settings that were trained, and the checked choices under each loss with
 * the network as it is set now.
 */
export function settingOptions(
  settings: Settings,
  runs: readonly RunRecord[]
): readonly SettingOption[] {
  const { seeds: _, ...network } = settings.network
  const ids = [...new Set([...ALWAYS, ...settings.checked])]
  const trained = groupRuns(runs).map(({ label, config }) => ({ label, config }))
  const now = ids.flatMap((id) =>
    LOSSES.map((loss) => ({
      label: `${choiceRecord(id).name}, ${loss.label}`,
      config: { ...network, choice: choiceSpecOf(id, settings.custom), loss: loss.id, seed: 0 }
    }))
  )
  const options = new Map<string, SettingOption>()
  for (const { label, config } of [...now, ...trained]) {
    const value = valueOf(config)
    if (!options.has(value)) options.set(value, { value, label, config })
  }
  return [...options.values()]
}

/** The option of a choice under a loss with the network of now. */
export function optionOf(
  options: readonly SettingOption[],
  id: ChoiceId,
  loss: RunConfig['loss']
): SettingOption | undefined {
  return options.find(({ config }) => config.choice.id === id && config.loss === loss)
}

/** The runs of a setting, whatever the seed. */
export function runsOfSetting(
  runs: readonly RunRecord[],
  option: SettingOption | undefined
): RunRecord[] {
  return option ? runs.filter(({ config }) => valueOf(config) === option.value) : []
}

/** What a field of the form holds, out of an ask. */
export function fieldValue(ask: unknown, { key }: AskField): unknown {
  return (ask as Readonly<Record<string, unknown>>)[key]
}

/** The ask with another value of a field; a number of seeds becomes their list. */
export function withField(ask: unknown, field: AskField, value: unknown): unknown {
  const held = field.type === 'seeds' ? firstSeeds(value as number) : value
  return { ...(ask as object), [field.key]: held }
}
