import type { Chart } from 'chart.js'
import type { Marker } from '../../core/figure/figure'
import { exactText } from '../../core/numbers'
import type { NumberFormat } from '../../core/numbers'
import { CHART_THEMES, colourOf, dashOf, withAlpha } from '../theme'
import { LABEL_GAP, spread, labelWidth } from '../words'
import { datasetOf, NO_POINTS, pointsOf } from './record'
import type { Look, MarkDataset, MarkOf, MarkRecord } from './record'

type Line = MarkOf<'line'>

/** A number that was measured: NaN is not an absent one. */
function measured(value: number | undefined, format: NumberFormat): string {
  return Number.isNaN(value) ? 'not a number' : exactText(value, format)
}

/** Labels at the ends of lines, all in one column beside the plot, also of lines on their way. */
function writeEnds(chart: Chart, { theme }: Look): void {
  const { ctx, chartArea, scales } = chart
  const y = scales.y!
  const ends = chart.data.datasets.flatMap((raw, i) => {
    const { mark, main } = raw as unknown as MarkDataset
    if (!main || mark.kind !== 'line' || !mark.directLabel || !chart.isDatasetVisible(i)) return []
    const last = Array.from(mark.y, (value, at) => Number.isFinite(value + (mark.x[at] ?? NaN)))
    const end = mark.y[last.lastIndexOf(true)]
    if (end === undefined) return []
    const place = y.getPixelForValue(Math.min(y.max, Math.max(y.min, end)))
    return [{ text: mark.label, colour: colourOf(mark.colour, theme), place }]
  })
  const wishes = ends.map(({ place }) => place)
  const places = spread(wishes, LABEL_GAP, chartArea.top, chartArea.bottom)
  ctx.textAlign = 'left'
  ctx.textBaseline = 'middle'
  ends.forEach(({ text, colour, place }, i) => {
    ctx.fillStyle = colour
    ctx.fillText(text, chartArea.right + 7, places[i] ?? place)
  })
}

/** More points than that are marked here and there. */
const MANY_POINTS = 40
const MARKED_POINTS = 12

/** A marker on every point, or on some of many. */
function radiiOf(count: number): number | number[] {
  if (count <= MANY_POINTS) return 3
  const every = Math.ceil(count / MARKED_POINTS)
  return Array.from({ length: count }, (_, at) => (at % every === every - 1 ? 3 : 0))
}

/** What Chart.js calls the markers. */
const POINT_STYLES = {
  circle: 'circle',
  square: 'rect',
  triangle: 'triangle',
  diamond: 'rectRot'
} as const satisfies Record<Marker, string>

export const LINE: MarkRecord<Line> = {
  along({ x, y, band }, axis) {
    if (axis === 'x') return [x]
    return band ? [y, band.low, band.high] : [y]
  },
  datasets(mark, look) {
    const colour = colourOf(mark.colour, look.theme)
    const { surface } = CHART_THEMES[look.theme]
    const main = datasetOf(mark, look, {
      type: 'line',
      data: pointsOf(mark.x, mark.y, look.floor),
      normalized: true,
      borderColor: colour,
      borderWidth: mark.x.length > 400 ? 1.25 : 2,
      borderDash: dashOf(mark.dash),
      borderJoinStyle: 'round',
      backgroundColor: colour,
      ...(mark.points
        ? {
            pointRadius: radiiOf(mark.x.length),
            pointStyle: POINT_STYLES[mark.marker ?? 'circle'],
            pointHoverRadius: 4,
            pointBorderWidth: 1.75,
            pointBackgroundColor: surface,
            pointBorderColor: colour,
            pointHoverBackgroundColor: colour,
            pointHitRadius: 0
          }
        : { ...NO_POINTS, pointHoverRadius: 3, pointHoverBackgroundColor: colour })
    })
    if (!mark.band) return [main]
    const edge = (y: ArrayLike<number>, fill: Record<string, unknown>): MarkDataset =>
      datasetOf(mark, look, {
        type: 'line',
        data: pointsOf(mark.x, y, look.floor),
        normalized: true,
        borderWidth: 0,
        main: false,
        ...NO_POINTS,
        ...fill
      })
    return [
      edge(mark.band.low, { fill: false }),
      edge(mark.band.high, { fill: '-1', backgroundColor: withAlpha(colour, 0.16) }),
      main
    ]
  },
  write: (chart, _lines, look) => writeEnds(chart, look),
  wordRoom: ({ directLabel, label }) => (directLabel ? { right: labelWidth(label) + 10 } : {}),
  inLegend: ({ label, directLabel }) => label !== '' && !directLabel,
  itemAt({ x }, { value, shown }) {
    let [best, distance] = [-1, Infinity]
    for (let i = 0; i < x.length; i++) {
      const at = x[i] ?? NaN
      if (at < shown.min || at > shown.max) continue
      const gap = Math.abs(at - value.x)
      if (gap < distance) [best, distance] = [i, gap]
    }
    return best
  },
  tell({ label, x, y, band }, i, figure) {
    const say = (values: ArrayLike<number>): string => measured(values[i], figure.y.format)
    const about = band && !Number.isNaN(y[i]) ? ` (${say(band.low)} to ${say(band.high)})` : ''
    return {
      title: `${figure.x.label}: ${exactText(x[i], figure.x.format)}`,
      line: `${label}: ${say(y)}${about}`
    }
  },
  csv: ({ x, y, band }) =>
    Array.from(x, (at, i) => {
      const [value, low, high] = [y, band?.low, band?.high].map((values) => values?.[i])
      return { x: at, y: Number.isNaN(value) ? 'NaN' : value, low, high }
    }),
  table({ x, y, band }, figure) {
    const ends = band ? [band.low, band.high] : []
    return {
      head: [figure.x.label, figure.y.label, ...(band ? ['lowest', 'highest'] : [])],
      count: x.length,
      row: (i) => [
        exactText(x[i], figure.x.format),
        ...[y, ...ends].map((values) => measured(values[i], figure.y.format))
      ]
    }
  }
}
