// What a started app says: a person reads what they can act on, the rest goes to a file.
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'

/** The app's own words to a person, and what is indented below them. */
const ours = /^normscope: /
const continued = /^ {2}\S/

/** A file of lines that is set aside at `limit` bytes, so that two of them are all that is kept. */
export class LogFile {
  #path
  #limit
  #bytes
  #fails

  /** @param fails called once with the reason when the file cannot be written */
  constructor(path, fails, limit = 1_000_000) {
    this.#path = path
    this.#fails = fails
    this.#limit = limit
    this.#try(() => {
      mkdirSync(dirname(path), { recursive: true })
      this.#bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0
    })
  }

  get path() {
    return this.#path
  }

  write(line) {
    this.#try(() => {
      const bytes = Buffer.from(`${line}\n`)
      if (this.#bytes > 0 && this.#bytes + bytes.length > this.#limit) {
        renameSync(this.#path, `${this.#path}.1`)
        this.#bytes = 0
      }
      appendFileSync(this.#path, bytes)
      this.#bytes += bytes.length
    })
  }

  #try(work) {
    if (this.#fails === undefined) return
    try {
      work()
    } catch (error) {
      const fails = this.#fails
      this.#fails = undefined
      fails(error.message)
    }
  }
}

/**
 * Reads a stream by lines: `show` gets what is for a person, `log` all of them.
 * Resolves to the last lines that were not shown, when the stream ends.
 */
export async function sortLines(stream, log, show) {
  const unseen = []
  let shown = false
  for await (const line of createInterface({ input: stream })) {
    log.write(line)
    shown = ours.test(line) || (shown && continued.test(line))
    if (shown) show(line)
    else if (line.trim()) unseen.push(line)
    if (unseen.length > 5) unseen.shift()
  }
  return unseen
}
