/* global window, document */
// The window of the served shell in a browser, from the choice of a set of images to its first use:
// `window.mjs PATH IMAGES FOLDER` prints seconds as JSON.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { chromium } from 'playwright'
import { atRest } from '../busy.mjs'
import { cliProgram } from '../paths.mjs'

const [path, images, folder] = process.argv.slice(2)
/** 1,000,000 with whatever stands between three digits */
const countShown = Number(images).toLocaleString('en-GB').replaceAll(',', '.')
const env = {
  ...process.env,
  NORMSCOPE_DATA: join(folder, 'data'),
  XDG_CACHE_HOME: join(folder, 'cache')
}
const host = spawn(process.execPath, [cliProgram, 'serve', 'generated', '--folder', path], {
  stdio: ['ignore', 'pipe', 'ignore'],
  env
})
const ended = new Promise((resolve) => host.once('exit', resolve))
let browser
try {
  const address = await new Promise((resolve, reject) => {
    let said = ''
    host.stdout.on('data', (part) => {
      said += part
      const found = /http:\/\/\S+/.exec(said)
      if (found) resolve(found[0])
    })
    host.once('exit', () => reject(new Error('the served shell ended')))
  })
  const executablePath = process.env.NORMSCOPE_CHROMIUM
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  await page.goto(address)
  await page.getByRole('heading', { name: /^Image 0/ }).waitFor()
  await page.getByRole('button', { name: 'Change…' }).click()
  await page.getByLabel(/^Path/).fill(path)
  // whoever has found and named a file has had the window for some seconds
  await atRest()
  console.log(JSON.stringify(await timed(page)))
} finally {
  await browser?.close()
  host.kill('SIGTERM')
  await ended
}

/** Seconds from the click on Open until the count of images stands there, thumbnails are drawn, and a scrolled place is. */
async function timed(page) {
  await page.evaluate((count) => {
    // told at each frame; a locator's waitFor looks every half second
    window.counted = () =>
      new RegExp(`(^|\\n)${count}`).test(
        document.querySelector('section[aria-label=Data]')?.innerText ?? ''
      )
    // strips as high as a row at the grid's top and bottom: reading the whole canvas holds the window up
    const ROW = 60
    const isDrawn = (canvas, top) => {
      const { data } = canvas.getContext('2d').getImageData(0, top, canvas.width, ROW)
      return new Set(new Uint32Array(data.buffer)).size > 100
    }
    window.drawn = () => {
      const list = document.querySelector('[role=listbox]')
      const canvas = list?.querySelector('canvas')
      // the grid of the new set is long
      if (!canvas || canvas.width === 0 || list.scrollHeight < 100_000) return false
      return isDrawn(canvas, 0) && isDrawn(canvas, canvas.height - ROW)
    }
  }, countShown)
  const began = performance.now()
  const since = () => (performance.now() - began) / 1000
  await page.getByRole('button', { name: 'Open', exact: true }).click()
  await page.waitForFunction(() => window.counted(), undefined, { polling: 'raf' })
  const counts = since()
  await page.waitForFunction(() => window.drawn(), undefined, { polling: 'raf' })
  const thumbnails = since()
  await page.evaluate(() => {
    const list = document.querySelector('[role=listbox]')
    list.scrollTop = list.scrollHeight / 2
  })
  await page.waitForFunction(
    () => document.querySelector('[role=listbox]').scrollTop > 0 && window.drawn(),
    undefined,
    { polling: 'raf' }
  )
  return { counts, thumbnails, seconds: since() }
}
