// The served shell in Chromium, driven as a person would.
/* global document -- what runs in the page */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright'
import { cliProgram, inBench } from '../paths.mjs'

/** What each view shows once it is there, in the order of the keys. */
export const SHOWN = {
  Images: '[aria-label=Inspector] canvas',
  Pixels: '.multiples canvas',
  Activations: '.multiples canvas',
  Training: 'main canvas',
  Why: 'main h2'
}
const VIEWS = Object.keys(SHOWN)

/**
 * Runs `work(page, delays)` in a window of its own on a data set; `delays` is the folder of delay.cjs.
 * @param browserPeer the browser, as peers are given
 * @param network settings of it that are not the default ones
 */
export async function inWindow(path, folder, browserPeer, work, { network } = {}) {
  const own = mkdtempSync(join(folder, 'window-'))
  const delays = join(own, 'delays')
  mkdirSync(delays)
  const shell = spawn(process.execPath, [cliProgram, 'serve', path], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: {
      ...process.env,
      NORMSCOPE_DATA: join(own, 'data'),
      NORMSCOPE_BENCH_DELAYS: delays,
      NODE_OPTIONS: `--require ${inBench('ui', 'delay.cjs')}`
    }
  })
  const ended = new Promise((resolve) => shell.once('exit', resolve))
  let browser
  try {
    const address = await addressOf(shell)
    const executablePath = browserPeer.program
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
    const page = await browser.newPage({
      viewport: { width: 1280, height: 800 },
      colorScheme: 'light',
      // functions go into the page as text
      bypassCSP: true
    })
    page.setDefaultTimeout(15_000)
    await page.goto(address)
    await page.getByRole('heading', { name: /^Image 0/ }).waitFor()
    if (network) {
      await withNetwork(page, network)
      await page.getByRole('heading', { name: /^Image 0/ }).waitFor()
    }
    return await work(page, delays)
  } finally {
    await browser?.close()
    shell.kill('SIGTERM')
    await ended
  }
}

/** Where the shell says that it serves. */
export function addressOf(shell) {
  return new Promise((resolve, reject) => {
    let said = ''
    shell.once('exit', () => reject(new Error(`normscope serve ended: ${said}`)))
    shell.stdout.on('data', (part) => {
      said += part
      const found = /http:\/\/\S+/.exec(said)
      if (found) resolve(found[0])
    })
  })
}

/** Sets what the network dialog would, in the storage of the window. */
export async function withNetwork(page, network) {
  // a change that is taken back leaves the settings in storage
  const choice = page.getByRole('region', { name: 'Preprocessing' }).getByRole('checkbox').first()
  await choice.click()
  await choice.click()
  await page.evaluate((change) => {
    const kept = JSON.parse(localStorage.getItem('normscope.settings'))
    Object.assign(kept.network, change)
    localStorage.setItem('normscope.settings', JSON.stringify(kept))
  }, network)
  await page.reload()
}

export const press = (page, view) => page.keyboard.press(`Control+${VIEWS.indexOf(view) + 1}`)

/** The view that is there with what it shows; '' while it is under way. */
export function viewThere(selectors) {
  const main = document.querySelector('main')
  const name = main.getAttribute('aria-label')
  const there = main.querySelector('.progress') === null && document.querySelector(selectors[name])
  return there ? name : ''
}

/** Shows a view and waits until it is there. */
export async function shown(page, view) {
  await press(page, view)
  await page.waitForFunction(
    ([there, selectors, name]) => new Function(`return ${there}`)()(selectors) === name,
    [viewThere.toString(), SHOWN, view]
  )
}

/** A part of sorted numbers: 0.5 the middle. */
export function quantile(numbers, share) {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]
}
