import type { ErrorFacts } from '../../core/error'
import type { FiledArray, RefusedArray } from '../../core/format/array-file'

/** What is asked of the process that reads HDF5: of a file, all its arrays or some rows of one. */
export interface Hdf5Request {
  readonly path: string
  /** what errors call it */
  readonly called: string
  readonly rows?: { readonly array: string; readonly from: number; readonly count: number }
}

export type FromHdf5 =
  | { readonly type: 'ready' }
  /** of the bytes of rows, in their order */
  | { readonly type: 'piece'; readonly bytes: Uint8Array }
  /** all pieces have been sent; of texts, how long each is */
  | { readonly type: 'rows'; readonly lengths?: Uint32Array }
  | { readonly type: 'arrays'; readonly arrays: readonly (FiledArray | RefusedArray)[] }
  | { readonly type: 'refused'; readonly error: ErrorFacts }
