/** A two-way line of plain messages to another process or thread of control. */
export interface Channel {
  post(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  /** called once, when the other side is gone for whatever reason */
  onClose(listener: () => void): void
  close(): void
}

/** A running trainer; who forked it (Electron, Node) does not show. */
export interface TrainerProcess {
  readonly channel: Channel
  readonly pid?: number
  /** ends it at once (SIGKILL) */
  kill(): void
}

/** Forks one trainer. Rejects when the process cannot be started. */
export type SpawnTrainer = () => Promise<TrainerProcess>

/** Environment variables read by a trainer at its start. */
export const TRAINER_ENVIRONMENT = {
  /** 'native' (default), 'wasm' or 'cpu' */
  backend: 'NORMSCOPE_BACKEND',
  /** why the native library could not be provided; then wasm is used and says so */
  nativeError: 'NORMSCOPE_NATIVE_ERROR'
} as const
