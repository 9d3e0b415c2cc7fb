import { featuresOf } from '../../../core/dataset/dataset'
import type { Dataset, SplitName } from '../../../core/dataset/dataset'
import { NormscopeError } from '../../../core/error'
import { grouped } from '../../../core/numbers'
import { joined, sumOf, unitImages } from '../../../core/statistics/pieces'
import type { Piece } from '../../../core/statistics/pieces'
import type { Summary } from '../../../core/statistics/summary'

/** The images that a part is of. */
interface SetOfPart extends Pick<
  Dataset,
  'id' | 'name' | 'height' | 'width' | 'channels' | 'dtype'
> {
  readonly split: SplitName
  /** in the whole split */
  readonly images: number
  readonly classNames: readonly string[]
}

/** What is known of some images of a split: a shard, several of them, or all. */
export interface SummaryPart {
  readonly set: SetOfPart
  readonly pieces: readonly Piece[]
  /** images of each class among those covered; absent without labels */
  readonly classCounts?: readonly number[]
}

/** Images from one place to another. */
export interface Range {
  readonly from: number
  readonly to: number
}

/** Parts of one split as one part. Throws NormscopeError 'summaries-differ', 'summaries-overlap'. */
export function mergeParts(parts: readonly [SummaryPart, ...SummaryPart[]]): SummaryPart {
  const [{ set, classCounts }] = parts
  for (const { set: other } of parts) checkSame(set, other)
  const pieces = parts.flatMap((part) => part.pieces)
  checkApart(set, pieces)
  return {
    set,
    pieces: joined(pieces, set.dtype),
    ...(classCounts && {
      classCounts: classCounts.map((_, place) =>
        parts.reduce((sum, part) => sum + (part.classCounts?.[place] ?? 0), 0)
      )
    })
  }
}

/** Images of the split that no piece has. */
export function missingRanges({ set, pieces }: SummaryPart): Range[] {
  const unit = unitOf(set)
  const missing: Range[] = []
  let reached = 0
  for (const { from, to } of pieces) {
    if (from * unit > reached) missing.push({ from: reached, to: from * unit })
    reached = Math.min(set.images, to * unit)
  }
  if (reached < set.images) missing.push({ from: reached, to: set.images })
  return missing
}

/** The summary of all images of the split. Throws NormscopeError 'summary-incomplete'. */
export function wholeSummary(part: SummaryPart): Summary {
  const missing = missingRanges(part)
  if (missing.length === 0) return sumOf(part.pieces, part.set)
  const count = missing.reduce((sum, { from, to }) => sum + to - from, 0)
  throw new NormscopeError({
    code: 'summary-incomplete',
    message: `${grouped(count)} of the ${grouped(part.set.images)} ${part.set.split} images of ${part.set.name} are in none of the files: ${rangesText(missing)}.`,
    expected: `${part.set.images} images`,
    actual: `${part.set.images - count} images`,
    hint: 'Summarise the shards that are missing, and merge all of them; with --out, what is there is kept as one file.'
  })
}

const MOST_NAMED = 5

/** As people count: images 1 to 500 and 1,001 to 1,500 */
function rangesText(ranges: readonly Range[]): string {
  const named = ranges
    .slice(0, MOST_NAMED)
    .map(({ from, to }) => `${grouped(from + 1)} to ${grouped(to)}`)
  const more = ranges.length - named.length
  return `images ${named.join(', ')}${more > 0 ? ` and ${more} more ranges` : ''}`
}

function unitOf(set: SetOfPart): number {
  return unitImages(set.dtype, set.images, featuresOf(set))
}

function checkSame(set: SetOfPart, other: SetOfPart): void {
  if (set.id === other.id && set.split === other.split) return
  const [expected, actual] = [set, other].map(
    ({ name, split, id }) => `the ${split} images of ${name} (${id.slice(0, 8)})`
  ) as [string, string]
  throw new NormscopeError({
    code: 'summaries-differ',
    message: `The files are not of the same images: ${expected} and ${actual}.`,
    expected,
    actual
  })
}

function checkApart(set: SetOfPart, pieces: readonly Piece[]): void {
  const unit = unitOf(set)
  const sorted = [...pieces].sort((a, b) => a.from - b.from)
  sorted.forEach(({ from }, at) => {
    const before = sorted[at - 1]
    if (!before || before.to <= from) return
    throw new NormscopeError({
      code: 'summaries-overlap',
      message: `Two of the files have ${rangesText([{ from: from * unit, to: Math.min(set.images, before.to * unit) }])} in them. Each image may be counted once.`,
      hint: 'Leave out the file that is there twice.'
    })
  })
}
