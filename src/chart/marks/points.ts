import { exactText } from '../../core/numbers'
import { colourOf, withAlpha } from '../theme'
import { datasetOf, pointsOf } from './record'
import type { MarkOf, MarkRecord } from './record'

/** Pixels from the pointer within which a point is meant. */
const REACH = 14

export const POINTS: MarkRecord<MarkOf<'points'>> = {
  along: ({ x, y }, axis) => [axis === 'x' ? x : y],
  room: 0.05,
  datasets(mark, look) {
    const colour = colourOf(mark.colour, look.theme)
    const [one, many] = [mark.x.length === 1, mark.x.length > 2000]
    return [
      datasetOf(mark, look, {
        type: 'scatter',
        data: pointsOf(mark.x, mark.y),
        pointStyle: many ? 'rect' : 'circle',
        pointRadius: one ? 5 : many ? 1.25 : 2.5,
        pointHoverRadius: one ? 6 : 4,
        pointBorderWidth: one ? 2 : 0,
        pointBorderColor: colour,
        pointBackgroundColor: one ? 'transparent' : withAlpha(colour, many ? 0.5 : 0.75)
      })
    ]
  },
  inLegend: ({ label }) => label !== '',
  itemAt({ x, y }, { pixel, toPixel }) {
    let [best, distance] = [-1, REACH]
    for (let i = 0; i < x.length; i++) {
      const at = toPixel(x[i] ?? NaN, y[i] ?? NaN)
      const gap = Math.hypot(at.x - pixel.x, at.y - pixel.y)
      if (gap < distance) [best, distance] = [i, gap]
    }
    return best
  },
  tell: ({ label, x, y }, i, figure) => ({
    title: `${figure.x.label}: ${exactText(x[i], figure.x.format)}`,
    line: `${label}: ${exactText(y[i], figure.y.format)}`
  }),
  csv: ({ x, y }) => Array.from(x, (at, i) => ({ x: at, y: y[i] })),
  table: ({ x, y }, figure) => ({
    head: [figure.x.label, figure.y.label],
    count: x.length,
    row: (i) => [exactText(x[i], figure.x.format), exactText(y[i], figure.y.format)]
  })
}
