let last: Promise<void> = Promise.resolve()

/**
 * Lets calls and events through between two slices of long work. Several works that run at once
 * take turns: each event-loop round gets one slice, so answers wait for one of them at most.
 */
export function yieldToEventLoop(): Promise<void> {
  last = last.then(() => new Promise((resolve) => setImmediate(resolve)))
  return last
}
