/** A two-way line of messages between the window and the engine: a port or a socket. */
export interface Line {
  /** throws what hinders a message that cannot be sent */
  post(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  /** called once, when the other side is gone */
  onClose(listener: () => void): void
  /** whether the other side is behind with reading; absent where that cannot be known */
  isBehind?(): boolean
}
