/** What a network gets of a choice f(x): scale f(x) + offset. */
export interface InputMap {
  /** above 0 */
  readonly scale: number
  readonly offset: number
}

/** The choice as it is. */
export const AS_CHOSEN: InputMap = { scale: 1, offset: 0 }
