import type { ErrorFacts } from '../error'
import type { NumberTypeId } from './number-type'

/** What an array of a file holds: numbers of a type, or texts. */
export type ArrayContent = NumberTypeId | 'texts'

/** An array of a file of several, before anything of it is read. */
export interface FiledArray {
  /** with the groups it lies in: train/images */
  readonly name: string
  readonly dims: readonly number[]
  readonly content: ArrayContent
  /** of one row (index 0), as it is read */
  readonly rowBytes: number
  /** rows that are packed together */
  readonly together: number
  /** chunks that these are packed in; 0 where they are not packed */
  readonly chunks: number
}

/** What stands under a name, but cannot be read. */
export interface RefusedArray {
  readonly name: string
  readonly refused: ErrorFacts
}

/** A file of arrays, in groups. */
export interface ArrayFile {
  readonly arrays: readonly (FiledArray | RefusedArray)[]
  /** numbers in C order, little-endian */
  numbers(array: FiledArray): AsyncIterable<Uint8Array>
  /** in UTF-8 */
  texts(array: FiledArray): Promise<readonly string[]>
}
