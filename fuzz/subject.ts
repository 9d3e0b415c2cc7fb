/** Files by their names. */
export type FileSet = Readonly<Record<string, Uint8Array>>

/** Where a subject's files lie, damaged. */
export interface Place {
  readonly folder: string
  /** which of them is damaged */
  readonly file: string
  /** for a subject that damages something else: which of so many, and how */
  readonly pick: (count: number) => number
  readonly damaged: (bytes: Uint8Array) => Uint8Array
  readonly signal: AbortSignal
}

/** What the app reads beside data sets named by one path. */
export interface Subject {
  /** made once */
  files(): FileSet | Promise<FileSet>
  /** `read` does the damage, to what comes of the files */
  readonly later?: boolean
  /** what it was taken for; throws `Wrong` where something was lost or believed that must not be */
  read(place: Place): Promise<string>
}

export class Wrong extends Error {}
