import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { NormscopeError } from '../../../core/error'
import { TOO_MUCH_MEMORY } from '../../processes/memory-limit'
import { offlineEnvironment } from '../../processes/offline-environment'

/** How the end of a process is said. */
export interface Words {
  /** 'decoding it' */
  readonly work: string
  /** 'the decoder' */
  readonly who: string
  readonly tooMuchMemory: string
  /** of a program that does not start */
  readonly notStarted: { readonly code: string; readonly message: string }
}

/** Why a request has no answer. */
export class Ended extends Error {
  /** whether it is likely to be no file's fault: the system kills such processes first where memory runs out */
  readonly killed: boolean

  constructor(message: string, killed = false) {
    super(message)
    this.killed = killed
  }
}

/**
 * A program in a process of its own, for what a damaged file may end. It is asked one thing after the
 * other, and started again where one of them ended it.
 */
export class Forked<Message extends { readonly type: string }> {
  readonly #program: string
  readonly #timeoutMs: number
  readonly #words: Words
  #child: ChildProcess | undefined
  /** the work under way, and what came before it */
  #last: Promise<unknown> = Promise.resolve()
  #closed = false

  constructor(program: string, timeoutMs: number, words: Words) {
    this.#program = program
    this.#timeoutMs = timeoutMs
    this.#words = words
  }

  /** Does work that asks once all before it is done. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const answer = this.#last.then(work)
    this.#last = answer.catch(() => undefined)
    return answer
  }

  /** Asks; what is heard ends it with the first answer that is not undefined. Throws Ended. */
  async ask<T>(request: object, heard: (message: Message) => T | undefined): Promise<T> {
    const child = await this.#started()
    const { work, who, tooMuchMemory } = this.#words
    try {
      return await new Promise<T>((resolve, reject) => {
        const timer = setTimeout(() => {
          reject(new Ended(`${work} took longer than ${this.#timeoutMs / 1000} s`))
        }, this.#timeoutMs)
        const onExit = (code: number | null, signal: string | null): void => {
          clearTimeout(timer)
          const ended = `${who} ended (${signal ?? `code ${code}`})`
          const killed = signal === 'SIGKILL' && signal !== TOO_MUCH_MEMORY
          reject(new Ended(signal === TOO_MUCH_MEMORY ? tooMuchMemory : ended, killed))
        }
        child.removeAllListeners('message').on('message', (message: Message) => {
          const answer = heard(message)
          if (answer === undefined) return
          clearTimeout(timer)
          child.off('exit', onExit)
          resolve(answer)
        })
        child.once('exit', onExit)
        child.send(request, () => undefined) // a process that is gone is heard of by its exit
      })
    } catch (thrown) {
      await this.#end()
      throw thrown
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#end()
  }

  async #started(): Promise<ChildProcess> {
    if (this.#closed) throw new NormscopeError({ code: 'cancelled', message: 'Reading was ended.' })
    if (this.#child?.connected) return this.#child
    const child = fork(this.#program, [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      execArgv: [],
      // with Electron this starts Node, not the app; without it, nothing reads it
      env: { ...offlineEnvironment(), ELECTRON_RUN_AS_NODE: '1' }
    })
    this.#child = child
    await new Promise<void>((resolve, reject) => {
      const failed = (): void =>
        reject(new NormscopeError({ ...this.#words.notStarted, path: this.#program }))
      child.once('message', () => resolve())
      child.once('error', failed)
      child.once('exit', failed)
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
