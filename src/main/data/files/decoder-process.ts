import { pixelView } from '../../../core/dataset/dataset'
import type { DecodedImage } from '../../../core/format/source'
import { NormscopeError } from '../../../core/error'
import type { ErrorFacts } from '../../../core/error'
import { corrupt } from '../../decoder/damage'
import { builtProgram } from '../../processes/built-program'
import type { DecodedFacts, DecodeRequest, FromDecoder } from '../../decoder/protocol'
import { Ended, Forked } from './forked'
import type { Words } from './forked'

export interface DecoderOptions {
  /** the program that decodes; default: the one built beside this */
  readonly program?: string
  /** for the pictures of one request; default 30 s */
  readonly timeoutMs?: number
}

/** What came of each picture of a request. */
export type Answer = readonly (DecodedImage | NormscopeError)[]

const TIMEOUT_MS = 30_000
const WORDS: Words = {
  work: 'decoding it',
  who: 'the decoder',
  tooMuchMemory: 'it takes more memory than a picture may',
  notStarted: {
    code: 'decoder-missing',
    message:
      'Pictures cannot be decoded: the program that does it was not started. Install Normscope again.'
  }
}

/** One process that decodes pictures, request by request; started again where a picture ended it. */
export class DecoderProcess {
  readonly #process: Forked<FromDecoder>

  constructor({ program = builtProgram('decoder.cjs'), timeoutMs = TIMEOUT_MS }: DecoderOptions) {
    this.#process = new Forked(program, timeoutMs, WORDS)
  }

  decode(request: DecodeRequest): Promise<Answer> {
    return this.#process.inTurn(() => this.#answer(request))
  }

  close(): Promise<void> {
    return this.#process.close()
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

  #ask(request: DecodeRequest): Promise<Answer> {
    const pieces: Uint8Array[] = []
    return this.#process.ask(request, (message) => {
      if (message.type === 'piece') pieces.push(message.bytes)
      return message.type === 'decoded' ? answerOf(message.images, pieces) : undefined
    })
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
