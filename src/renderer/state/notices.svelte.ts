import type { DatasetSource, EngineNotice } from '../../contract/engine'
import type { ErrorFacts } from '../../core/error'

type NoticeLevel = 'info' | 'warning' | 'error'

interface Notice {
  readonly id: number
  readonly level: NoticeLevel
  readonly message: string
  readonly hint?: string
  /** until it is closed, whatever its level */
  readonly stays?: boolean
  readonly action?: { readonly label: string; readonly run: () => void }
}

/** How long a notice stays, milliseconds; errors stay until they are closed. */
const STAY = { info: 6000, warning: 12000, error: undefined } as const

/** Short messages at the window's foot. */
export class Notices {
  #list = $state.raw<readonly Notice[]>([])
  #next = 1

  get list(): readonly Notice[] {
    return this.#list
  }

  show(
    level: NoticeLevel,
    message: string,
    more: Partial<Pick<Notice, 'hint' | 'action' | 'stays'>> = {}
  ) {
    const same = this.#list.find((n) => n.level === level && n.message === message)
    if (same) this.close(same.id)
    const notice: Notice = { id: this.#next++, level, message, ...more }
    this.#list = [...this.#list, notice].slice(-4)
    const stay = more.stays ? undefined : STAY[level]
    if (stay !== undefined) setTimeout(() => this.close(notice.id), stay)
  }

  error(facts: ErrorFacts): void {
    this.show('error', facts.message, { hint: facts.hint })
  }

  /** What the engine says; `open` is how to open what its action names. */
  told(
    { level, message, error, action }: EngineNotice,
    open: (source: DatasetSource) => void
  ): void {
    this.show(level, message, {
      hint: error?.hint,
      ...(action && {
        stays: true,
        action: { label: action.label, run: () => open(action.open) }
      })
    })
  }

  /** What a notice says is said elsewhere from now on. */
  withdraw(message: string): void {
    this.#list = this.#list.filter((notice) => notice.message !== message)
  }

  close(id: number): void {
    this.#list = this.#list.filter((notice) => notice.id !== id)
  }
}
