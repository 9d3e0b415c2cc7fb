import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright'
import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BUILT, eventually, PROGRAM_FOLDER, temporaryFolder } from '../desktop/project'
import { DATASET, tour } from '../desktop/tour'

const executablePath = process.env.NORMSCOPE_CHROMIUM
const folder = temporaryFolder()

describe.skipIf(!BUILT || !executablePath)(`the views in a browser, ${DATASET}`, () => {
  let host: ChildProcess
  let browser: Browser
  let page: Page
  const errors: string[] = []

  beforeAll(async () => {
    const said: string[] = []
    host = spawn(process.execPath, [join(PROGRAM_FOLDER, 'cli.cjs'), 'serve', DATASET], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, NORMSCOPE_DATA: join(folder.path, 'data') }
    })
    host.stdout!.on('data', (part: Buffer) => said.push(part.toString()))
    const address = await eventually('the address', () => /http:\/\/\S+/.exec(said.join(''))?.[0])
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    page.on('pageerror', ({ message }) => errors.push(message))
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text())
    })
    await page.goto(address)
  })

  afterAll(async () => {
    await browser?.close()
    if (host !== undefined) {
      const ended = new Promise((resolve) => host.once('exit', resolve))
      host.kill('SIGTERM')
      await ended
    }
    folder.remove()
  })

  tour(
    () => page,
    async (shown, choose) => {
      const [download] = await Promise.all([shown.waitForEvent('download'), choose()])
      expect(download.suggestedFilename()).toMatch(/\.csv$/)
      return readFileSync(await download.path(), 'utf8')
    }
  )

  it('met no error on the way', () => {
    expect(errors).toEqual([])
  })
})
