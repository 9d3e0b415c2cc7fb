import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { ElectronApplication, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeSmallImages } from '../main/engine/small-images'
import {
  BUILT,
  DISPLAY,
  eventually,
  PROJECT,
  servicesOf,
  temporaryFolder,
  launched
} from './project'

const executablePath = process.env.NORMSCOPE_ELECTRON
const folder = temporaryFolder()
const first = join(folder.path, 'first')
const second = join(folder.path, 'second')
const switches = ['--no-sandbox', `--user-data-dir=${join(folder.path, 'user')}`]
const env = {
  ...(process.env as Record<string, string>),
  NORMSCOPE_DATA: join(folder.path, 'data'),
  XDG_CACHE_HOME: join(folder.path, 'cache')
}

let app: ElectronApplication
let page: Page

/** Starts another one and waits for its end. */
async function startAnother(...words: string[]): Promise<void> {
  const [code] = (await once(
    spawn(executablePath!, [...switches, PROJECT, ...words], {
      env,
      cwd: folder.path,
      stdio: 'ignore'
    }),
    'exit'
  )) as [number]
  expect(code).toBe(0)
}

const isFocused = (): Promise<boolean> =>
  app.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows()
    return window!.isVisible() && !window!.isMinimized()
  })

describe.skipIf(!executablePath || !DISPLAY || !BUILT || process.platform !== 'linux')(
  'a second start of the desktop app',
  () => {
    beforeAll(async () => {
      writeSmallImages(first, 2000, 200)
      writeSmallImages(second, 1000, 100)
      app = await launched({ executablePath, args: [...switches, PROJECT, first], env })
      page = await app.firstWindow()
      await page.getByText('2,000 train, 200 test').waitFor()
    })
    afterAll(async () => {
      await app?.close().catch(() => undefined)
      folder.remove()
    })

    it('shows the first window, with what is open in it', async () => {
      await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.hide())
      await startAnother()
      await eventually('the window', async () => (await isFocused()) || undefined)
      await page.getByText('2,000 train, 200 test').waitFor()
      expect(app.windows()).toHaveLength(1)
    })

    it('hands its path to the first, also one from the folder it was started in', async () => {
      await startAnother('second')
      await page.getByText('1,000 train, 100 test').waitFor()
      expect(app.windows()).toHaveLength(1)
    })

    it('with a path that is not there changes nothing and says so', async () => {
      await startAnother('nowhere')
      await page
        .getByText(/nowhere/)
        .first()
        .waitFor()
      await page.getByText('1,000 train, 100 test').waitFor()
    })

    it('a frozen engine does not keep the app from ending', async () => {
      const main = app.process()
      const services = servicesOf(main.pid!)
      const engine = services.find((service) => service.engine)!
      process.kill(engine.pid, 'SIGSTOP')
      const ended = once(main, 'exit')
      main.kill('SIGTERM')
      await ended
      for (const { pid } of services) {
        await eventually(`the end of ${pid}`, () => !existsSync(`/proc/${pid}`) || undefined)
      }
    })
  }
)
