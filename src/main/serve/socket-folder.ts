import { randomBytes } from 'node:crypto'
import { lstatSync, mkdtempSync, readdirSync, rmdirSync, rmSync, unlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NormscopeError } from '../../core/error'

const NAME = /^normscope-serve-(\d+)-\w+$/

/** Where the engines of one shell listen; only this user may enter it. */
export class SocketFolder {
  #path = makeFolder()

  get path(): string {
    return this.#path
  }

  /** A local socket or named pipe that nobody has listened at. */
  newAddress(): string {
    const name = randomBytes(12).toString('hex')
    return process.platform === 'win32' ? `\\\\.\\pipe\\normscope-${name}` : join(this.#path, name)
  }

  /** Makes another folder, where this one was taken away. */
  renew(): void {
    this.remove()
    this.#path = makeFolder()
  }

  remove(): void {
    rmSync(this.#path, { recursive: true, force: true })
  }
}

/** The name holds the process, so that another can tell whether it is still needed. */
function makeFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), `normscope-serve-${process.pid}-`))
  } catch (thrown) {
    throw new NormscopeError({
      code: 'no-temporary-folder',
      message: `No folder for sockets can be made in ${tmpdir()}: ${(thrown as Error).message}. Name another in TMPDIR.`,
      path: tmpdir()
    })
  }
}

/** Removes the folders of shells that ended without a chance to do so; anything else in them stays. */
export function tidySocketFolders(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(NAME.exec(name)?.[1])
    if (!pid || isRunning(pid)) continue
    const folder = join(tmpdir(), name)
    try {
      for (const file of readdirSync(folder)) {
        if (lstatSync(join(folder, file)).isSocket()) unlinkSync(join(folder, file))
      }
      rmdirSync(folder)
    } catch {
      // another user's, or another shell was quicker
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM'
  }
}
