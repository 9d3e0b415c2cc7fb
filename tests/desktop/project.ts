import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { _electron, errors } from 'playwright'
import type { ElectronApplication } from 'playwright'

export const PROJECT = fileURLToPath(new URL('../..', import.meta.url))
export const PROGRAM_FOLDER = join(PROJECT, 'out', 'main')

/** Whether the app was built; end-to-end tests drive what a person gets. */
export const BUILT = existsSync(join(PROGRAM_FOLDER, 'engine.cjs'))

/** A display for the window: Linux without one shows nothing. */
export const DISPLAY = process.platform !== 'linux' || Boolean(process.env.DISPLAY)

export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'normscope-e2e-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) }
}

type Launch = NonNullable<Parameters<typeof _electron.launch>[0]>

/** Within which the driver has taken hold of the app; it takes a second or two. */
const ATTACHED_MS = 40_000

/**
 * The app, driven. On a busy machine the driver once in some fifty starts never hears of an app whose window
 * is there, and waits for ever: then, and only then, the app is started a second time, and it is said.
 */
export async function launched(options: Launch): Promise<ElectronApplication> {
  const launch = (): Promise<ElectronApplication> =>
    _electron.launch({ ...options, timeout: ATTACHED_MS })
  try {
    return await launch()
  } catch (thrown) {
    if (!(thrown instanceof errors.TimeoutError)) throw thrown
    console.warn(
      `The driver did not take hold of the app, which is started again. ${thrown.message}`
    )
    return launch()
  }
}

/** Waits until `ask` gives something; rejects with `what` when it does not in time. */
export async function eventually<T>(
  what: string,
  ask: () => T | undefined | Promise<T | undefined>,
  timeoutMs = 20_000
): Promise<T> {
  const end = Date.now() + timeoutMs
  for (;;) {
    const found = await ask()
    if (found !== undefined && found !== false) return found
    if (Date.now() > end) throw new Error(`${what}: not within ${timeoutMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Waits until there are `enough`, and gives how many there are then; rejects when no more came within `timeoutMs`. */
export async function grown(
  what: string,
  count: () => Promise<number>,
  enough: number,
  timeoutMs = 20_000
): Promise<number> {
  for (let known = -1; ;) {
    known = await eventually(
      `more than ${known} ${what}`,
      async () => {
        const now = await count()
        return now > known ? now : undefined
      },
      timeoutMs
    )
    if (known >= enough) return known
  }
}

/** Utility processes of an Electron, from what Linux knows of them. */
export function servicesOf(main: number): { pid: number; engine: boolean }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const parent = Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${name}/stat`, 'utf8'))![1])
        const words = readFileSync(`/proc/${name}/cmdline`, 'utf8')
        if (parent !== main || !words.includes('node.mojom.NodeService')) return []
        // the engine keeps no TensorFlow; what it maps tells the two apart
        const maps = readFileSync(`/proc/${name}/maps`, 'utf8')
        return [{ pid: Number(name), engine: !maps.includes('tensorflow') }]
      } catch {
        return []
      }
    })
}
