/**
 * Edges of `bins` bins of equal width from min to max, as numpy.linspace makes them. Where min and
 * max are the same, half a unit is added on either side, as numpy.histogram does.
 */
export function binEdges(min: number, max: number, bins: number): Float64Array {
  const low = min === max ? min - 0.5 : min
  const high = min === max ? max + 0.5 : max
  const width = (high - low) / bins
  const edges = Float64Array.from({ length: bins + 1 }, (_, i) => i * width + low)
  edges[bins] = high
  return edges
}

/**
 * Index of the bin that holds a value of [edges[0], edges[last]]: a value on an inner edge belongs
 * to the bin above it, one on the last edge to the last bin. The edges themselves decide, so any
 * count of the same values against the same edges agrees.
 */
export function binOf(value: number, edges: Float64Array): number {
  const bins = edges.length - 1
  const low = edges[0]!
  let bin = Math.floor(((value - low) / (edges[bins]! - low)) * bins)
  if (!(bin > 0)) bin = 0
  else if (bin >= bins) bin = bins - 1
  while (bin > 0 && value < edges[bin]!) bin--
  while (bin < bins - 1 && value >= edges[bin + 1]!) bin++
  return bin
}
