import type { TooltipItem, TooltipOptions } from 'chart.js'
import type { Figure } from '../core/figure/figure'
import type { MarkDataset } from './datasets'
import { exactText } from '../core/numbers'
import { CHART_THEMES } from './theme'
import type { ThemeName } from './theme'

type Item = TooltipItem<'line'>

/** Histograms over one another may each have bins of their own. */
function sameBins(figure: Figure): boolean {
  const all = figure.marks.flatMap((mark) => (mark.kind === 'steps' ? [mark.edges] : []))
  const [first] = all
  return all.every(
    (edges) =>
      edges.length === first?.length && Array.from(edges).every((edge, i) => edge === first[i])
  )
}

/** Where the pointer is, in the words of the x axis. */
function titleOf(figure: Figure, item: Item, shared: boolean): string {
  const { mark } = item.dataset as unknown as MarkDataset
  const say = (value: number | undefined): string => exactText(value ?? NaN, figure.x.format)
  switch (mark.kind) {
    case 'steps': {
      if (!shared) return figure.x.label
      const bin = item.dataIndex - 1
      return `${figure.x.label}: ${say(mark.edges[bin])} to ${say(mark.edges[bin + 1])}`
    }
    case 'cells': {
      const { column, row } = item.raw as { column: number; row: number }
      const range = (edges: ArrayLike<number>, at: number, axis: 'x' | 'y'): string => {
        const [from, to] = [edges[at] ?? NaN, edges[at + 1] ?? NaN]
        const { format } = figure[axis]
        const middle = (from + to) / 2
        return format === 'integer' && to - from === 1 && Number.isInteger(middle)
          ? exactText(middle, format)
          : `${exactText(from, format)} to ${exactText(to, format)}`
      }
      const x = range(mark.xEdges, column, 'x')
      return `${figure.x.label}: ${x}\n${figure.y.label}: ${range(mark.yEdges, row, 'y')}`
    }
    case 'line':
    case 'points':
      return `${figure.x.label}: ${say(mark.x[item.dataIndex])}`
    case 'rule':
    case 'span':
      return ''
  }
}

/** What is there. */
function lineOf(figure: Figure, item: Item, shared: boolean): string {
  const { mark } = item.dataset as unknown as MarkDataset
  const say = (value: number | undefined): string => exactText(value ?? NaN, figure.y.format)
  switch (mark.kind) {
    case 'steps': {
      const bin = item.dataIndex - 1
      const x = (value: number | undefined): string => exactText(value ?? NaN, figure.x.format)
      const where = shared ? '' : ` from ${x(mark.edges[bin])} to ${x(mark.edges[bin + 1])}`
      const count = mark.counts?.[bin]
      if (count === undefined) return `${mark.label}: ${say(mark.heights[bin])}${where}`
      // on an axis of counts the height is the count, or was lifted to be seen
      const counted = exactText(count, 'count')
      return figure.y.format === 'count'
        ? `${mark.label}: ${counted}${where}`
        : `${mark.label}: ${say(mark.heights[bin])} (${counted} counted)${where}`
    }
    case 'cells':
      return `${mark.label}: ${exactText((item.raw as { v: number }).v, mark.format)}`
    case 'line': {
      const i = item.dataIndex
      const band = mark.band ? ` (${say(mark.band.low[i])} to ${say(mark.band.high[i])})` : ''
      return `${mark.label}: ${say(mark.y[i])}${band}`
    }
    case 'points':
      return `${mark.label}: ${say(mark.y[item.dataIndex])}`
    case 'rule':
    case 'span':
      return ''
  }
}

/** Exact values under the pointer. */
export function tooltipOf(figure: Figure, theme: ThemeName, font: string) {
  const { roles, surface, lineStrong } = CHART_THEMES[theme]
  const shared = sameBins(figure)
  return {
    backgroundColor: surface,
    borderColor: lineStrong,
    borderWidth: 1,
    cornerRadius: 6,
    caretSize: 0,
    caretPadding: 10,
    padding: 8,
    titleColor: roles.second,
    titleFont: { family: font, size: 11, weight: 400 },
    titleMarginBottom: 4,
    bodyColor: roles.ink,
    bodyFont: { family: font, size: 12 },
    bodySpacing: 3,
    usePointStyle: true,
    boxWidth: 8,
    boxHeight: 8,
    boxPadding: 5,
    displayColors:
      figure.marks.filter((mark) => 'label' in mark && mark.kind !== 'rule').length > 1,
    callbacks: {
      labelPointStyle: () => ({ pointStyle: 'rectRounded', rotation: 0 }),
      title: (items: Item[]) => (items[0] ? titleOf(figure, items[0], shared) : ''),
      label: (item: Item) => lineOf(figure, item, shared),
      labelColor: (item: Item) => {
        const colour = (item.dataset.borderColor as string | undefined) ?? (roles.second as string)
        const own = typeof colour === 'string' ? colour : roles.second
        return { borderColor: own, backgroundColor: own, borderWidth: 0, borderRadius: 2 }
      }
    }
  } as unknown as Partial<TooltipOptions>
}
