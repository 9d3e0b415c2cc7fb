/** Keeps an overtaken request from writing state: only the answer to the newest one is written. */
interface Latest {
  /**
   * Starts the work and hands its value to `write`, unless another run (or `cancel`) came after.
   * An error of overtaken work is dropped; of the newest work it is thrown.
   */
  run<T>(work: () => Promise<T>, write: (value: T) => void): Promise<void>
  /** what is under way will not be written */
  cancel(): void
}

export function latest(): Latest {
  let newest = 0
  return {
    async run(work, write) {
      const mine = ++newest
      try {
        const value = await work()
        if (mine === newest) write(value)
      } catch (thrown) {
        if (mine === newest) throw thrown
      }
    },
    cancel() {
      newest++
    }
  }
}
