import { z } from 'zod'
import { takesConstants } from '../../core/preprocessing/choices'
import { CHOICE_IDS } from '../../core/preprocessing/preprocessing'
import type { ChoiceId, ChoiceSpec, ConstantsSpec } from '../../core/preprocessing/preprocessing'
import { TUTORIAL_CONFIG } from '../../core/network/config'
import type { RunConfig } from '../../core/network/config'
import { OVERLAY_AXES } from '../../core/figure/pixels'
import type { OverlayAxis } from '../../core/figure/pixels'
import { idsOf } from '../../core/network/setting'
import { SETTINGS } from '../../core/network/settings'
import { numberWithin, runConfig } from '../../core/study/config-schema'
import type { Study } from '../../core/study/study'

/** Everything of a run but the choice and the seed; `seeds` counts the runs per choice. */
export type NetworkSettings = Omit<RunConfig, 'choice' | 'seed'> & { readonly seeds: number }

/** Constants a person gives for the choice 'custom': (x - centre) / divisor, one or one per channel. */
export interface CustomConstants {
  readonly centre: readonly number[]
  readonly divisor: readonly number[]
}

/** What undo and redo go over and what is kept between starts. */
export interface Settings {
  /** in the order of CHOICE_IDS */
  readonly checked: readonly ChoiceId[]
  readonly custom: CustomConstants
  readonly network: NetworkSettings
  /** how overlaid histograms share the axis of their values */
  readonly overlayAxis: OverlayAxis
}

export const DEFAULT_NETWORK: NetworkSettings = (() => {
  const { choice: _choice, seed: _seed, ...rest } = TUTORIAL_CONFIG
  return { ...rest, seeds: 1 }
})()

export const DEFAULT_SETTINGS: Settings = {
  checked: ['raw', 'unit', 'standardised'],
  custom: { centre: [0], divisor: [255] },
  network: DEFAULT_NETWORK,
  overlayAxis: OVERLAY_AXES[0].id
}

/** The choice with its constants, as the engine takes it. */
export function choiceSpecOf(id: ChoiceId, custom: CustomConstants): ChoiceSpec {
  return takesConstants(id) ? { id, ...custom } : { id }
}

/** In the order in which choices are shown. */
export function including(checked: readonly ChoiceId[], id: ChoiceId): readonly ChoiceId[] {
  return CHOICE_IDS.filter((other) => other === id || checked.includes(other))
}

/** The settings with a run's choice checked, its constants and its network. */
export function settingsOfRun({ choice, seed: _, ...network }: RunConfig, now: Settings): Settings {
  const custom = 'centre' in choice && { centre: choice.centre, divisor: choice.divisor }
  return {
    ...now,
    checked: including(now.checked, choice.id),
    ...(custom && { custom }),
    network: { ...network, seeds: now.network.seeds }
  }
}

/** One configuration per checked choice and seed: choices first, so that each shows early. */
export function configsOf(settings: Settings): RunConfig[] {
  const { seeds, ...rest } = settings.network
  const configs: RunConfig[] = []
  for (let seed = 0; seed < seeds; seed++) {
    for (const id of settings.checked) {
      configs.push({ ...rest, choice: choiceSpecOf(id, settings.custom), seed })
    }
  }
  return configs
}

/** The settings that a study was made with; what it does not say stays as it is. */
export function settingsOfStudy(
  { choices, configs }: Pick<Study, 'choices' | 'configs'>,
  now: Settings
): Settings {
  const checked = CHOICE_IDS.filter((id) => choices.some((choice) => choice.id === id))
  const custom = choices.find((choice): choice is ConstantsSpec => takesConstants(choice.id))
  const { choice: _choice, seed: _seed, ...network } = configs.at(-1) ?? {}
  const most = SETTINGS.seeds.limits.max ?? Infinity
  const seeds = Math.min(most, new Set(configs.map(({ seed }) => seed)).size)
  return {
    ...now,
    checked: checked.length > 0 ? checked : now.checked,
    custom: custom ? { centre: custom.centre, divisor: custom.divisor } : now.custom,
    network: configs.length > 0 ? { ...DEFAULT_NETWORK, ...network, seeds } : now.network
  }
}

const storedShape = z.object({
  checked: z.array(z.enum(CHOICE_IDS)).min(1),
  custom: z.object({ centre: z.array(z.number()).min(1), divisor: z.array(z.number()).min(1) }),
  network: z.looseObject({ seeds: numberWithin(SETTINGS.seeds.limits) }),
  overlayAxis: z.enum(idsOf(OVERLAY_AXES)).catch(DEFAULT_SETTINGS.overlayAxis)
})

/** The settings found in storage, or the defaults where they are absent or no longer valid. */
export function settingsFrom(stored: unknown): Settings {
  const shape = storedShape.safeParse(stored)
  if (!shape.success) return DEFAULT_SETTINGS
  const { seeds, ...rest } = shape.data.network
  const config = runConfig.safeParse({ ...rest, choice: { id: 'unit' }, seed: 0 })
  if (!config.success) return { ...shape.data, network: DEFAULT_NETWORK }
  const { choice: _choice, seed: _seed, ...network } = config.data
  return { ...shape.data, network: { ...network, seeds } }
}
