// What set-up says: one line a step with its time, a bar while something is downloaded.
import { SetupProblem } from './problem.mjs'

const barWidth = 24
const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`

/** `[######------]  45 %  123/274 MB`, or only the amount where the total is unknown. */
export function progressText(done, total) {
  const megabytes = (bytes) => (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)
  if (!total) return `${megabytes(done)} MB`
  const share = Math.min(1, done / total)
  const filled = Math.round(share * barWidth)
  const bar = '#'.repeat(filled) + '-'.repeat(barWidth - filled)
  const percent = String(Math.floor(share * 100)).padStart(3)
  return `[${bar}] ${percent} %  ${megabytes(done)}/${megabytes(total)} MB`
}

export class Report {
  #stream
  #now
  #drawnAt = -Infinity

  /** @param stream where to write; a bar is drawn only where it is a terminal */
  constructor(stream = process.stdout, now = () => performance.now()) {
    this.#stream = stream
    this.#now = now
  }

  line(text) {
    this.#stream.write(`${text}\n`)
  }

  /**
   * Runs one step. `work` gets `{progress(done, total), doing(text), note(text)}` and resolves to
   * the words after the dots (or `{text, ...}`); the line reads `Packages … ready (0.0 s)`.
   * A SetupProblem is told in full and thrown on.
   */
  async step(label, work) {
    const started = this.#now()
    const head = `${label} … `
    const notes = []
    const redraw = (text) => {
      if (!this.#stream.isTTY || this.#now() - this.#drawnAt < 100) return
      this.#drawnAt = this.#now()
      this.#stream.write(`\r${head}${text}\x1b[K`)
    }
    const finish = (text) => {
      const start = this.#stream.isTTY ? `\r${head}` : ''
      const end = this.#stream.isTTY ? '\x1b[K' : ''
      this.line(`${start}${text} (${seconds(this.#now() - started)})${end}`)
      for (const note of notes) this.line(`    ${note}`)
    }
    this.#stream.write(head)
    try {
      const result = await work({
        progress: (done, total) => redraw(progressText(done, total)),
        doing: redraw,
        note: (text) => notes.push(text)
      })
      finish(typeof result === 'string' ? result : result.text)
      return result
    } catch (error) {
      finish('FAILED')
      const lines = error instanceof SetupProblem ? error.lines() : [String(error?.stack ?? error)]
      for (const text of lines) this.line(`    ${text}`)
      throw error
    }
  }
}
