import type { Files } from './files'
import type { LabelValues, OpenedSplit } from './opened'
import type { PictureOptions } from './pictures'
import type { FilePlace, Place } from './place'
import { baseName } from './source'
import type { Warn } from './source'

/** A way in which data sets lie on disk: all that is known of it. */
export interface Format<Found = unknown, Split extends PlannedSplit = PlannedSplit> {
  readonly id: string
  /** as lists of formats name it */
  readonly name: string
  /** whether its images are picture files, which `PictureOptions` are for */
  readonly pictures?: boolean
  /** of its files, without a dot, for dialogs; none where names do not end alike */
  readonly endings: readonly string[]
  /** the word that opens it in place of a path */
  readonly word?: string
  /** how its images get labels: 'To train on them, …' */
  readonly labelling: string
  /** its files of labels alone */
  readonly labels?: LabelReader
  /** what of it lies at a place; undefined where nothing does */
  recognise(place: Place, files: Files): Promise<Recognised<Found> | undefined>
  /** what of it several files are where they are more than one after the other */
  together?(paths: readonly string[], files: Files): Promise<Found | undefined>
  /** what is to be read, with labels in a file of their own where one is named */
  plan(
    found: Found,
    files: Files,
    labelsPath: string | undefined,
    pictures?: PictureOptions
  ): Promise<Plan<Split>>
  read(split: Split, reading: Reading): Promise<OpenedSplit>
}

/** The higher, the surer; between equal ones the order of the formats decides. */
export const RANK = { loose: 0, single: 1, classes: 2, sure: 3 } as const

export interface Recognised<Found> {
  readonly rank: (typeof RANK)[keyof typeof RANK]
  readonly found: Found
}

/** A file, or a folder of which the files named were read. */
export interface PlannedSource {
  readonly path: string
  /** relative to the path, sorted; undefined for a file */
  readonly files?: readonly string[]
}

/** One split, found but not read. */
export interface PlannedSplit {
  /** what errors speak of */
  readonly path: string
}

/** A data set that has been found and understood, but whose images are still unread. */
export interface Plan<Split> {
  readonly name: string
  readonly sources: readonly PlannedSource[]
  /** with the sources' content it determines what the reader makes of them */
  readonly recipe: string
  readonly train: Split
  readonly test?: Split
  readonly warnings: readonly string[]
  /** files that planning opened are read from, so they stay open */
  readonly holds?: boolean
  /** a labels file names the images, so that each image finds its own */
  readonly byName?: boolean
  /** names of the labels 0, 1, 2, ... where the files do not give them */
  readonly classNames?: readonly string[]
}

/** What is said where only a test split was found. */
export const NO_TRAINING =
  'There are no training images; the test images are used as the training split.'

/** What a reader is given. */
export interface Reading {
  readonly files: Files
  readonly warn: Warn
  /**
   * Labels from a file of their own, of any format, for so many `images`; it may name the image
   * `files` it labels, else the labels are in their order.
   */
  labels(path: string, images: number, files?: readonly string[]): Promise<LabelValues>
}

/** How a file of labels alone is read. */
export interface LabelReader {
  /** as lists name it */
  readonly name: string
  recognise(place: FilePlace): boolean
  /** whether a file is one of labels and nothing else by its content */
  isAlone?(place: FilePlace, files: Files): Promise<boolean>
  read(place: FilePlace, images: number, reading: Reading): Promise<LabelValues>
  /** the labels of the image `files` that it names; undefined where it names none */
  readNamed?(
    place: FilePlace,
    files: readonly string[],
    reading: Reading
  ): Promise<LabelValues | undefined>
}

/** Without the folders above it and the endings that say nothing. */
export function nameOf(path: string, endings: readonly string[] = []): string {
  const said = new RegExp(`(\\.(${['gz', ...endings].join('|')}))+$`, 'i')
  return baseName(path).replace(said, '') || path
}

/** The files of those paths that are given. */
export function sourcesOf(paths: readonly (string | undefined)[]): PlannedSource[] {
  return paths.flatMap((path) => (path === undefined ? [] : [{ path }]))
}

/** The labels of a split from a file of their own, where one is named. */
export function labelsFrom(path: string | undefined, reading: Reading): OpenedSplit['labels'] {
  return path === undefined ? undefined : (images) => reading.labels(path, images)
}
