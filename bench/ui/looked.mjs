// Views and images that are looked at while every core trains; times are taken in the page.
/* global window, document, addEventListener, requestAnimationFrame -- what runs in the page */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { frames, scrolling } from './scrolled.mjs'
import { inWindow, press, quantile, SHOWN, shown, viewThere } from './window.mjs'

const MOST_MS = 10_000
const ROUNDS = 4
const CLICKS = 8
const ORDER = ['Pixels', 'Activations', 'Why', 'Training', 'Images']
/** From one thumbnail to the next, pixels. */
const PITCH = 62

/**
 * Milliseconds from an input to the frame after which `there(told)` is something else than before the input; '' is
 * what it is in between.
 */
async function frameAfter(page, event, there, told, act) {
  await page.evaluate(
    ({ event, there, told, most }) => {
      const state = new Function(`return ${there}`)()
      const before = state(told)
      window.measured = new Promise((resolve) => {
        let pressed
        addEventListener(event, ({ timeStamp }) => (pressed = timeStamp), {
          once: true,
          capture: true
        })
        const began = performance.now()
        const look = () => {
          if (performance.now() - began > most) {
            resolve(`${event} at ${pressed}: ${before} stayed, now ${state(told)}`)
          } else if (pressed === undefined || [before, ''].includes(state(told))) {
            requestAnimationFrame(look)
          } else requestAnimationFrame(() => resolve(performance.now() - pressed))
        }
        requestAnimationFrame(look)
      })
    },
    { event, there: there.toString(), told, most: MOST_MS }
  )
  await act()
  const took = await page.evaluate(() => window.measured)
  if (typeof took === 'string') throw new Error(took)
  return took
}

/** The image that the inspector shows. */
function imageThere() {
  return document.querySelector('[aria-label=Inspector] h2')?.textContent ?? ''
}

const viewChange = (page, view) =>
  frameAfter(page, 'keydown', viewThere, SHOWN, () => press(page, view))

const imageClick = (page, x, y) =>
  frameAfter(page, 'pointerdown', imageThere, undefined, () => page.mouse.click(x, y))

/** Runs that go on for longer than anybody looks, twice as many as there are cores. */
export const LONG_RUNS = { epochs: 100, seeds: 2 }

/** View changes, clicks, a scroll and the curves of the runs meanwhile. */
export function looked(folder, browser) {
  const watch = async (page, delays) => {
    // each view once before, so that what a set needs once is there
    for (const view of ['Pixels', 'Activations', 'Why', 'Images']) await shown(page, view)
    await page.getByRole('button', { name: /^Train \d/ }).click()
    await page
      .getByText(/images\/s/)
      .first()
      .waitFor()
    writeFileSync(join(delays, 'reset'), '')
    const [views, clicks] = [[], []]
    for (let round = 0; round < ROUNDS; round++) {
      for (const view of ORDER) views.push(await viewChange(page, view))
      const { x, y } = await page.getByRole('listbox', { name: 'Images' }).boundingBox()
      for (let click = 0; click < CLICKS; click++) {
        // the odd rounds are one row below, so that no click is on the image that is chosen
        const [column, row] = [click % 4, 1 + 2 * (click >> 2) + (round & 1)]
        clicks.push(await imageClick(page, x + 30 + PITCH * column, y + 30 + PITCH * row))
      }
    }
    const scroll = await scrolling(page, false)
    await shown(page, 'Training')
    const live = await frames(page)
    if ((await page.getByText(/images\/s/).count()) === 0) {
      throw new Error('training ended before the measurement did')
    }
    const late = (name) => JSON.parse(readFileSync(join(delays, `${name}.json`), 'utf8'))
    return {
      view: quantile(views, 0.5),
      viewP95: quantile(views, 0.95),
      click: quantile(clicks, 0.5),
      clickP95: quantile(clicks, 0.95),
      scroll: quantile(scroll.frames, 0.95),
      live: quantile(live, 0.95),
      engine: late('engine').p99,
      engineMost: late('engine').max,
      shell: late('cli').p99,
      shellMost: late('cli').max
    }
  }
  return inWindow('fashion-mnist', folder, browser, watch, { network: LONG_RUNS })
}
