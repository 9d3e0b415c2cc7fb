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
