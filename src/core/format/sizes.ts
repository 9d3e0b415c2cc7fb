import { NormscopeError } from '../error'
import type { ErrorFacts } from '../error'
import { grouped } from '../numbers'
import type { ImageSize } from './opened'
import type { PictureOptions } from './pictures'

interface Size {
  readonly height: number
  readonly width: number
}

/** Sizes that an error names. */
const MOST_NAMED = 6

const FITS = {
  stretch: 'their sides are not kept in proportion',
  pad: 'their sides are kept in proportion, and what is left over is black'
} as const

const text = ({ height, width }: Size): string => `${height} × ${width}`

/** Errors that tell the sizes of images. */
const TOLD = ['mixed-sizes', 'split-mismatch']

/** The size that most images have, of an error about sizes of picture files; undefined of any other. */
export function mostCommonSize({ code, hint, actual = '' }: ErrorFacts): Size | undefined {
  const [, height, width] = /^(\d+) × (\d+) \(/.exec(actual) ?? []
  if (!TOLD.includes(code) || hint?.includes('--resize') !== true) return undefined
  return height === undefined ? undefined : { height: Number(height), width: Number(width) }
}

/** The sizes that pictures have in their files, and how many have each. */
export class Sizes {
  /** pictures that are looked at after the first of another size, for their sizes alone */
  static readonly MOST_AHEAD = 2000

  readonly #counts = new Map<string, { readonly size: Size; count: number }>()

  add({ height, width }: Size, count = 1): void {
    const key = text({ height, width })
    const of = this.#counts.get(key) ?? { size: { height, width }, count: 0 }
    of.count += count
    this.#counts.set(key, of)
  }

  /** images that were looked at */
  get seen(): number {
    return [...this.#counts.values()].reduce((sum, { count }) => sum + count, 0)
  }

  get #byCount(): readonly { readonly size: Size; readonly count: number }[] {
    return [...this.#counts.values()].sort((a, b) => b.count - a.count)
  }

  /** '28 × 28 (9), 8 × 8 (1)', and among how many, where not all were `seen` */
  found(seen?: number): string {
    const named = this.#byCount
      .slice(0, MOST_NAMED)
      .map(({ size, count }) => `${text(size)} (${grouped(count)})`)
    const more = this.#counts.size - named.length
    const among = seen === undefined ? '' : ` among the first ${grouped(seen)}`
    return `${named.join(', ')}${more > 0 ? ` and ${grouped(more)} more` : ''}${among}`
  }

  /** What to do about several sizes. */
  hint(picture: boolean): string {
    if (!picture) return 'Save all images with one size; only picture files can be resized here.'
    const { height, width } = this.#byCount[0]!.size
    const size = `${height}x${width}`
    return `Have them resized: --resize ${size} or --pad ${size}, or in the window “Picture files”.`
  }

  /**
   * The error of an image of another size; `seen` is how many were looked at, where not all were, and
   * `picture` tells whether it is a picture file, which can be resized.
   */
  mixed(image: ImageSize, first: ImageSize, seen?: number, picture = true): NormscopeError {
    const found = this.found(seen)
    return new NormscopeError({
      code: 'mixed-sizes',
      message: `${image.file} is ${text(image)} pixels (height × width), ${first.file} is ${text(first)}; all images must have one size. Sizes found: ${found}.`,
      path: image.file,
      expected: text(first),
      actual: found,
      hint: this.hint(picture)
    })
  }

  /** What is said where pictures were given a size; nothing where all had it. */
  resized(size: NonNullable<PictureOptions['size']>): string | undefined {
    const others = [...this.#counts.values()].filter((one) => text(one.size) !== text(size))
    if (others.length === 0) return undefined
    const count = others.reduce((sum, one) => sum + one.count, 0)
    const heights = others.map((one) => one.size.height)
    const widths = others.map((one) => one.size.width)
    const range = (sides: readonly number[]): string => {
      const [least, most] = [Math.min(...sides), Math.max(...sides)]
      return least === most ? `${least}` : `${least} to ${most}`
    }
    return `${grouped(count)} of ${grouped(this.seen)} images were resized to ${text(size)}: they were ${range(heights)} pixels high and ${range(widths)} wide. Bilinear with antialiasing; ${FITS[size.fit]}.`
  }
}
