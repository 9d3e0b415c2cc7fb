import type { EngineNotice } from '../../../contract/engine'
import type { ErrorFacts } from '../../../core/error'

/** What a person can do about the system's codes. */
const REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full: free some space.',
  EDQUOT: 'The disk quota is used up: free some space.',
  EROFS: 'It is on a disk that cannot be written to.',
  // what Node says of a folder that is to be made on a read-only disk
  ENOENT: 'It cannot be made there: the disk may be read-only.',
  EACCES: 'This user may not write there: change the permissions of the folder.',
  EPERM: 'This user may not write there: change the permissions of the folder.',
  ENOTDIR: 'A part of its path is a file: move that file away.',
  EEXIST: 'There is a file of that name: move that file away.'
}

/** Whether the folder can be written: said once when it cannot, and once when it can again. */
export class Trouble {
  #problem: ErrorFacts | undefined

  constructor(
    readonly folder: string,
    readonly say: (notice: EngineNotice) => void
  ) {}

  get problem(): ErrorFacts | undefined {
    return this.#problem
  }

  failed(thrown: unknown): void {
    if (this.#problem) return
    const { code = '', message } = thrown as NodeJS.ErrnoException
    const reason = REMEDIES[code] ?? `${message}.`
    this.#problem = {
      code: 'runs-not-kept',
      message: `Runs, class names and recent data sets cannot be kept in ${this.folder}. ${reason} Training goes on; what is not kept is lost when Normscope ends.`,
      path: this.folder,
      ...(code ? { actual: code } : {})
    }
    this.say({ level: 'warning', message: this.#problem.message, error: this.#problem })
  }

  worked(): void {
    if (!this.#problem) return
    this.#problem = undefined
    this.say({ level: 'info', message: `Runs are kept again in ${this.folder}.` })
  }
}
