/**
 * Numbers as people read them: true minus sign, thousands separated, and a dash where there is
 * none. What programs read (CSV, JSON) is written in full elsewhere.
 */

/** How the numbers of an axis or of a mark are written. */
export type NumberFormat = 'number' | 'integer' | 'percent' | 'count'

const MINUS = '−'
const COMPACT = [
  { from: 1e9, suffix: 'G' },
  { from: 1e6, suffix: 'M' },
  { from: 1e3, suffix: 'k' }
] as const

function signed(text: string): string {
  return text.startsWith('-') ? MINUS + text.slice(1) : text
}

/** 60000 -> '60,000'. */
export function grouped(value: number | undefined, decimals = 0): string {
  if (value === undefined || !Number.isFinite(value)) return boundless(value)
  const fixed = Math.abs(value).toFixed(decimals)
  const [whole = '0', rest] = fixed.split('.')
  const text = whole.replace(/\B(?=(\d{3})+$)/g, ',') + (rest === undefined ? '' : '.' + rest)
  return value < 0 && Number(fixed) !== 0 ? MINUS + text : text
}

/** 131200 -> '131k', 12500 -> '12.5k', 10000000 -> '10M', 999 -> '999'. */
export function compact(value: number): string {
  const size = Math.abs(value)
  for (const { from, suffix } of COMPACT) {
    if (size >= from * 0.9995) return signed(trimmed(value / from, 3)) + suffix
  }
  return plain(value)
}

const BYTE_UNITS = [
  { unit: 'GB', bytes: 1e9 },
  { unit: 'MB', bytes: 1e6 },
  { unit: 'kB', bytes: 1e3 }
] as const

/** 1234567 -> '1.2 MB', 12345678 -> '12 MB'; of a thousand each. */
export function bytesText(size: number): string {
  const { unit, bytes } = BYTE_UNITS.find((each) => size >= each.bytes) ?? BYTE_UNITS[2]
  const count = size / bytes
  return `${count < 9.95 ? count.toFixed(1) : grouped(count)} ${unit}`
}

const MOST_WITHOUT_EXPONENT = 1e15

/** At most so many significant digits, no trailing zeros, no exponent between 1e-4 and 1e15. */
function trimmed(value: number, digits: number): string {
  if (value === 0) return '0'
  const rounded = Number(value.toPrecision(digits))
  const size = Math.abs(rounded)
  return size < 1e-4 || size >= MOST_WITHOUT_EXPONENT ? rounded.toExponential() : String(rounded)
}

/** An infinite number; a dash where there is none. */
function boundless(value: number | undefined): string {
  return value === undefined || Number.isNaN(value) ? '–' : signed(value > 0 ? '∞' : '-∞')
}

/** Four significant digits, thousands separated: 72.94, 0.286, 60,000; 2.649e+21 from 1e15 on. */
export function plain(value: number | undefined, digits = 4): string {
  if (value === undefined || !Number.isFinite(value)) return boundless(value)
  if (Math.abs(value) >= 1000 && Math.abs(value) < MOST_WITHOUT_EXPONENT) {
    return grouped(value, Number.isInteger(value) || Math.abs(value) >= 1e4 ? 0 : 1)
  }
  return signed(trimmed(value, digits))
}

/** A constant within a formula, as code, three digits or so: 255, 127.5, 72.9, 90.0, 0.286. */
export function constant(value: number): string {
  const size = Math.abs(value)
  if (Number.isInteger(value) && size < 1e9) return String(value)
  if (size >= 1e6 || size < 1e-3) return value.toExponential(2)
  if (size >= 10) return value.toFixed(1)
  return size >= 1 ? value.toFixed(2) : value.toPrecision(3)
}

/** 0.8473 -> '84.7 %'; 0.9998 -> '99.98 %', for a share that is nearly all must not read as all. */
export function percent(fraction: number | undefined, decimals = 1): string {
  if (fraction === undefined || !Number.isFinite(fraction)) return boundless(fraction)
  const text = (fraction * 100).toFixed(decimals)
  if (Number(text) !== 100 || fraction >= 1 - ROUNDING) return `${signed(text)} %`
  const finer = (fraction * 100).toFixed(decimals + 1)
  return `${Number(finer) < 100 ? finer : `99.${'9'.repeat(decimals + 1)}`} %`
}

/** Below a pixel of any set there is: a sum that is this near 1 was rounded. */
const ROUNDING = 1e-10

/** The size of a difference of two shares, in percentage points. */
export function points(difference: number): string {
  return `${(Math.abs(difference) * 100).toFixed(1)} points`
}

/** The same with its sign. */
export function signedPoints(difference: number): string {
  return difference < 0 ? `${MINUS}${points(difference)}` : points(difference)
}

/** Seconds as a person says them: '0.8 s', '4.6 s', '38 s', '2 min 5 s', '1 h 4 min'. */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return parts(Math.floor(whole / 60), 'min', whole % 60, 's')
  const minutes = Math.round(whole / 60)
  return parts(Math.floor(minutes / 60), 'h', minutes % 60, 'min')
}

function parts(large: number, unit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${unit}` : `${large} ${unit} ${small} ${smallUnit}`
}

/** Text of an axis tick; `step` is the distance between ticks and fixes the decimals. */
export function tickText(value: number, format: NumberFormat, step: number): string {
  if (format === 'percent') return percent(value, decimalsOf(step * 100))
  if (format === 'count') return compact(value)
  if (format === 'integer') return Number.isInteger(value) ? grouped(value) : ''
  if (Math.abs(value) >= 1e6) return compact(value)
  return value === 0 ? '0' : signed(String(Number(value.toFixed(decimalsOf(step)))))
}

function decimalsOf(step: number): number {
  if (!(step > 0)) return 0
  for (let decimals = 0; decimals < 8; decimals++) {
    if (Math.abs(step - Number(step.toFixed(decimals))) < step * 1e-6) return decimals
  }
  return 8
}

/** The value in full, for tooltips. */
export function exactText(value: number | undefined, format: NumberFormat): string {
  if (value === undefined || !Number.isFinite(value)) return boundless(value)
  if (format === 'percent') return percent(value, 2)
  if (format === 'count' || format === 'integer') {
    return Number.isInteger(value) ? grouped(value) : plain(value, 6)
  }
  return plain(value, 6)
}
