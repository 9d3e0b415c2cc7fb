import { MediaQuery } from 'svelte/reactivity'
import type { Store } from './storage'

export type ThemeChoice = 'system' | 'light' | 'dark'

const KEY = 'theme'

/** Light or dark: the system's, unless the person fixed one. */
export class Theme {
  readonly #systemDark = new MediaQuery('prefers-color-scheme: dark')
  #choice = $state<ThemeChoice>('system')
  #resolved = $derived<'light' | 'dark'>(
    this.#choice === 'system' ? (this.#systemDark.current ? 'dark' : 'light') : this.#choice
  )
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
    const stored = store.read(KEY)
    if (stored === 'light' || stored === 'dark') this.#choice = stored
  }

  get choice(): ThemeChoice {
    return this.#choice
  }
  get resolved(): 'light' | 'dark' {
    return this.#resolved
  }

  set(choice: ThemeChoice): void {
    this.#choice = choice
    this.#store.write(KEY, choice)
  }
}
