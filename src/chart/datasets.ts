import type { Figure } from '../core/figure/figure'
import { recordOf } from './marks/marks'
import type { Look, MarkDataset } from './marks/record'

/** Axis of the values of one mark, in figures where each mark has its own. */
export function ownAxisId(mark: number): string {
  return `x${mark}`
}

/** The data sets of a figure, last mark on top. */
export function datasetsOf(figure: Figure, look: Look): MarkDataset[] {
  const datasets = figure.marks.flatMap((mark, at) => {
    const own = figure.x.scale === 'own' ? { xAxisID: ownAxisId(at) } : {}
    return (recordOf(mark).datasets?.(mark, look) ?? []).map((dataset) => ({ ...dataset, ...own }))
  })
  return datasets.map((dataset, i) => ({ ...dataset, order: datasets.length - i }) as MarkDataset)
}
