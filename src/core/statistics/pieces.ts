import type { PixelType } from '../dataset/dataset'
import { createImageSums } from './image-sums'
import { absorb, createSummary } from './summary'
import type { Summary, SummaryShape } from './summary-types'

/**
 * The summary of some images that follow one another, without what is said of each of them.
 * `from`, `to`: places of units, as `unitImages` cuts a split.
 */
export interface Piece {
  readonly from: number
  readonly to: number
  readonly summary: Summary
}

/** Values of one unit of float images. */
const UNIT_VALUES = 1_000_000
/** Units of float images at most. */
const MOST_UNITS = 4096

/**
 * Images of one unit: what a split is cut into wherever it is cut. Sums of whole numbers are exact, so
 * each image is a unit; sums of floats are rounded, so they are always taken over the same images.
 */
export function unitImages(dtype: PixelType, images: number, features: number): number {
  if (dtype !== 'float32') return 1
  return Math.max(1, Math.ceil(UNIT_VALUES / features), Math.ceil(images / MOST_UNITS))
}

/** The units of shard `index` (from 1) of `shards`: as even as can be, and none where there are too few. */
export function shardUnits(
  units: number,
  index: number,
  shards: number
): [from: number, to: number] {
  const border = (at: number): number => Number((BigInt(units) * BigInt(at)) / BigInt(shards))
  return [border(index - 1), border(index)]
}

/**
 * Joins what may be joined: whole numbers wherever pieces meet; floats only as the halves of one tree
 * over all units, so that sums are rounded alike whoever takes them, in whatever order. Sorted.
 */
export function joined(pieces: readonly Piece[], dtype: PixelType): Piece[] {
  const kept: Piece[] = []
  for (const piece of [...pieces].sort((a, b) => a.from - b.from)) {
    kept.push(piece)
    for (;;) {
      const [left, right] = kept.slice(-2)
      if (!left || !right || !joinable(left, right, dtype)) break
      kept.splice(-2, 2, {
        from: left.from,
        to: right.to,
        summary: sumOf([left, right], left.summary.shape)
      })
    }
  }
  return kept
}

function joinable(left: Piece, right: Piece, dtype: PixelType): boolean {
  if (left.to !== right.from) return false
  if (dtype !== 'float32') return true
  const size = left.to - left.from
  return (
    right.to - right.from === size &&
    Number.isInteger(Math.log2(size)) &&
    left.from % (2 * size) === 0
  )
}

/** One summary of all pieces, added from the left. Throws NormscopeError `summaries-differ`. */
export function sumOf(pieces: readonly Piece[], shape: SummaryShape): Summary {
  const summary = createSummary(shape)
  for (const piece of pieces) absorb(summary, piece.summary)
  return summary
}

/** The same without the numbers of each image: what is left does not grow with them. */
export function withoutImages(summary: Summary): Summary {
  return { ...summary, images: createImageSums() }
}
