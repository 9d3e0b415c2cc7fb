import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { chromium } from 'playwright'
import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BUILT, eventually, PROGRAM_FOLDER, temporaryFolder } from '../desktop/project'
import { writeSmallImages } from '../main/engine/small-images'

const executablePath = process.env.NORMSCOPE_CHROMIUM
const folder = temporaryFolder()

describe.skipIf(!BUILT || !executablePath)('an experiment in the window', () => {
  let host: ChildProcess
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    const images = writeSmallImages(join(folder.path, 'squares'), 600, 60)
    const said: string[] = []
    host = spawn(process.execPath, [join(PROGRAM_FOLDER, 'cli.cjs'), 'serve', images], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, NORMSCOPE_DATA: join(folder.path, 'data') }
    })
    host.stdout!.on('data', (part: Buffer) => said.push(part.toString()))
    const address = await eventually('the address', () => /http:\/\/\S+/.exec(said.join(''))?.[0])
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
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

  it('is asked, trained, and says in a sentence what came out', async () => {
    await page.getByRole('tab', { name: 'Why' }).click()
    await page.getByLabel('Epochs').fill('1')
    await page.getByLabel('Seeds').fill('1')
    await page.getByText('6 runs', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await page.getByText(/after one epoch, .*exact loss, \d+\.\d % against \d+\.\d %/).waitFor()
    await page.getByText('6 runs, all there').waitFor()
  })

  it('is there again after the page was loaded anew, and costs nothing a second time', async () => {
    await page.reload()
    await page.getByText(/after one epoch, .*exact loss/).waitFor()
    await page.getByLabel('Epochs').fill('1')
    await page.getByLabel('Seeds').fill('1')
    await page.getByText('6 runs, all there').waitFor()
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await page.getByText('6 runs finished').waitFor()
    expect(await page.getByLabel('Which of the experiments is shown').count()).toBe(0)
  })

  it('leaves another view to be read from its top', async () => {
    const main = page.getByRole('main')
    const scrolled = (): Promise<number> => main.evaluate((view) => view.scrollTop)
    await main.evaluate((view) => view.scrollTo(0, 400))
    expect(await scrolled()).toBeGreaterThan(100)
    await page.keyboard.press('Control+4')
    await page.getByRole('heading', { name: 'Training', level: 1 }).waitFor()
    await eventually('the top', async () => (await scrolled()) === 0)
  })
})
