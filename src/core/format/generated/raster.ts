/** A point in a drawing; x to the right, y down. */
export type Point = readonly [x: number, y: number]
export type Polygon = readonly Point[]

/** Rows of sub-pixels in a pixel; within a row coverage is exact. */
const ROWS = 4

/**
 * How much of each pixel of a size x size picture a polygon covers (even-odd rule), in [0, 1].
 * Plain arithmetic only, so that every machine gives the same numbers.
 */
export function coverage(polygon: Polygon, size: number): Float64Array {
  const out = new Float64Array(size * size)
  for (let row = 0; row < size * ROWS; row++) {
    const y = (row + 0.5) / ROWS
    const crossings = crossingsAt(polygon, y)
    const start = Math.floor(row / ROWS) * size
    for (let index = 0; index + 1 < crossings.length; index += 2) {
      fillSpan(out, start, size, crossings[index]!, crossings[index + 1]!)
    }
  }
  return out
}

function crossingsAt(polygon: Polygon, y: number): number[] {
  const crossings: number[] = []
  for (let index = 0; index < polygon.length; index++) {
    const [x0, y0] = polygon[index]!
    const [x1, y1] = polygon[(index + 1) % polygon.length]!
    if (y0 <= y === y1 <= y) continue
    crossings.push(x0 + ((y - y0) * (x1 - x0)) / (y1 - y0))
  }
  return crossings.sort((a, b) => a - b)
}

function fillSpan(out: Float64Array, start: number, size: number, from: number, to: number): void {
  const left = Math.max(0, from)
  const right = Math.min(size, to)
  for (let x = Math.floor(left); x < right; x++) {
    const share = Math.min(right, x + 1) - Math.max(left, x)
    if (share > 0) out[start + x]! += share / ROWS
  }
}
