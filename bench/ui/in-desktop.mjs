// Views and images that are looked at in the desktop app while every core trains: how late timers of its main
// process come meanwhile.
/* global document -- what runs in the page */
import { inElectron } from '../desktop.mjs'
import { inProject } from '../paths.mjs'
import { press, SHOWN, withNetwork } from './window.mjs'

const ROUNDS = 3
const VIEWS = ['Pixels', 'Activations', 'Why', 'Training', 'Images']
const CLICKS = 8
/** Milliseconds between two timers, which are part of each delay. */
const RESOLUTION = 2
const heading = { name: /^Image 0/ }

/** @param network settings of it that are not the default ones */
export function inDesktop(folder, network) {
  return inElectron(folder, [inProject(), 'fashion-mnist'], async (page, { app }) => {
    await page.getByRole('heading', heading).waitFor()
    await withNetwork(page, network)
    await page.getByRole('heading', heading).waitFor()
    // Training shows nothing yet
    for (const view of VIEWS) if (view !== 'Training') await lookAt(page, view)
    await page.getByRole('button', { name: /^Train \d/ }).click()
    await training(page).waitFor()
    await app.evaluate((_, resolution) => {
      const { monitorEventLoopDelay } = process.mainModule.require('node:perf_hooks')
      globalThis.delays = monitorEventLoopDelay({ resolution })
      globalThis.delays.enable()
    }, RESOLUTION)
    for (let round = 0; round < ROUNDS; round++) {
      for (const view of VIEWS) await lookAt(page, view)
      for (let click = 0; click < CLICKS; click++) await nextImage(page)
    }
    const [p99, max] = await app.evaluate(() =>
      [globalThis.delays.percentile(99), globalThis.delays.max].map(
        (nanoseconds) => nanoseconds / 1e6
      )
    )
    if (!(await training(page).isVisible())) {
      throw new Error('training ended before the measurement did')
    }
    return { main: Math.max(0, p99 - RESOLUTION), mainMost: Math.max(0, max - RESOLUTION) }
  })
}

const training = (page) => page.getByText(/images\/s/).first()

async function lookAt(page, view) {
  await press(page, view)
  await page.waitForFunction(
    ([name, selector]) => {
      const main = document.querySelector('main')
      const there = main.getAttribute('aria-label') === name && !main.querySelector('.progress')
      return there && document.querySelector(selector) !== null
    },
    [view, SHOWN[view]]
  )
}

/** Chosen by the keyboard, as in the gallery of a person who goes through it. */
async function nextImage(page) {
  const before = await page.locator('[aria-label=Inspector] h2').first().textContent()
  await page.getByRole('listbox', { name: 'Images' }).press('ArrowRight')
  await page.waitForFunction(
    (shown) => document.querySelector('[aria-label=Inspector] h2')?.textContent !== shown,
    before
  )
}
