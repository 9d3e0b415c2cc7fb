import type { Component } from 'svelte'

/** One line of a menu. */
export interface MenuItem {
  readonly label: string
  readonly run: () => void
  readonly icon?: Component<{ size?: number; strokeWidth?: number }>
  readonly disabled?: boolean
  /** of items of which one is in force: whether it is this one */
  readonly chosen?: boolean
  /** a line above this item */
  readonly separated?: boolean
  /** keys, shown at the right */
  readonly keys?: string
}

/** Index of the item after a key of a menu, or undefined when the key does not move. */
export function itemAfterKey(key: string, at: number, enabled: readonly boolean[]) {
  const count = enabled.length
  const steps: Readonly<Record<string, readonly [start: number, step: 1 | -1]>> = {
    ArrowDown: [at + 1, 1],
    ArrowUp: [at - 1 + count, -1],
    Home: [0, 1],
    End: [count - 1, -1]
  }
  const move = steps[key]
  if (!move || count === 0) return undefined
  for (let tried = 0, i = move[0]; tried < count; tried++, i += move[1]) {
    const index = ((i % count) + count) % count
    if (enabled[index]) return index
  }
  return undefined
}
