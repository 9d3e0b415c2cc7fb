// A set-up step that failed, told so that a person can act on it.

/** Folds the hosts of addresses away: a message may be pasted anywhere, a mirror's name should not. */
export const withoutHosts = (text) => text.replace(/\b([a-z]+:\/\/)[^\s/'"]+/gi, '$1…')

export class SetupProblem extends Error {
  /**
   * @param message what failed
   * @param facts `tried`: list of what was attempted; `remedy`: what to do; `without`: what still
   *   works (undefined when nothing does, and set-up must end)
   */
  constructor(message, { tried = [], remedy, without } = {}) {
    super(withoutHosts(message))
    this.name = 'SetupProblem'
    this.tried = tried.map(withoutHosts)
    this.remedy = remedy
    this.without = without
  }

  /** The indented lines under the step's own line. */
  lines() {
    return [
      `what failed: ${this.message}`,
      ...this.tried.map((attempt) => `tried: ${attempt}`),
      ...(this.remedy ? [`what to do: ${this.remedy}`] : []),
      ...(this.without ? [`without it: ${this.without}`] : [])
    ].flatMap((line) => line.split('\n'))
  }
}
