/** milliseconds between two looks at whether something is still wanted */
const CHECK_INTERVAL = 100

/** What comes of work, or what `check` throws before that: it is asked ten times a second. */
export async function unlessEnded<T>(work: Promise<T>, check: () => void): Promise<T> {
  const checks = new Promise<never>((_, reject) => {
    const timer = setInterval(() => {
      try {
        check()
      } catch (thrown) {
        reject(thrown as Error)
      }
    }, CHECK_INTERVAL)
    const stop = (): void => clearInterval(timer)
    work.then(stop, stop)
  })
  return Promise.race([work, checks])
}
