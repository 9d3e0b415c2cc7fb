/* global document, requestAnimationFrame -- what runs in the page */
import { inWindow, quantile } from './window.mjs'

const FRAMES = 180
/** Pixels a frame: 2,400 a second. */
const STEP = 40
/** Frames that the first pages after a jump take; they are not counted. */
const AFTER_JUMP = 60

/**
 * Frames of a gallery that is scrolled from its middle, in milliseconds, and for how many frames a row of it was
 * without its pictures. The second is looked for in a scroll of its own, as reading a canvas takes time.
 */
export function scrolled(path, folder, browser) {
  return inWindow(path, folder, browser, async (page) => {
    await page.getByRole('listbox', { name: 'Images' }).waitFor()
    const { frames } = await scrolling(page, false)
    const { longest } = await scrolling(page, true)
    return { frame: quantile(frames, 0.95), middle: quantile(frames, 0.5), blank: longest }
  })
}

/** Milliseconds of each frame of a scroll and, to `watch`, the most of them in a row with a row without pictures. */
export function scrolling(page, watch) {
  return page.evaluate(scroll, { watch, FRAMES, STEP, AFTER_JUMP })
}

/** Milliseconds of each of the next frames, whatever they show. */
export function frames(page) {
  return page.evaluate(
    (count) =>
      new Promise((resolve) => {
        const taken = []
        let last
        const frame = (now) => {
          if (last !== undefined) taken.push(now - last)
          last = now
          if (taken.length === count) return resolve(taken)
          requestAnimationFrame(frame)
        }
        requestAnimationFrame(frame)
      }),
    FRAMES
  )
}

function scroll({ watch, FRAMES, STEP, AFTER_JUMP }) {
  const scroller = document.querySelector('[role=listbox]')
  const canvas = scroller.parentElement.querySelector('canvas')
  const [CELL, PITCH, INSET] = [56, 62, 4]
  scroller.scrollTop = scroller.scrollHeight / (watch ? 3 : 2)
  /** whether a whole row has no picture: the left edge of each is black, the ground of none is */
  const blank = () => {
    const context = canvas.getContext('2d')
    const edges = [0, 1, 2].map(
      (column) =>
        context.getImageData(INSET + 1 + column * PITCH, INSET, 1, canvas.height - 2 * INSET).data
    )
    let run = 0
    for (let at = 0; at < edges[0].length; at += 4) {
      run = edges.every((edge) => edge[at] > 128) ? run + 1 : 0
      if (run >= CELL) return true
    }
    return false
  }
  return new Promise((resolve) => {
    const frames = []
    let [last, lasting, longest, passed] = [undefined, 0, 0, -AFTER_JUMP]
    const frame = (now) => {
      if (passed > 0) {
        frames.push(now - last)
        if (watch) longest = Math.max(longest, (lasting = blank() ? lasting + 1 : 0))
      }
      last = now
      if (++passed > FRAMES) return resolve({ frames, longest })
      if (passed >= 0) scroller.scrollTop += STEP
      requestAnimationFrame(frame)
    }
    requestAnimationFrame(frame)
  })
}
