import type { ChoiceId, ChoiceSpec } from '../../core/preprocessing/preprocessing'
import type { OverlayAxis } from '../../core/figure/pixels'
import type { RunConfig } from '../../core/network/config'
import { canonicalJson } from '../../core/study/json'
import { choiceSpecOf, configsOf, including, settingsFrom, settingsOfRun } from './settings'
import type { CustomConstants, NetworkSettings, Settings } from './settings'
import type { Store } from './storage'

const KEY = 'settings'
const REMEMBERED = 100

/** A change that can be taken back. */
interface Step {
  readonly undo: () => void
  readonly redo: () => void
}

/** The person's settings with undo and redo; every change is kept in storage. */
export class SettingsState {
  #now = $state.raw<Settings>(settingsFrom(undefined))
  #past = $state.raw<readonly Step[]>([])
  #future = $state.raw<readonly Step[]>([])
  #specs = $derived<readonly ChoiceSpec[]>(
    this.#now.checked.map((id) => choiceSpecOf(id, this.#now.custom))
  )
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
    this.#now = settingsFrom(store.read(KEY))
  }

  get now(): Settings {
    return this.#now
  }
  /** ids of the checked choices, in the order shown */
  get checked(): readonly ChoiceId[] {
    return this.#now.checked
  }
  /** the checked choices with their constants, as the engine takes them */
  get specs(): readonly ChoiceSpec[] {
    return this.#specs
  }
  get custom(): CustomConstants {
    return this.#now.custom
  }
  get network(): NetworkSettings {
    return this.#now.network
  }
  get overlayAxis(): OverlayAxis {
    return this.#now.overlayAxis
  }
  get canUndo(): boolean {
    return this.#past.length > 0
  }
  get canRedo(): boolean {
    return this.#future.length > 0
  }

  isChecked(id: ChoiceId): boolean {
    return this.#now.checked.includes(id)
  }

  /** Checks or unchecks a choice; the last checked one stays. */
  toggle(id: ChoiceId): void {
    const { checked } = this.#now
    const next = checked.includes(id)
      ? checked.filter((other) => other !== id)
      : including(checked, id)
    if (next.length > 0) this.#change({ checked: next })
  }

  setCustom(custom: CustomConstants): void {
    this.#change({ custom })
  }

  /** Uses the constants and checks the custom choice in one step. */
  useCustom(custom: CustomConstants): void {
    const { checked } = this.#now
    this.#change({ custom, checked: including(checked, 'custom') })
  }

  setNetwork(network: NetworkSettings): void {
    this.#change({ network })
  }

  /**
   * Checks the choice of a run with its constants, where wanted with its network, in one step; says
   * whether the network is another now.
   */
  lookAt(config: RunConfig, { network = false } = {}): { readonly network: boolean } {
    const now = this.#now
    const after = settingsOfRun(config, now)
    const other = network && canonicalJson(after.network) !== canonicalJson(now.network)
    const next = other ? after : { ...after, network: now.network }
    if (canonicalJson(next) !== canonicalJson(now)) this.#change(next)
    return { network: other }
  }

  setOverlayAxis(overlayAxis: OverlayAxis): void {
    this.#change({ overlayAxis })
  }

  /** Takes other settings over in one step. */
  replace(settings: Settings): void {
    this.#change(settings)
  }

  /** One configuration per checked choice and seed. */
  configs(): RunConfig[] {
    return configsOf(this.#now)
  }

  undo(): void {
    const step = this.#past.at(-1)
    if (step === undefined) return
    this.#past = this.#past.slice(0, -1)
    this.#future = [step, ...this.#future]
    step.undo()
  }

  redo(): void {
    const step = this.#future[0]
    if (step === undefined) return
    this.#future = this.#future.slice(1)
    this.#past = [...this.#past, step]
    step.redo()
  }

  /** Something was changed that is kept elsewhere: it is undone and redone in its turn. */
  changed(step: Step): void {
    this.#past = [...this.#past, step].slice(-REMEMBERED)
    this.#future = []
  }

  #change(part: Partial<Settings>): void {
    const before = this.#now
    const after = { ...before, ...part }
    this.changed({ undo: () => this.#set(before), redo: () => this.#set(after) })
    this.#set(after)
  }

  #set(settings: Settings): void {
    this.#now = settings
    this.#store.write(KEY, settings)
  }
}
