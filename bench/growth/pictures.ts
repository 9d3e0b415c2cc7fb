// Draws what growth.mjs measured with the app's own figures: `CURVES.json FOLDER`, an SVG for each.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { figureSvg } from '../../src/chart/svg/figure-svg'
import type { ColourRole, Figure, Marker } from '../../src/core/figure/figure'
import type { NumberFormat } from '../../src/core/numbers'

interface Series {
  readonly label: string
  readonly x: readonly number[]
  /** medians over rounds, and what the fit says at the same places */
  readonly y: readonly number[]
  readonly fitted: readonly number[]
  readonly low: readonly number[]
  readonly high: readonly number[]
}

interface Curve {
  readonly id: string
  readonly title: string
  readonly subtitle: string
  readonly summary: string
  readonly x: string
  readonly y: string
  readonly format: NumberFormat
  readonly series: readonly Series[]
}

const LOOKS: readonly (readonly [ColourRole, Marker])[] = [
  [{ role: 'accent' }, 'circle'],
  [{ role: 'warn' }, 'square']
]
const SIZE = { width: 720, height: 400 }

function figureOf({ id, title, subtitle, summary, x, y, format, series }: Curve): Figure {
  return {
    ...{ id, title, subtitle, summary },
    definition: 'medians over rounds; the dashed line is a xᵇ, by least squares of the logarithms',
    x: { label: x, scale: 'log', format: 'count' },
    y: { label: y, scale: 'log', format },
    marks: series.flatMap(({ label, x: places, y: values, fitted, low, high }, at) => {
      const [colour, marker] = LOOKS[at]!
      const line = { kind: 'line', colour, x: places } as const
      return [
        { ...line, label: `${label}, a xᵇ`, dash: 'dashed', y: fitted },
        { ...line, label, marker, points: true, y: values, band: { low, high } }
      ] as const
    })
  }
}

const [curves = '', folder = ''] = process.argv.slice(2)
for (const curve of JSON.parse(readFileSync(curves, 'utf8')) as Curve[]) {
  const svg = figureSvg(figureOf(curve), 'light', { size: SIZE })
  writeFileSync(join(folder, `${curve.id}.svg`), svg)
}
console.log(JSON.stringify({ drawn: true }))
