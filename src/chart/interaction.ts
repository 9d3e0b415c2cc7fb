import { Interaction } from 'chart.js'
import type { Chart, ChartEvent, Element, InteractionItem } from 'chart.js'
import type { Figure } from '../core/figure/figure'
import { recordOf } from './marks/marks'
import type { MarkDataset, Place, Told } from './marks/record'

/** The item that an element stands for now, where one stands for several in turn. */
const settled = new WeakMap<Element, number>()

function placeOf(chart: Chart, datasetIndex: number, pixel: { x: number; y: number }): Place {
  const { xScale, yScale } = chart.getDatasetMeta(datasetIndex)
  return {
    pixel,
    value: {
      x: xScale?.getValueForPixel(pixel.x) ?? NaN,
      y: yScale?.getValueForPixel(pixel.y) ?? NaN
    },
    shown: { min: xScale?.min ?? NaN, max: xScale?.max ?? NaN },
    toPixel: (x, y) => ({
      x: xScale?.getPixelForValue(x) ?? NaN,
      y: yScale?.getPixelForValue(y) ?? NaN
    })
  }
}

/** The element of an item, put where the item is if it stands for several. */
function elementOf(chart: Chart, datasetIndex: number, item: number, { toPixel }: Place) {
  const { mark, before } = chart.data.datasets[datasetIndex] as unknown as MarkDataset
  const { settle } = recordOf(mark)
  const index = settle ? 0 : item + before
  const element = chart.getDatasetMeta(datasetIndex).data[index]
  if (!element) return undefined
  if (settle) {
    settled.set(element, item)
    settle(mark, item, element, toPixel)
  }
  return { element, datasetIndex, index }
}

/** Items of the marks under a point of the plot: the bin, the nearest x, the point or the cell. */
export function itemsAt(chart: Chart, x: number, y: number): InteractionItem[] {
  const area = chart.chartArea
  if (x < area.left - 4 || x > area.right + 4) return []
  if (y < area.top - 4 || y > area.bottom + 4) return []
  return chart.data.datasets.flatMap((raw, datasetIndex) => {
    const { mark, main } = raw as unknown as MarkDataset
    const { itemAt } = recordOf(mark)
    if (!main || !itemAt || !chart.isDatasetVisible(datasetIndex)) return []
    const place = placeOf(chart, datasetIndex, { x, y })
    const item = itemAt(mark, place)
    return (item >= 0 && elementOf(chart, datasetIndex, item, place)) || []
  })
}

/** What is told of an element of a data set. */
export function toldOf(
  figure: Figure,
  { mark, before }: MarkDataset,
  { dataIndex, element }: { readonly dataIndex: number; readonly element?: Element },
  alone: boolean
): Told {
  const item = (element && settled.get(element)) ?? dataIndex - before
  return recordOf(mark).tell?.(mark, item, figure, alone) ?? { title: '', line: '' }
}

declare module 'chart.js' {
  interface InteractionModeMap {
    figure: (chart: Chart, event: ChartEvent) => InteractionItem[]
  }
}

/** Adds the interaction mode `figure`. */
export function registerInteraction(): void {
  Interaction.modes.figure = (chart, { x, y }) =>
    x === null || y === null ? [] : itemsAt(chart, x, y)
}
