import typeface from '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2?inline'
import { figureSvg } from '../../chart/svg/figure-svg'
import { reportHtml } from '../../core/report/report'
import type { Study } from '../../core/study/study'
import { choiceTable } from '../engine/figures/choice-table'
import type { PixelResults } from './pixels'

const FIGURE_SIZE = { width: 900, height: 340 } as const

/** The report of a study, as HTML; without what is told of its images where they are not at hand. */
export function studyReport(study: Study, pixels?: PixelResults): string {
  return reportHtml({
    study,
    ...(pixels && { images: { tables: [choiceTable(pixels.table)], figures: pixels.figures } }),
    typeface,
    draw: (figure, ids) => figureSvg(figure, 'light', { ids, size: FIGURE_SIZE, titled: false })
  })
}
