import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { chromium } from 'playwright'
import type { Browser, Page } from 'playwright'
import { eventually, PROGRAM_FOLDER } from '../desktop/project'

export interface Served {
  readonly browser: Browser
  /** the window, not opened yet */
  readonly page: Page
  readonly address: string
  close(): Promise<void>
}

/**
 * `normscope serve PATH …` with runs in a folder of their own, and a browser for its window; `more`:
 * further words of the command.
 */
export async function served(
  path: string,
  data: string,
  more: readonly string[] = []
): Promise<Served> {
  const said: string[] = []
  const words = [join(PROGRAM_FOLDER, 'cli.cjs'), 'serve', path, ...more]
  const host = spawn(process.execPath, words, {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, NORMSCOPE_DATA: data }
  })
  const ended = new Promise((resolve) => host.once('exit', resolve))
  host.stdout.on('data', (part: Buffer) => said.push(part.toString()))
  const stop = async (): Promise<void> => {
    host.kill('SIGTERM')
    await ended
  }
  try {
    const address = await eventually('the address', () => /http:\/\/\S+/.exec(said.join(''))?.[0])
    const executablePath = process.env.NORMSCOPE_CHROMIUM
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    const close = (): Promise<void> => browser.close().then(stop)
    return { browser, page, address, close }
  } catch (thrown) {
    await stop()
    throw thrown
  }
}
