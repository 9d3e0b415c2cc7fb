import { NormscopeError } from '../error'
import type { ImageChunk, LabelValues, OpenedSplit } from './opened'
import { baseName } from './source'

/** One of several files that make a split. */
export interface SplitPart {
  readonly path: string
  open(): Promise<OpenedSplit>
}

/**
 * The images of several files, one after the other; each is opened when its turn comes. Throws
 * NormscopeError 'part-mismatch' where they differ in size, or only some have labels.
 */
export async function concatenated(parts: readonly SplitPart[]): Promise<OpenedSplit> {
  const [first, ...others] = parts
  const opened = await first!.open()
  if (others.length === 0) return opened
  const found: LabelValues[] = []
  const { height, width, minType } = opened
  return {
    height,
    width,
    minType,
    chunks: () => chunks(parts, opened, found),
    labels: opened.labels && (() => Promise.resolve(found.flatMap(listOf) as LabelValues))
  }
}

async function* chunks(
  parts: readonly SplitPart[],
  first: OpenedSplit,
  found: LabelValues[]
): AsyncGenerator<ImageChunk> {
  for (const [at, { path, open }] of parts.entries()) {
    const part = at === 0 ? first : await open()
    checkAlike(parts[0]!.path, first, path, part)
    let images = 0
    for await (const chunk of part.chunks()) {
      images += chunk.values.length / (part.height * part.width * chunk.channels)
      yield { ...chunk, fraction: (at + (chunk.fraction ?? 0)) / parts.length }
    }
    if (part.labels !== undefined) found.push(await part.labels(images))
  }
}

const listOf = (values: LabelValues): (number | string)[] =>
  Array.from(values as ArrayLike<number | string>)

function checkAlike(firstPath: string, first: OpenedSplit, path: string, part: OpenedSplit): void {
  const told = ({ height, width, labels }: OpenedSplit): string =>
    `${height} × ${width} pixels, ${labels === undefined ? 'no labels' : 'labels'}`
  if (told(first) === told(part)) return
  throw new NormscopeError({
    code: 'part-mismatch',
    message: `${baseName(path)} has ${told(part)}; ${baseName(firstPath)} has ${told(first)}. Files that are opened together must be alike.`,
    path,
    expected: told(first),
    actual: told(part)
  })
}
