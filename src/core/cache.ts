/** What decoded images take on the disk. */
export interface CacheFacts {
  readonly folder: string
  /** data sets */
  readonly sets: number
  readonly bytes: number
  /** bytes; beyond them what was opened longest ago goes */
  readonly limit: number
}

/** What is left once the cache was emptied. */
export interface EmptiedCache extends CacheFacts {
  /** bytes */
  readonly freed: number
}
