import type { Component } from 'svelte'

export type Icon = Component<{ size?: number; strokeWidth?: number }>

/** One line of a menu. */
export interface MenuItem {
  readonly label: string
  readonly run: () => void
  readonly icon?: Icon
  readonly disabled?: boolean
  /** of items of which one is in force: whether it is this one */
  readonly chosen?: boolean
  /** a line above this item */
  readonly separated?: boolean
  /** keys, shown at the right */
  readonly keys?: string
}
