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
