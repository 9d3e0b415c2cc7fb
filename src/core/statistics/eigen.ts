import { tridiagonal, tridiagonalise } from './householder'
import type { Tridiagonal } from './householder'

/**
 * Eigenvalues, ascending, of a symmetric n x n matrix (row-major; overwritten): Householder reduction
 * to tridiagonal form, then implicit QL (Bowdler, Martin, Reinsch & Wilkinson 1968, the procedures
 * tred2 and tql2). Between two steps, of at most 2 n^2 multiplications each, others may have their turn.
 */
export function* eigenvaluesInSteps(
  matrix: Float64Array,
  n: number
): Generator<void, Float64Array> {
  const form = tridiagonal(n)
  yield* tridiagonalise(matrix, form, n)
  yield* implicitQl(form, n)
  return form.diagonal.sort()
}

/** Leaves the eigenvalues in the diagonal, in no order. One step an eigenvalue. */
export function* implicitQl(
  { diagonal: d, offDiagonal: e }: Pick<Tridiagonal, 'diagonal' | 'offDiagonal'>,
  n: number
): Generator<void, void> {
  if (n === 0) return
  e.copyWithin(0, 1)
  e[n - 1] = 0
  let norm = 0
  for (let i = 0; i < n; i++) norm = Math.max(norm, Math.abs(d[i]!) + Math.abs(e[i]!))
  for (let l = 0; l < n; l++) {
    for (let iteration = 0; ; iteration++) {
      let m = l
      while (m < n - 1) {
        const scale = Math.abs(d[m]!) + Math.abs(d[m + 1]!)
        // the second bound ends the search among eigenvalues that are 0 but for rounding
        const small = Number.EPSILON * Math.max(scale, norm / 16)
        if (Math.abs(e[m]!) <= small) break
        m++
      }
      if (m === l) break
      if (iteration === 60) throw new Error('Eigenvalues did not converge in 60 rounds.')
      chase(d, e, l, m)
    }
    yield
  }
}

/** One implicit QL step on the block l..m. */
function chase(d: Float64Array, e: Float64Array, l: number, m: number): void {
  let g = (d[l + 1]! - d[l]!) / (2 * e[l]!)
  let r = Math.hypot(g, 1)
  g = d[m]! - d[l]! + e[l]! / (g + (g >= 0 ? r : -r))
  let sine = 1
  let cosine = 1
  let p = 0
  for (let i = m - 1; i >= l; i--) {
    const f = sine * e[i]!
    const b = cosine * e[i]!
    r = Math.hypot(f, g)
    e[i + 1] = r
    if (r === 0) {
      d[i + 1] = d[i + 1]! - p
      e[m] = 0
      return
    }
    sine = f / r
    cosine = g / r
    g = d[i + 1]! - p
    r = (d[i]! - g) * sine + 2 * cosine * b
    p = sine * r
    d[i + 1] = g + p
    g = cosine * r - b
  }
  d[l] = d[l]! - p
  e[l] = g
  e[m] = 0
}
