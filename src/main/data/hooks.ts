import type { SplitName } from '../../core/dataset/dataset'
import { NormscopeError } from '../../core/error'
import type { SummaryShape } from '../../core/statistics/summary-types'

/** Who is told how far an opening is, and what ends it. */
export interface OpenHooks {
  readonly onProgress: (stage: string, fraction?: number) => void
  /** throws NormscopeError 'cancelled', or what the opening was ended for, once that is asked for */
  readonly check: () => void
  readonly onDecoded?: DecodedWatcher | undefined
}

/** The images of a split that lie in a file so far. */
export interface DecodedPart {
  readonly split: SplitName
  readonly file: string
  readonly shape: SummaryShape
  readonly images: number
}

/** Looks at images while more of them are decoded. */
export interface DecodedWatcher {
  /** called again with more images of the same file */
  decoded(part: DecodedPart): void
  /** What was decoded of a split is written anew in a wider form. Settles once its file is not open here. */
  rewritten(split: SplitName): Promise<void>
  /** Nothing more is decoded; the files get their names, or go. Settles once what is open here does not keep them from it. */
  ended(whole: boolean): Promise<void>
}

/** Throws what the signal was ended for; NormscopeError 'cancelled' where that is no error of ours. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return
  if (signal.reason instanceof NormscopeError) throw signal.reason
  throw new NormscopeError({ code: 'cancelled', message: 'Reading the data set was cancelled.' })
}
