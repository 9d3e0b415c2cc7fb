/**
 * Exponential moving average, each value weighed by the factor to the power of how many came after it:
 * s_i = sum_j factor^(i - j) y_j / sum_j factor^(i - j). What is not finite stays as it is, and the
 * average begins anew after it.
 */
export function smoothed(values: readonly number[], factor: number): number[] {
  let [sum, weight] = [0, 0]
  return values.map((value) => {
    if (!Number.isFinite(value)) {
      ;[sum, weight] = [0, 0]
      return value
    }
    ;[sum, weight] = [factor * sum + value, factor * weight + 1]
    return sum / weight
  })
}
