/** The environment variable that names the folders in which an engine opens files, as a list in JSON. */
export const ENGINE_FOLDERS = 'NORMSCOPE_ENGINE_FOLDERS'

/** What is to be opened; default: what was open last. */
export interface OpenPaths {
  readonly paths?: readonly string[]
  /** where relative paths begin; absent where they are kept paths already */
  readonly folder?: string
}

/** What a shell (desktop, served) tells its engine process. */
export type FromShell =
  /** `resume`: the engine was lost, go on with what waited */
  | ({ readonly type: 'open'; readonly resume?: boolean } & OpenPaths)
  /** a window's port comes with the message (desktop) */
  | { readonly type: 'window' }
  /** take connections of windows at this local socket or named pipe (served) */
  | { readonly type: 'listen'; readonly address: string }
  /** the port of the trainer asked for comes with the message (desktop) */
  | { readonly type: 'trainer'; readonly request: number; readonly pid?: number }
  | { readonly type: 'trainer-failed'; readonly request: number; readonly reason: string }

/** What the engine process tells its shell. */
export type ToShell =
  | { readonly type: 'engine-ready' }
  | { readonly type: 'listening' }
  | { readonly type: 'listen-failed'; readonly reason: string }
  | { readonly type: 'spawn-trainer'; readonly request: number }
  | { readonly type: 'kill-trainer'; readonly request: number }
