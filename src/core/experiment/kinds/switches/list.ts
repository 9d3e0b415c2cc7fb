import type { RunConfig } from '../../../network/config'
import { choiceRecord } from '../../../preprocessing/choices'
import { lowerFirst } from '../../../text'
import { CONFIG_SWITCHES, LOSS_SWITCH } from './config-switches'
import { INPUT_SWITCHES } from './input-switches'
import type { Pair, Switch, SwitchRecord } from './switch'

/** In the order in which tables and figures have them. */
const SWITCHES: readonly SwitchRecord[] = [LOSS_SWITCH, ...INPUT_SWITCHES, ...CONFIG_SWITCHES]

/** Everything in which two settings differ; nothing where they are the same training. */
export function switchesOf(pair: Pair): Switch[] {
  return SWITCHES.flatMap((record) => record(pair) ?? [])
}

/** What tells one setting from the other: 'as stored, clipped loss'. */
export function settingText(config: RunConfig, switches: readonly Switch[]): string {
  const { shortName } = choiceRecord(config.choice.id)
  return [lowerFirst(shortName), ...switches.flatMap(({ value }) => value?.(config) ?? [])].join(
    ', '
  )
}
