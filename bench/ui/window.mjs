// The served shell in Chromium, driven as a person would.
/* global document -- what runs in the page */
import { spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright'
import { chromiumAtHand } from '../../scripts/setup/browser.mjs'
import { cliProgram } from '../paths.mjs'

/** Views by their keys, and what each shows once it is there. */
const SHOWN = { 2: '.multiples canvas', 3: '.multiples canvas', 5: 'main h2' }

/** Runs `work(page)` in a window of its own on a data set. */
async function inWindow(path, folder, work) {
  const data = mkdtempSync(join(folder, 'data-'))
  const shell = spawn(process.execPath, [cliProgram, 'serve', path], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, NORMSCOPE_DATA: data }
  })
  const ended = new Promise((resolve) => shell.once('exit', resolve))
  let browser
  try {
    const address = await new Promise((resolve, reject) => {
      let said = ''
      shell.once('exit', () => reject(new Error(`normscope serve ended: ${said}`)))
      shell.stdout.on('data', (part) => {
        said += part
        const found = /http:\/\/\S+/.exec(said)
        if (found) resolve(found[0])
      })
    })
    const executablePath = chromiumAtHand()
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    page.setDefaultTimeout(15_000)
    await page.goto(address)
    await page.getByRole('heading', { name: /^Image 0/ }).waitFor()
    return await work(page)
  } finally {
    await browser?.close()
    shell.kill('SIGTERM')
    await ended
  }
}

/** Nothing on the page says that it is under way. */
const settled = (page) =>
  page.waitForFunction(() => document.querySelector('main [role=progressbar]') === null)

/** The longest time from the menu to the file, of each figure of each view. */
export function exported(folder) {
  return inWindow('fashion-mnist', folder, async (page) => {
    const most = { PNG: 0, SVG: 0, figures: 0 }
    for (const [number, shown] of Object.entries(SHOWN)) {
      await page.keyboard.press(`Control+${number}`)
      await page.locator(shown).first().waitFor()
      await settled(page)
      const menus = page.getByRole('button', { name: /^Menu of / })
      for (let figure = 0; figure < (await menus.count()); figure++) {
        for (const kind of ['PNG', 'SVG']) {
          await menus.nth(figure).click()
          const item = page.getByRole('menuitem', { name: `Save ${kind}` })
          if ((await item.count()) === 0) {
            await page.keyboard.press('Escape')
            continue
          }
          const began = performance.now()
          const saved = page.waitForEvent('download')
          await item.click()
          await (await saved).path()
          most[kind] = Math.max(most[kind], performance.now() - began)
          most.figures++
        }
      }
    }
    if (most.figures === 0) throw new Error('no figure has a menu')
    return most
  })
}
