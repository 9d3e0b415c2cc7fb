import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { pixelView } from '../../../core/dataset/dataset'
import type { DecodedImage } from '../../../core/format/source'
import { NormscopeError } from '../../../core/error'
import type { ErrorFacts } from '../../../core/error'
import { corrupt } from '../../decoder/damage'
import { TOO_MUCH_MEMORY } from '../../decoder/memory'
import { builtProgram } from '../../processes/built-program'
import type { DecodedFacts, DecodeRequest, FromDecoder } from '../../decoder/protocol'

export interface DecoderOptions {
  /** the program that decodes; default: the one built beside this */
  readonly program?: string
  /** for the pictures of one request; default 30 s */
  readonly timeoutMs?: number
}

/** What came of each picture of a request. */
export type Answer = readonly (DecodedImage | NormscopeError)[]

const TIMEOUT_MS = 30_000

/** Why a request has no answer. */
class Ended extends Error {
  /** whether it is likely to be no picture's fault: the system kills decoders first where memory runs out */
  readonly killed: boolean

  constructor(message: string, killed = false) {
    super(message)
    this.killed = killed
  }
}

/** One process that decodes pictures, request by request; started again where a picture ended it. */
export class DecoderProcess {
  readonly #program: string
  readonly #timeoutMs: number
  #child: ChildProcess | undefined
  /** the request under way, and those before it */
  #last: Promise<unknown> = Promise.resolve()
  #closed = false

  constructor({ program = builtProgram('decoder.cjs'), timeoutMs = TIMEOUT_MS }: DecoderOptions) {
    this.#program = program
    this.#timeoutMs = timeoutMs
  }

  decode(request: DecodeRequest): Promise<Answer> {
    const answer = this.#last.then(() => this.#answer(request))
    this.#last = answer.catch(() => undefined)
    return answer
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#end()
  }

  /**
   * Where a request ends the process, its pictures are tried one by one: only one of them is at fault.
   * One that was alone when the process was killed from outside is tried once more.
   */
  async #answer(request: DecodeRequest, again = false): Promise<Answer> {
    try {
      return await this.#ask(request)
    } catch (thrown) {
      if (!(thrown instanceof Ended)) throw thrown
      const [only, ...others] = request.files
      if (others.length === 0) {
        if (thrown.killed && !again) return this.#answer(request, true)
        return [corrupt(only!.name, thrown.message)]
      }
    }
    const images: (DecodedImage | NormscopeError)[] = []
    for (const file of request.files) {
      images.push(...(await this.#answer({ ...request, files: [file] })))
    }
    return images
  }

  async #ask(request: DecodeRequest): Promise<Answer> {
    const child = await this.#started()
    const pieces: Uint8Array[] = []
    try {
      return await new Promise<Answer>((resolve, reject) => {
        const timer = setTimeout(() => {
          reject(new Ended(`decoding it took longer than ${this.#timeoutMs / 1000} s`))
        }, this.#timeoutMs)
        const onExit = (code: number | null, signal: string | null): void => {
          clearTimeout(timer)
          const much = 'it takes more memory than a picture may'
          const ended = `the decoder ended (${signal ?? `code ${code}`})`
          const killed = signal === 'SIGKILL' && signal !== TOO_MUCH_MEMORY
          reject(new Ended(signal === TOO_MUCH_MEMORY ? much : ended, killed))
        }
        child.removeAllListeners('message').on('message', (message: FromDecoder) => {
          if (message.type === 'piece') pieces.push(message.bytes)
          if (message.type !== 'decoded') return
          clearTimeout(timer)
          child.off('exit', onExit)
          resolve(answerOf(message.images, pieces))
        })
        child.once('exit', onExit)
        child.send(request, () => undefined) // a process that is gone is heard of by its exit
      })
    } catch (thrown) {
      await this.#end()
      throw thrown
    }
  }

  async #started(): Promise<ChildProcess> {
    if (this.#closed)
      throw new NormscopeError({ code: 'cancelled', message: 'Decoding was ended.' })
    if (this.#child?.connected) return this.#child
    const child = fork(this.#program, [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      execArgv: [],
      // with Electron this starts Node, not the app; without it, nothing reads it
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' }
    })
    this.#child = child
    await new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve())
      child.once('error', () => reject(notStarted(this.#program)))
      child.once('exit', () => reject(notStarted(this.#program)))
    })
    return child
  }

  async #end(): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise((resolve) => child.once('exit', resolve).once('error', resolve))
    if (child.kill('SIGKILL')) await gone
  }
}

function answerOf(
  facts: readonly (DecodedFacts | ErrorFacts)[],
  pieces: readonly Uint8Array[]
): Answer {
  const all = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces)
  let at = 0
  return facts.map((one): DecodedImage | NormscopeError => {
    if ('code' in one) return new NormscopeError(one)
    const { type, bytes, ...rest } = one
    const values = pixelView(all.subarray(at, at + bytes), type)
    at += bytes
    return { ...rest, values }
  })
}

function notStarted(program: string): NormscopeError {
  return new NormscopeError({
    code: 'decoder-missing',
    message:
      'Pictures cannot be decoded: the program that does it was not started. Install Normscope again.',
    path: program
  })
}
