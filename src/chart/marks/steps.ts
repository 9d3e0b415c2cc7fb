import { bisectRight } from 'd3-array'
import { exactText } from '../../core/numbers'
import { CHART_THEMES, colourOf, dashOf, withAlpha } from '../theme'
import { datasetOf, NO_POINTS } from './record'
import type { MarkOf, MarkRecord, Point } from './record'

/** Index of the last edge that is not above the value; -1 below the first and above the last. */
export function binOf(edges: ArrayLike<number>, value: number): number {
  const last = edges.length - 1
  if (last < 1 || !(value >= edges[0]! && value <= edges[last]!)) return -1
  return Math.min(last, bisectRight(edges, value)) - 1
}

/** A histogram. */
export const STEPS: MarkRecord<MarkOf<'steps'>> = {
  along: ({ edges, heights }, axis) => [axis === 'x' ? edges : heights],
  room: 0.03,
  fromZero: true,
  datasets(mark, look) {
    const { edges, heights } = mark
    const last = heights.length
    // from the ground, one point a bin, and back to the ground
    const data: Point[] = [
      { x: edges[0] ?? 0, y: 0 },
      ...Array.from(heights, (y, i) => ({ x: edges[i] ?? NaN, y })),
      { x: edges[last] ?? NaN, y: 0 }
    ]
    const colour = colourOf(mark.colour, look.theme)
    return [
      datasetOf(mark, look, {
        type: 'line',
        data,
        before: 1,
        normalized: true,
        stepped: 'before',
        borderColor: colour,
        borderWidth: 1.25,
        borderDash: dashOf(mark.dash),
        borderJoinStyle: 'miter',
        fill: mark.fill ? 'start' : false,
        backgroundColor: withAlpha(colour, CHART_THEMES[look.theme].fillAlpha),
        ...NO_POINTS
      })
    ]
  },
  inLegend: ({ label }) => label !== '',
  itemAt: ({ edges }, { value }) => binOf(edges, value.x),
  tell({ label, edges, heights, counts }, bin, { x, y }, alone) {
    const [from, to] = [edges[bin], edges[bin + 1]].map((edge) => exactText(edge, x.format))
    const height = exactText(heights[bin], y.format)
    // on an axis of counts the height is the count, or was lifted to be seen
    const counted = counts && exactText(counts[bin], 'count')
    const said = !counted
      ? height
      : y.format === 'count'
        ? counted
        : `${height} (${counted} counted)`
    return alone
      ? { title: `${x.label}: ${from} to ${to}`, line: `${label}: ${said}` }
      : { title: x.label, line: `${label}: ${said} from ${from} to ${to}` }
  },
  // the count says it exactly where the height was scaled or lifted to be seen
  csv: ({ edges, heights, counts }) =>
    Array.from(heights, (y, i) => ({ x: edges[i], xTo: edges[i + 1], y, value: counts?.[i] })),
  table: ({ edges, heights, counts }, { x, y }) => ({
    head: ['from', 'to', counts ? 'counted' : y.label],
    count: heights.length,
    row: (i) => [
      exactText(edges[i], x.format),
      exactText(edges[i + 1], x.format),
      counts ? exactText(counts[i], 'count') : exactText(heights[i], y.format)
    ]
  })
}
