/**
 * Exponential moving average: s_0 = y_0, s_i = factor s_(i-1) + (1 - factor) y_i. What is not finite
 * stays as it is, and the average begins anew after it.
 */
export function smoothed(values: readonly number[], factor: number): number[] {
  let before: number | undefined
  return values.map((value) => {
    if (!Number.isFinite(value)) {
      before = undefined
      return value
    }
    before = before === undefined ? value : factor * before + (1 - factor) * value
    return before
  })
}
