/** The mean of the values that are there; undefined where none is. */
export function mean(values: readonly (number | undefined)[]): number | undefined {
  const there = values.filter((value) => value !== undefined)
  if (there.length === 0) return undefined
  return there.reduce((sum, value) => sum + value, 0) / there.length
}
