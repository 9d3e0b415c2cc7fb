import { randomBytes } from 'node:crypto'
import { lstatSync, readdirSync, rmdirSync, rmSync, unlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NormscopeError } from '../../core/error'
import { makeTemporaryFolder, tidyTemporaryFolders } from '../processes/temporary-folder'

const KIND = 'serve'

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

function makeFolder(): string {
  try {
    return makeTemporaryFolder(KIND)
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
  tidyTemporaryFolders(KIND, (folder) => {
    for (const file of readdirSync(folder)) {
      if (lstatSync(join(folder, file)).isSocket()) unlinkSync(join(folder, file))
    }
    rmdirSync(folder)
  })
}
