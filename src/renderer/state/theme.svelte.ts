import type { Store } from './storage'

export type ThemeChoice = 'system' | 'light' | 'dark'

const KEY = 'theme'

/** Light or dark: the system's, unless the person fixed one. */
export class Theme {
  #choice = $state<ThemeChoice>('system')
  #systemDark = $state(false)
  #reducedMotion = $state(false)
  #resolved = $derived<'light' | 'dark'>(
    this.#choice === 'system' ? (this.#systemDark ? 'dark' : 'light') : this.#choice
  )
  readonly #store: Store

  constructor(store: Store, media: (query: string) => MediaQueryList) {
    this.#store = store
    const stored = store.read(KEY)
    if (stored === 'light' || stored === 'dark') this.#choice = stored
    const dark = media('(prefers-color-scheme: dark)')
    this.#systemDark = dark.matches
    dark.addEventListener('change', (event) => (this.#systemDark = event.matches))
    const motion = media('(prefers-reduced-motion: reduce)')
    this.#reducedMotion = motion.matches
    motion.addEventListener('change', (event) => (this.#reducedMotion = event.matches))
  }

  get choice(): ThemeChoice {
    return this.#choice
  }
  get resolved(): 'light' | 'dark' {
    return this.#resolved
  }
  get reducedMotion(): boolean {
    return this.#reducedMotion
  }

  set(choice: ThemeChoice): void {
    this.#choice = choice
    this.#store.write(KEY, choice)
  }
}
