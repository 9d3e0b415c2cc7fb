import { NormscopeError } from '../error'
import type { NumberArray } from './number-type'
import type { ImageChunk, ImageSize, LabelValues, OpenedSplit } from './opened'
import { Sizes } from './sizes'
import { baseName } from './source'

/** One of several files that make a split. */
export interface SplitPart {
  readonly path: string
  open(): Promise<OpenedSplit>
  /** once it is read */
  close?(): Promise<void>
}

interface Concatenation {
  /** numbers of one type, channel count and kind of label throughout, as arrays have and pictures need not */
  readonly exact?: boolean
  /** labels of all images from a file of their own */
  readonly labels?: OpenedSplit['labels']
}

/**
 * The images of several files, one after the other; each is opened when its turn comes. Throws
 * NormscopeError 'part-mismatch', which names both files, where they differ, and 'mixed-sizes', which
 * tells the sizes of the images in all of them.
 */
export async function concatenated(
  parts: readonly SplitPart[],
  { exact = false, labels }: Concatenation = {}
): Promise<OpenedSplit> {
  const [first, ...others] = parts
  const opened = await first!.open()
  if (others.length === 0) return labels === undefined ? opened : { ...opened, labels }
  const found: LabelValues[] = []
  const { height, width, minType, resizable } = opened
  const own = opened.labels && (() => Promise.resolve(found.flatMap(listOf) as LabelValues))
  return {
    height,
    width,
    minType,
    resizable,
    chunks: () => chunks(parts, opened, exact, labels === undefined ? found : undefined),
    labels: labels ?? own
  }
}

async function* chunks(
  parts: readonly SplitPart[],
  first: OpenedSplit,
  exact: boolean,
  found: LabelValues[] | undefined
): AsyncGenerator<ImageChunk> {
  const known = new Known(parts[0]!.path)
  let before = 0
  for (const [at, { path, open, close }] of parts.entries()) {
    try {
      const part = at === 0 ? first : await open()
      const { height, width } = part
      if (height !== first.height || width !== first.width) {
        throw await mixedSizes(parts, at, first, before, part)
      }
      if (found) known.check(path, 'labels', part.labels === undefined ? 'none' : 'one an image')
      let images = 0
      const own = inAllParts(part.chunks(), () => mixedSizes(parts, at, first, before))
      for await (const chunk of own) {
        if (exact && images === 0) {
          known.check(path, 'element type', part.type ?? typeOf(chunk.values))
          known.check(path, 'channels', String(chunk.channels))
        }
        images += imagesIn(chunk, part)
        yield { ...chunk, fraction: (at + (chunk.fraction ?? 0)) / parts.length }
      }
      before += images
      const labels = found && (await part.labels?.(images))
      if (labels === undefined) continue
      if (exact) known.check(path, 'kind of label', kindOf(labels))
      found?.push(labels)
    } finally {
      await close?.()
    }
  }
}

const imagesIn = ({ values, channels }: ImageChunk, { height, width }: OpenedSplit): number =>
  values.length / (height * width * channels)

/** A part's images; of several sizes it knows those of its own images alone. */
async function* inAllParts(
  chunks: AsyncIterable<ImageChunk>,
  mixed: () => Promise<NormscopeError>
): AsyncGenerator<ImageChunk> {
  try {
    yield* chunks
  } catch (thrown) {
    const isMixed = thrown instanceof NormscopeError && thrown.facts.code === 'mixed-sizes'
    throw isMixed ? await mixed() : thrown
  }
}

/**
 * The error of images of several sizes; the `before` ones in the parts before the one at `at` have that
 * of the first. What is said of the sizes is what the images that follow have too, as far as is looked.
 * `opened`: that part, where nothing of it was read.
 */
async function mixedSizes(
  parts: readonly SplitPart[],
  at: number,
  { height, width, resizable }: OpenedSplit,
  before: number,
  opened?: OpenedSplit
): Promise<NormscopeError> {
  const sizes = new Sizes()
  let picture = resizable === true
  let first: ImageSize | undefined
  let other: ImageSize | undefined
  if (before > 0) {
    first = { file: baseName(parts[0]!.path), height, width }
    sizes.add(first, before)
  }
  let ahead = 0
  let all = true
  for (const [turn, { path, open, close }] of parts.slice(at).entries()) {
    try {
      const part = (turn === 0 ? opened : undefined) ?? (await open())
      picture &&= part.resizable === true
      for await (const { count = 1, ...image } of sizesOf(part, path)) {
        sizes.add(image, count)
        first ??= image
        if (image.height !== first.height || image.width !== first.width) other ??= image
        if (other !== undefined && ++ahead > Sizes.MOST_AHEAD) {
          all = false
          break
        }
      }
    } catch (thrown) {
      // a damaged one ends what can be seen
      if (other === undefined) throw thrown
      all = false
    } finally {
      await close?.()
    }
    if (!all) break
  }
  return sizes.mixed(other!, first!, all ? undefined : sizes.seen, picture)
}

async function* sizesOf(
  part: OpenedSplit,
  path: string
): AsyncGenerator<ImageSize & { readonly count?: number }> {
  const { height, width, count } = part
  const image = { file: baseName(path), height, width }
  if (part.sizes) yield* part.sizes()
  else if (count !== undefined) yield { ...image, count }
  else for await (const chunk of part.chunks()) yield { ...image, count: imagesIn(chunk, part) }
}

/** What the first file has, which the others have to have too. */
class Known {
  readonly #first: string
  readonly #facts = new Map<string, string>()

  constructor(first: string) {
    this.#first = first
  }

  check(path: string, what: string, actual: string): void {
    const expected = this.#facts.get(what)
    if (expected === undefined) this.#facts.set(what, actual)
    else if (expected !== actual) throw partMismatch(what, this.#first, expected, path, actual)
  }
}

/** Uint8Array -> uint8 */
const typeOf = (values: NumberArray): string =>
  values.constructor.name.replace(/Array$/, '').toLowerCase()

function kindOf(labels: LabelValues): string {
  const isNumber = (value: number | string): boolean =>
    typeof value === 'number' || /^\s*[+-]?\d+(\.0*)?\s*$/.test(value)
  return listOf(labels).every(isNumber) ? 'numbers' : 'names'
}

const listOf = (values: LabelValues): (number | string)[] =>
  Array.from(values as ArrayLike<number | string>)

export function partMismatch(
  what: string,
  first: string,
  expected: string,
  path: string,
  actual: string
): NormscopeError {
  return new NormscopeError({
    code: 'part-mismatch',
    message: `${baseName(path)} and ${baseName(first)} differ in ${what}: ${actual}, and ${expected}. Files that are opened together must be alike.`,
    path,
    expected: `${what}: ${expected}, as ${first} has`,
    actual: `${what}: ${actual}`
  })
}
