import type { TooltipItem, TooltipOptions } from 'chart.js'
import type { Figure } from '../core/figure/figure'
import { toldOf } from './interaction'
import type { MarkDataset, Told } from './marks/record'
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

/** Exact values under the pointer. */
export function tooltipOf(figure: Figure, theme: ThemeName, font: string) {
  const { roles, surface, lineStrong } = CHART_THEMES[theme]
  const alone = sameBins(figure)
  const told = (item: Item): Told =>
    toldOf(figure, item.dataset as unknown as MarkDataset, item, alone)
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
      title: (items: Item[]) => (items[0] ? told(items[0]).title : ''),
      label: (item: Item) => told(item).line,
      labelColor: (item: Item) => {
        const colour = (item.dataset.borderColor as string | undefined) ?? (roles.second as string)
        const own = typeof colour === 'string' ? colour : roles.second
        return { borderColor: own, backgroundColor: own, borderWidth: 0, borderRadius: 2 }
      }
    }
  } as unknown as Partial<TooltipOptions>
}
