import { NormscopeError } from '../error'
import type { NumberArray } from './number-type'
import type { ImageChunk, LabelValues, OpenedSplit } from './opened'
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
 * NormscopeError 'part-mismatch', which names both files, where they differ.
 */
export async function concatenated(
  parts: readonly SplitPart[],
  { exact = false, labels }: Concatenation = {}
): Promise<OpenedSplit> {
  const [first, ...others] = parts
  const opened = await first!.open()
  if (others.length === 0) return labels === undefined ? opened : { ...opened, labels }
  const found: LabelValues[] = []
  const { height, width, minType } = opened
  const own = opened.labels && (() => Promise.resolve(found.flatMap(listOf) as LabelValues))
  return {
    height,
    width,
    minType,
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
  for (const [at, { path, open, close }] of parts.entries()) {
    try {
      const part = at === 0 ? first : await open()
      known.check(path, 'size', sizeOf(part))
      if (found) known.check(path, 'labels', part.labels === undefined ? 'none' : 'one an image')
      let images = 0
      for await (const chunk of part.chunks()) {
        if (exact && images === 0) {
          known.check(path, 'element type', part.type ?? typeOf(chunk.values))
          known.check(path, 'channels', String(chunk.channels))
        }
        images += chunk.values.length / (part.height * part.width * chunk.channels)
        yield { ...chunk, fraction: (at + (chunk.fraction ?? 0)) / parts.length }
      }
      const labels = found && (await part.labels?.(images))
      if (labels === undefined) continue
      if (exact) known.check(path, 'kind of label', kindOf(labels))
      found?.push(labels)
    } finally {
      await close?.()
    }
  }
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

const sizeOf = ({ height, width }: OpenedSplit): string => `${height} × ${width} pixels`

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
