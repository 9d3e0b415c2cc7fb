import { Chart } from 'chart.js'
import type { ChartConfiguration } from 'chart.js'

type Tell = (width: number, height: number, seen: boolean) => void

const listeners = new WeakMap<Element, Tell>()
let observer: ResizeObserver | undefined

function observe(element: Element): void {
  observer ??= new ResizeObserver((entries) => {
    // where all of them lie is read before one is drawn
    const told = entries.map(({ target, contentRect: { width, height } }) => ({
      ...{ target, width, height },
      seen: inSight(target)
    }))
    for (const { target, width, height, seen } of told) {
      listeners.get(target)?.(width, height, seen)
    }
  })
  // also told where a device pixel is another part of the same size: a zoomed page, another screen
  const exact = 'devicePixelContentBoxSize' in ResizeObserverEntry.prototype
  observer.observe(element, exact ? { box: 'device-pixel-content-box' } : {})
}

/**
 * Tells the size of an element, and whether it is in the window, before the frame is painted in which it is there or has another one. All of a frame
 * are told after one layout of the page; whoever reads sizes one by one, and draws between, has it laid out each time.
 */
export function onSize(element: Element, tell: Tell): () => void {
  listeners.set(element, tell)
  observe(element)
  return () => {
    observer?.unobserve(element)
    listeners.delete(element)
  }
}

/** Whether a part of the element is in the window. */
function inSight(element: Element): boolean {
  const { top, bottom, left, right } = element.getBoundingClientRect()
  return bottom > 0 && top < innerHeight && right > 0 && left < innerWidth
}

const waiting = new Set<() => void>()

function next(): void {
  const [work] = waiting
  if (work === undefined) return
  waiting.delete(work)
  work()
  if (waiting.size > 0) setTimeout(next)
}

/** Work on what is out of sight, once the frame is painted, one by one; what it returns takes it back. */
export function afterFrame(work: () => void): () => void {
  if (waiting.size === 0) requestAnimationFrame(() => setTimeout(next))
  waiting.add(work)
  return () => waiting.delete(work)
}

/** A chart that does not ask the page how large it is. */
export function chartOfSize(
  canvas: HTMLCanvasElement,
  configuration: ChartConfiguration,
  size: { readonly width: number; readonly height: number }
): Chart {
  // a canvas without a size would be measured
  canvas.width = size.width
  canvas.height = size.height
  const own = { id: 'normscopeSize', beforeInit: (chart: Chart) => void Object.assign(chart, size) }
  return new Chart(canvas, { ...configuration, plugins: [own, ...(configuration.plugins ?? [])] })
}
