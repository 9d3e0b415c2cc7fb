import type { NormscopeError } from '../error'
import type { ArrayFile } from './array-file'
import type { PictureOptions } from './pictures'
import type { Kind } from './sniff'
import type { ByteSource, DataTools, DecodedImage } from './source'

/** What lies in a folder; a link is what it leads to. */
export interface Entry {
  readonly name: string
  readonly path: string
  /** 'other' is neither, and could wait for ever where it is read: a pipe, a device, a link to nothing */
  readonly kind: 'file' | 'folder' | 'other'
}

export interface Walked {
  /** regular files, relative to the folder, with / between names */
  readonly files: readonly string[]
  /** links to what was met already */
  readonly again: number
}

/** A picture to decode: a file, a part of one, or bytes that were unpacked. */
export type PictureFile =
  | {
      /** what errors and notes call it */
      readonly name: string
      readonly path: string
      /** bytes before it, for a part of a file */
      readonly at?: number
      /** bytes of a part */
      readonly size?: number
    }
  | { readonly name: string; readonly bytes: Uint8Array }

/** An archive, and what it is by its first bytes. */
export interface PackedFile {
  readonly path: string
  readonly source: ByteSource
  readonly outer: Kind
}

/** The regular files in a zip or tar archive. */
export interface Archive {
  readonly files: readonly string[]
  /** links, pipes and devices, which are left out */
  readonly special: number
  /** the beginning of a file, at most so many bytes */
  read(file: string, most: number): Promise<Uint8Array>
  /** a file by itself, where it can be opened like any other; gone when the opening ends */
  extract(file: string): Promise<string>
  /** throws NormscopeError 'archive-too-large' */
  pictures(files: readonly string[]): Promise<readonly PictureFile[]>
}

/** The files of the machine as a format sees them; what is opened is closed when the opening ends. */
export interface Files extends DataTools {
  /** throws NormscopeError 'missing-file' or 'unreadable' */
  kindOf(path: string): Promise<Entry['kind']>
  /** throws NormscopeError 'missing-file', 'unreadable' or 'not-a-file' */
  open(path: string): Promise<ByteSource>
  list(folder: string): Promise<readonly Entry[]>
  /** what lies in the folder of a path; nothing where that cannot be listed */
  beside(path: string): Promise<readonly Entry[]>
  /** every file under a folder */
  walk(folder: string): Promise<Walked>
  /** throws NormscopeError 'corrupt-zip', 'corrupt-tar', 'truncated-file', 'unsafe-archive' or 'archive-too-large' */
  archive(file: PackedFile): Promise<Archive>
  /** the arrays of an HDF5 file, gzipped or not; throws NormscopeError 'corrupt-hdf5', 'truncated-file' or 'too-many-arrays' */
  hdf5(path: string): Promise<ArrayFile>
  /** the first bytes of a file in a folder */
  head(folder: string, file: string): Promise<Uint8Array>
  /**
   * What comes of pictures, in their order: pixels, or the error of one that cannot be decoded. Without
   * a size in the options, those of another size than the first come without values.
   */
  decode(
    pictures: readonly PictureFile[],
    options: PictureOptions
  ): AsyncIterable<DecodedImage | NormscopeError>
  /** the same files; those that are opened here can be closed before the opening ends */
  scope(): ScopedFiles
  /** lets events through, a request to stop among them, before it resolves */
  pause(): Promise<void>
}

/** Files that are closed together. */
export interface ScopedFiles extends Files {
  close(): Promise<void>
}

export function filesIn(entries: readonly Entry[]): Entry[] {
  return entries.filter(({ kind }) => kind === 'file')
}

export function foldersIn(entries: readonly Entry[]): Entry[] {
  return entries.filter(({ kind }) => kind === 'folder')
}
