import type { AnnotationOptions } from 'chartjs-plugin-annotation'
import type { Figure } from '../core/figure/figure'
import { CHART_THEMES, colourOf, dashOf, withAlpha } from './theme'
import type { ThemeName } from './theme'

/** Rules and spans as annotations; their words are written by the label plugin. */
export function annotationsOf(figure: Figure, theme: ThemeName): Record<string, AnnotationOptions> {
  const annotations: Record<string, AnnotationOptions> = {}
  figure.marks.forEach((mark, i) => {
    if (mark.kind === 'rule') {
      const ends = { min: mark.at, max: mark.at }
      annotations[`rule${i}`] = {
        type: 'line',
        drawTime: 'beforeDatasetsDraw',
        borderColor: colourOf(mark.colour, theme),
        borderWidth: 1.25,
        borderDash: dashOf(mark.dash),
        ...(mark.axis === 'x'
          ? { xMin: ends.min, xMax: ends.max }
          : { yMin: ends.min, yMax: ends.max })
      }
    }
    if (mark.kind === 'span') {
      annotations[`span${i}`] = {
        type: 'box',
        drawTime: 'beforeDatasetsDraw',
        borderWidth: 0,
        backgroundColor: withAlpha(colourOf(mark.colour, theme), CHART_THEMES[theme].spanAlpha),
        ...(mark.from !== null && { xMin: mark.from }),
        ...(mark.to !== null && { xMax: mark.to })
      }
    }
  })
  return annotations
}
