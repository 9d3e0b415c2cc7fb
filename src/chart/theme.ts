import { interpolateCividis, interpolateRdBu, interpolateViridis } from 'd3-scale-chromatic'
import type { ColourRole, ColourScale, Dash } from '../core/figure/figure'
import { choiceRecord } from '../core/preprocessing/choices'

export type ThemeName = 'light' | 'dark'

/** Tol's muted set and three of Okabe-Ito: classes, in the order of the data set, then again. */
const CLASS_COLOURS: Readonly<Record<ThemeName, readonly string[]>> = {
  light: [
    '#332288', '#117733', '#0072b2', '#cc6677', '#882255',
    '#44aa99', '#999933', '#aa4499', '#d55e00', '#6b7280'
  ],
  dark: [
    '#8f83e0', '#4fb06f', '#4ba6e0', '#e59aa6', '#c7619a',
    '#7fd6c8', '#c9c95a', '#d27fc4', '#ff8a3d', '#a3a9b3'
  ]
} // prettier-ignore

interface ChartTheme {
  readonly surface: string
  readonly line: string
  readonly lineStrong: string
  readonly roles: Readonly<
    Record<'ink' | 'second' | 'muted' | 'accent' | 'good' | 'warn' | 'bad', string>
  >
  /** ground of cells that have no value yet */
  readonly empty: string
  /** opacity of a histogram's fill */
  readonly fillAlpha: number
  /** opacity of a span behind the marks */
  readonly spanAlpha: number
}

export const CHART_THEMES: Readonly<Record<ThemeName, ChartTheme>> = {
  light: {
    surface: '#ffffff',
    line: '#e6e6e2',
    lineStrong: '#cfcfca',
    roles: {
      ink: '#1b1c1e',
      second: '#55585d',
      muted: '#676b72',
      accent: '#2f5bea',
      good: '#1a7f4b',
      warn: '#9c5407',
      bad: '#bf2b2b'
    },
    empty: '#efefec',
    fillAlpha: 0.28,
    spanAlpha: 0.07
  },
  dark: {
    surface: '#1c1d20',
    line: '#2b2d31',
    lineStrong: '#3f4349',
    roles: {
      ink: '#ecedee',
      second: '#b0b4ba',
      muted: '#8e939b',
      accent: '#86a3ff',
      good: '#4cc38a',
      warn: '#f0a755',
      bad: '#ff8078'
    },
    empty: '#26282c',
    fillAlpha: 0.34,
    spanAlpha: 0.08
  }
}

export function colourOf(role: ColourRole, theme: ThemeName): string {
  if ('choice' in role) return choiceRecord(role.choice).colour[theme]
  if ('class' in role) {
    const colours = CLASS_COLOURS[theme]
    return colours[role.class % colours.length] ?? CHART_THEMES[theme].roles.ink
  }
  return CHART_THEMES[theme].roles[role.role]
}

/** '#rrggbb' with an opacity in [0, 1]. */
export function withAlpha(hex: string, alpha: number): string {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16))
  return `rgba(${r}, ${g}, ${b}, ${alpha})`
}

const DASHES: Readonly<Record<Dash, readonly number[]>> = {
  solid: [],
  dashed: [6, 4],
  dotted: [2, 3]
}

export function dashOf(dash: Dash | undefined): number[] {
  return [...DASHES[dash ?? 'solid']]
}

/** Colour of t in [0, 1]; 'diverging' is white (or nearly black on dark ground) at 0.5. */
const SCALES: Readonly<Record<ColourScale, (t: number) => string>> = {
  viridis: interpolateViridis,
  cividis: interpolateCividis,
  diverging: (t) => interpolateRdBu(1 - t),
  grey: (t) => {
    const level = Math.round(t * 255)
    return `rgb(${level}, ${level}, ${level})`
  }
}

/** Where a value lies between the ends of a scale, in [0, 1]; values beyond lie at its end. */
export function scalePlace(
  value: number,
  domain: readonly [number, number],
  logarithmic = false
): number {
  const place = logarithmic ? (v: number) => Math.log10(Math.max(v, 1e-300)) : (v: number) => v
  const [low, high] = [place(domain[0]), place(domain[1])]
  return high > low ? Math.min(1, Math.max(0, (place(value) - low) / (high - low))) : 0.5
}

/** Colour of a value on a scale whose ends are `domain`; values beyond take the end's colour. */
export function scaleColour(
  scale: ColourScale,
  value: number,
  domain: readonly [number, number],
  logarithmic = false
): string {
  return SCALES[scale](scalePlace(value, domain, logarithmic))
}
