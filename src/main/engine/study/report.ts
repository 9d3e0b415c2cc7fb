import typeface from '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2?inline'
import { figureSvg } from '../../../chart/svg/figure-svg'
import type { Figure } from '../../../core/figure/figure'
import { advisedChoices } from '../../../core/report/experiments'
import { reportHtml } from '../../../core/report/report'
import type { Study } from '../../../core/study/study'
import { yieldToEventLoop } from '../../processes/event-loop'
import { choiceTable } from '../figures/choice-table'
import type { PixelResults } from './pixels'

const FIGURE_SIZE = { width: 900, height: 340 } as const

interface Making {
  readonly signal?: AbortSignal
  /** share of the figures that are drawn, in [0, 1] */
  readonly onProgress?: (fraction: number) => void
}

/** Stands where a figure comes: no text in a page has it, for '<' is escaped. */
const placeOf = (at: number): string => `<!--figure ${at}-->`
const PLACE = /<!--figure (\d+)-->/g

/**
 * The report of a study, as HTML; without what is told of its images where they are not at hand.
 * Others have their turn between two figures. Throws what the signal was aborted with.
 */
export async function studyReport(
  study: Study,
  pixels?: PixelResults,
  { signal, onProgress }: Making = {}
): Promise<string> {
  const asked: { readonly figure: Figure; readonly ids: string }[] = []
  const images = pixels && {
    tables: [choiceTable(pixels.table)],
    figures: pixels.figures,
    fitted: await Promise.all(advisedChoices(study).map(pixels.fitted))
  }
  const page = reportHtml({
    study,
    ...(images && { images }),
    typeface,
    draw: (figure, ids) => placeOf(asked.push({ figure, ids }) - 1)
  })
  const drawn: string[] = []
  for (const { figure, ids } of asked) {
    onProgress?.(drawn.length / asked.length)
    await yieldToEventLoop()
    signal?.throwIfAborted()
    drawn.push(figureSvg(figure, 'light', { ids, size: FIGURE_SIZE, titled: false }))
  }
  return page.replace(PLACE, (_, at: string) => drawn[Number(at)]!)
}
