/** A two-way line of messages between the window and the engine: a port or a socket. */
export interface Line {
  post(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  /** called once, when the other side is gone */
  onClose(listener: () => void): void
}
