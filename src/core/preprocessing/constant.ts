/** A constant within a formula, three digits or so: 255, 127.5, 72.9, 90.0, 0.286. */
export function constant(value: number): string {
  const size = Math.abs(value)
  if (Number.isInteger(value) && size < 1e9) return String(value)
  if (size >= 1e6 || size < 1e-3) return value.toExponential(2)
  if (size >= 10) return value.toFixed(1)
  return size >= 1 ? value.toFixed(2) : value.toPrecision(3)
}
