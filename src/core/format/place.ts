import type { Entry } from './files'
import type { Kind } from './sniff'
import type { ByteSource } from './source'

/** What lies at a path, before a format is looked for. */
export type Place = WordPlace | FilePlace | FolderPlace

/** A word in place of a path. */
interface WordPlace {
  readonly kind: 'word'
  readonly path: string
}

export interface FilePlace {
  readonly kind: 'file'
  readonly path: string
  readonly source: ByteSource
  /** what the file is by content */
  readonly outer: Kind
  /** what is inside where it is gzipped, else the same */
  readonly inner: Kind
  /** the beginning of that */
  readonly head: Uint8Array
}

export interface FolderPlace {
  readonly kind: 'folder'
  readonly path: string
  /** hidden ones left out */
  readonly files: readonly Entry[]
  readonly folders: readonly Entry[]
}
