import { execFileSync } from 'node:child_process'
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { isRunning } from '../../processes/running'

const owner = z.object({ pid: z.number().int().min(1), started: z.string().optional() })

/** A process and when it started: a number alone is given to another process in time. */
type Owner = z.infer<typeof owner>

export function processFacts(pid = process.pid, platform = process.platform): Owner {
  return { pid, started: startOf(pid, platform) }
}

/** One process keeps the runs of a folder; who ended without giving it up owns it no more. */
export class Ownership {
  readonly #file: string
  /** the process that owns the folder instead of this one */
  readonly other: Owner | undefined

  /** Throws the system's error where the folder cannot be written. */
  constructor(folder: string) {
    this.#file = join(folder, 'owner.json')
    mkdirSync(folder, { recursive: true })
    this.other = this.#take()
  }

  release(): void {
    if (!this.other) rmSync(this.#file, { force: true })
  }

  /** The owner there is, or undefined after this process became it. */
  #take(): Owner | undefined {
    const own = `${this.#file}.${process.pid}`
    writeFileSync(own, JSON.stringify(processFacts()))
    try {
      for (;;) {
        try {
          // whole at once, and only where there is none
          linkSync(own, this.#file)
          return undefined
        } catch (thrown) {
          if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown
        }
        const found = this.#read()
        if (found && isAlive(found)) return found
        // taken away by name: two that find it stale at once must not take away each other's
        const stale = `${own}.stale`
        try {
          renameSync(this.#file, stale)
        } catch (thrown) {
          if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown
        }
        rmSync(stale, { force: true })
      }
    } finally {
      rmSync(own, { force: true })
    }
  }

  #read(): Owner | undefined {
    try {
      return owner.parse(JSON.parse(readFileSync(this.#file, 'utf8')))
    } catch {
      return undefined
    }
  }
}

/** Whether another process than this one is the owner, and runs. */
function isAlive({ pid, started }: Owner): boolean {
  // a folder is opened by one engine a process
  if (pid === process.pid) return false
  if (!isRunning(pid)) return false
  const now = startOf(pid, process.platform)
  return started === undefined || now === undefined || now === started
}

/** When a process started, as a text that stays the same; undefined where it cannot be told. */
function startOf(pid: number, platform: NodeJS.Platform): string | undefined {
  try {
    if (platform === 'linux') {
      const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
      // the name in brackets may hold anything; the state is the third field, the start the 22nd
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')
      return fields[0] === 'Z' ? 'ended' : `${boot} ${fields[19]}`
    }
    if (platform === 'win32') return undefined
    const text = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' })
    return text.trim() || undefined
  } catch {
    return undefined
  }
}
