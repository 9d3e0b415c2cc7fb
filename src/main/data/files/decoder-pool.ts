import { cpus } from 'node:os'
import { NormscopeError } from '../../../core/error'
import type { PictureFile } from '../../../core/format/files'
import type { PictureOptions } from '../../../core/format/pictures'
import type { DecodedImage } from '../../../core/format/source'
import { DecoderProcess } from './decoder-process'
import type { Answer, DecoderOptions } from './decoder-process'
import { unlessEnded } from './unless-ended'

/** Bytes of decoded pictures in one request, where one picture is not larger. */
const REQUEST_BYTES = 4 << 20
const REQUEST_FILES = 256
/** Bytes of decoded pictures under way at once; a larger picture is under way alone. */
const MAX_BYTES_IN_FLIGHT = 64 << 20
const MAX_PROCESSES = 16

/** Decodes pictures in processes of their own, several at a time, and gives them in order. */
export class DecoderPool {
  readonly #options: DecoderOptions
  readonly #check: () => void
  readonly #processes: DecoderProcess[] = []

  constructor(check: () => void, options: DecoderOptions = {}) {
    this.#check = check
    this.#options = options
  }

  /** What comes of pictures; without a size asked for, those of another size than the first come without values. */
  async *decode(
    files: readonly PictureFile[],
    options: PictureOptions = {}
  ): AsyncGenerator<DecodedImage | NormscopeError> {
    const { first, asked: begun } = yield* this.#first(files, options)
    if (first === undefined) return
    const like =
      options.size === undefined ? { height: first.height, width: first.width } : undefined
    const bytes = first.values.byteLength
    const atOnce = clamp(Math.floor(REQUEST_BYTES / bytes), 1, REQUEST_FILES)
    const most = Math.min(MAX_PROCESSES, cpus().length, Math.ceil(files.length / atOnce))
    const fit = Math.floor(MAX_BYTES_IN_FLIGHT / (bytes * atOnce))
    const processes = clamp(fit, 1, most)
    // one more waits, so that no process does while pictures are stored
    const waiting = fit > processes ? processes + 1 : processes
    const inFlight: Promise<Answer>[] = []
    let requests = 0
    for (let asked = begun; asked < files.length || inFlight.length > 0;) {
      while (asked < files.length && inFlight.length < waiting) {
        const process = this.#process(requests++ % processes)
        const some = files.slice(asked, asked + atOnce)
        const answer = process.decode({ files: some, options, like })
        answer.catch(() => undefined) // thrown where it is awaited, unless an earlier one is
        inFlight.push(answer)
        asked += atOnce
      }
      yield* await unlessEnded(inFlight.shift()!, this.#check)
    }
  }

  /** The first picture that can be decoded, and how many were tried. */
  async *#first(
    files: readonly PictureFile[],
    options: PictureOptions
  ): AsyncGenerator<
    DecodedImage | NormscopeError,
    { readonly first?: DecodedImage; readonly asked: number }
  > {
    for (const [at, file] of files.entries()) {
      const answer = this.#process(0).decode({ files: [file], options })
      const [outcome] = await unlessEnded(answer, this.#check)
      yield outcome!
      if (!(outcome instanceof NormscopeError)) return { first: outcome, asked: at + 1 }
    }
    return { asked: files.length }
  }

  async close(): Promise<void> {
    await Promise.all(this.#processes.map((process) => process.close()))
  }

  #process(index: number): DecoderProcess {
    return (this.#processes[index] ??= new DecoderProcess(this.#options))
  }
}

const clamp = (value: number, min: number, max: number): number =>
  Math.min(max, Math.max(min, value))
