import { valueOf } from '../../../core/error'
import type { EngineApi, Thumbnails } from '../../../contract/engine'
import type { SplitName } from '../../../core/dataset/dataset'
import type { CellRange } from './grid-layout'

/** Thumbnails of consecutive positions of a sorted, filtered list of images. */
export interface ThumbnailPage {
  readonly start: number
  readonly count: number
  /** all images below one another, in display bytes */
  readonly sheet: HTMLCanvasElement
  readonly thumbnails: Thumbnails
}

interface PagesOptions {
  readonly split: SplitName
  /** image indices in the order of display */
  readonly indices: Uint32Array
  /** numbers per image: sets how many images a page holds */
  readonly features: number
  readonly fetch: EngineApi['thumbnails']
  readonly onPage: () => void
  readonly onError: (thrown: unknown) => void
}

const BYTES_PER_PAGE = 256 * 1024
const CACHED_BYTES = 24 * 1024 * 1024
const MAX_REQUESTS = 3

/** Images per page: pages of about 256 KB, at most 512 images, at least 8. */
function pageSizeFor(features: number): number {
  return Math.min(512, Math.max(8, Math.floor(BYTES_PER_PAGE / Math.max(1, features))))
}

/**
 * Pages of thumbnails fetched by what is in view, the least recently seen forgotten first. What is
 * wanted is replaced at every call of `want`, so that a fast scroll never waits for pages it has
 * left behind.
 */
export class ThumbnailPages {
  readonly pageSize: number
  readonly #options: PagesOptions
  readonly #capacity: number
  /** in the order of last use */
  readonly #pages = new Map<number, ThumbnailPage>()
  readonly #pending = new Set<number>()
  #wanted: readonly number[] = []
  #failed = new Set<number>()
  #closed = false

  constructor(options: PagesOptions) {
    this.#options = options
    this.pageSize = pageSizeFor(options.features)
    const perPage = this.pageSize * Math.max(1, options.features)
    this.#capacity = Math.max(12, Math.ceil(CACHED_BYTES / perPage))
  }

  /** Answers that arrive after this are dropped. */
  close(): void {
    this.#closed = true
    this.#pages.clear()
  }

  /** Forgets failures, so that the next `want` asks again. */
  retry(): void {
    this.#failed = new Set()
    this.#pump()
  }

  /** The page that holds a position, when it is there. */
  pageOf(position: number): ThumbnailPage | undefined {
    return this.#pages.get(Math.floor(position / this.pageSize))
  }

  /** Says what is in view, and in which direction it moves: the page ahead is fetched too. */
  want(range: CellRange, direction: -1 | 0 | 1): void {
    const last = Math.ceil(this.#options.indices.length / this.pageSize) - 1
    const from = Math.floor(range.start / this.pageSize)
    const to = Math.min(last, Math.floor(Math.max(range.start, range.end - 1) / this.pageSize))
    const wanted: number[] = []
    for (let page = from; page <= to; page++) wanted.push(page)
    if (direction >= 0 && to + 1 <= last) wanted.push(to + 1)
    if (direction <= 0 && from - 1 >= 0) wanted.push(from - 1)
    for (const page of wanted) this.#touch(page)
    this.#wanted = wanted
    this.#pump()
  }

  #touch(number: number): void {
    const page = this.#pages.get(number)
    if (page === undefined) return
    this.#pages.delete(number)
    this.#pages.set(number, page)
  }

  #pump(): void {
    for (const number of this.#wanted) {
      if (this.#pending.size >= MAX_REQUESTS) return
      if (this.#pages.has(number) || this.#pending.has(number) || this.#failed.has(number)) continue
      void this.#load(number)
    }
  }

  async #load(number: number): Promise<void> {
    const { indices, split, fetch, onPage, onError } = this.#options
    const start = number * this.pageSize
    this.#pending.add(number)
    try {
      // A copy: a view would ship its whole backing buffer over the port.
      const wanted = indices.slice(start, start + this.pageSize)
      const thumbnails = valueOf(await fetch({ split, indices: wanted }))
      if (this.#closed) return
      this.#pages.set(number, {
        start,
        count: wanted.length,
        sheet: paintSheet(thumbnails, wanted.length),
        thumbnails
      })
      while (this.#pages.size > this.#capacity) {
        const oldest = this.#pages.keys().next()
        if (oldest.done === true) break
        this.#pages.delete(oldest.value)
      }
      onPage()
    } catch (thrown) {
      if (this.#closed) return
      this.#failed.add(number)
      onError(thrown)
    } finally {
      this.#pending.delete(number)
      if (!this.#closed) this.#pump()
    }
  }
}

/** Images side by side in a near-square sheet: canvases are limited in each direction. */
export function sheetColumns(count: number): number {
  return Math.max(1, Math.ceil(Math.sqrt(count)))
}

function paintSheet(thumbnails: Thumbnails, count: number): HTMLCanvasElement {
  const { height, width, channels, pixels } = thumbnails
  const columns = sheetColumns(count)
  const sheet = document.createElement('canvas')
  sheet.width = columns * width
  sheet.height = Math.ceil(count / columns) * height
  const context = sheet.getContext('2d')
  if (context === null) return sheet
  const picture = context.createImageData(sheet.width, sheet.height)
  const rgba = picture.data
  const green = channels === 3 ? 1 : 0
  const blue = channels === 3 ? 2 : 0
  for (let image = 0; image < count; image++) {
    const left = (image % columns) * width
    const top = Math.floor(image / columns) * height
    let from = image * height * width * channels
    for (let row = 0; row < height; row++) {
      let to = ((top + row) * sheet.width + left) * 4
      for (let column = 0; column < width; column++) {
        rgba[to] = pixels[from] ?? 0
        rgba[to + 1] = pixels[from + green] ?? 0
        rgba[to + 2] = pixels[from + blue] ?? 0
        rgba[to + 3] = 255
        to += 4
        from += channels
      }
    }
  }
  context.putImageData(picture, 0, 0)
  return sheet
}
