/*
 * Some reflectors as one product, b x b matrices row by row (Schreiber & Van Loan 1989).
 */

/** T of H_0 H_1 ... = I - V T V^T, upper triangular, from V^T V and the scales. */
export function compactForm(products: Float64Array, scales: Float64Array, b: number): Float64Array {
  const t = new Float64Array(b * b)
  for (let j = 0; j < scales.length; j++) {
    t[j * b + j] = scales[j]!
    for (let i = 0; i < j; i++) {
      let sum = 0
      for (let k = i; k < j; k++) sum += t[i * b + k]! * products[k * b + j]!
      t[i * b + j] = -scales[j]! * sum
    }
  }
  return t
}

/** T S T^T */
export function sandwiched(t: Float64Array, s: Float64Array, b: number): Float64Array {
  const half = new Float64Array(b * b)
  const whole = new Float64Array(b * b)
  for (let i = 0; i < b; i++) {
    for (let k = i; k < b; k++) {
      for (let j = 0; j < b; j++) half[i * b + j] = half[i * b + j]! + t[i * b + k]! * s[k * b + j]!
    }
  }
  for (let i = 0; i < b; i++) {
    for (let j = 0; j < b; j++) {
      for (let k = j; k < b; k++)
        whole[i * b + j] = whole[i * b + j]! + half[i * b + k]! * t[j * b + k]!
    }
  }
  return whole
}
