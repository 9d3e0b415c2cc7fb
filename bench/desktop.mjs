// The desktop app, or another program of Electron, on the display that is there or one of its own.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { startDisplay } from '../scripts/testing/display.mjs'

let display

/** The display that is there, or one of our own on Linux; ended with this process. */
export function displayFor() {
  return (display ??= found())
}

async function found() {
  if (process.platform !== 'linux' || process.env.DISPLAY) return {}
  const own = await startDisplay()
  process.on('exit', () => own?.stop())
  return own ? { DISPLAY: own.name, WAYLAND_DISPLAY: '' } : {}
}

/**
 * Runs `work(page, {app, started})` in the first window of Electron, called with `args` at `started`, with
 * a profile and data in `folder`.
 */
export async function inElectron(folder, args, work) {
  const [{ _electron }, shown] = [await import('playwright'), await displayFor()]
  mkdirSync(folder, { recursive: true })
  const own = ['--no-sandbox', `--user-data-dir=${join(folder, 'user')}`]
  const started = performance.now()
  const app = await _electron.launch({
    executablePath: process.env.NORMSCOPE_ELECTRON,
    args: [...own, ...args],
    env: { ...process.env, ...shown, NORMSCOPE_DATA: join(folder, 'data') }
  })
  try {
    return await work(await app.firstWindow(), { app, started })
  } finally {
    await app.close()
  }
}
