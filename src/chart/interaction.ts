import { Interaction } from 'chart.js'
import type { Chart, ChartEvent, InteractionItem } from 'chart.js'
import type { MarkDataset } from './datasets'

/** Index of the last edge that is not above the value; -1 below the first, edges - 1 at the end. */
export function binOf(edges: ArrayLike<number>, value: number): number {
  const last = edges.length - 1
  if (last < 1 || value < (edges[0] ?? NaN) || value > (edges[last] ?? NaN)) return -1
  let [low, high] = [0, last]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((edges[middle] ?? NaN) <= value) low = middle
    else high = middle
  }
  return low
}

function nearest(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  value: number,
  shown: { readonly min: number; readonly max: number }
): number {
  let [best, distance] = [-1, Infinity]
  for (let i = 0; i < x.length; i++) {
    const at = x[i] ?? NaN
    if (at < shown.min || at > shown.max) continue
    const gap = Math.abs(at - value)
    if (gap < distance && !Number.isNaN(y[i] ?? NaN)) [best, distance] = [i, gap]
  }
  return best
}

const REACH = 14

/** What of each data set is under the pointer: the bin, the nearest x, the point or the cell. */
function itemOf(chart: Chart, datasetIndex: number, at: ChartEvent): number {
  const dataset = chart.data.datasets[datasetIndex] as unknown as MarkDataset
  const { xScale, yScale } = chart.getDatasetMeta(datasetIndex)
  if (!xScale || !yScale || at.x === null || at.y === null) return -1
  const x = xScale.getValueForPixel(at.x) ?? NaN
  const y = yScale.getValueForPixel(at.y) ?? NaN
  const { mark } = dataset
  switch (mark.kind) {
    case 'steps': {
      const bin = binOf(mark.edges, x)
      return bin < 0 ? -1 : bin + 1
    }
    case 'line':
      return nearest(mark.x, mark.y, x, xScale)
    case 'points': {
      let [best, distance] = [-1, REACH]
      for (let i = 0; i < mark.x.length; i++) {
        const gap = Math.hypot(
          xScale.getPixelForValue(mark.x[i] ?? NaN) - at.x,
          yScale.getPixelForValue(mark.y[i] ?? NaN) - at.y
        )
        if (gap < distance) [best, distance] = [i, gap]
      }
      return best
    }
    case 'cells': {
      const [column, row] = [binOf(mark.xEdges, x), binOf(mark.yEdges, y)]
      if (column < 0 || row < 0) return -1
      const cells = dataset.data as unknown as { column: number; row: number }[]
      return cells.findIndex((cell) => cell.column === column && cell.row === row)
    }
    case 'rule':
    case 'span':
      return -1
  }
}

declare module 'chart.js' {
  interface InteractionModeMap {
    figure: (chart: Chart, event: ChartEvent) => InteractionItem[]
  }
}

/** Adds the interaction mode `figure`. */
export function registerInteraction(): void {
  Interaction.modes.figure = (chart, event) => {
    const area = chart.chartArea
    const { x, y } = event
    if (x === null || y === null || x < area.left - 4 || x > area.right + 4) return []
    if (y < area.top - 4 || y > area.bottom + 4) return []
    const items: InteractionItem[] = []
    chart.data.datasets.forEach((raw, datasetIndex) => {
      const dataset = raw as unknown as MarkDataset
      if (!dataset.main || !chart.isDatasetVisible(datasetIndex)) return
      const index = itemOf(chart, datasetIndex, event)
      const element = chart.getDatasetMeta(datasetIndex).data[index]
      if (element) items.push({ element, datasetIndex, index })
    })
    return items
  }
}
