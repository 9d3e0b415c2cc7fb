import { transformBack, tridiagonal, tridiagonalise } from './householder'
import type { Tridiagonal } from './householder'

/** (A + epsilon I)^-1/2 and the largest eigenvalue of A. */
export interface InverseRoot {
  readonly largest: number
  /** n x n, symmetric */
  readonly root: Float64Array
}

/** Poles of the approximation; its error falls by about 4.6 a pole at a condition of 10^4. */
const POLES = 28

/** Steps of `inverseRootInSteps` at most. */
export const stepsOfInverseRoot = (n: number): number => 2 * Math.max(0, n - 2) + POLES

/**
 * (A + epsilon I)^-1/2 of a symmetric n x n matrix without negative eigenvalues but for rounding
 * (row-major; overwritten), epsilon > 0: A is brought to tridiagonal form T, the root of T + epsilon I
 * taken as a sum of inverses (T + s_k I)^-1 (Hale, Higham & Trefethen 2008, Computing A^alpha, log(A)
 * and related matrix functions by contour integrals, method 3), and the form undone. So no
 * eigenvectors are needed. Between two steps others may have their turn.
 */
export function* inverseRootInSteps(
  matrix: Float64Array,
  n: number,
  epsilon: number
): Generator<void, InverseRoot> {
  const form = tridiagonal(n)
  yield* tridiagonalise(matrix, form, n)
  const largest = largestOf(form, n)
  const root = new Float64Array(n * n)
  for (const { weight, shift } of poles(epsilon, Math.max(epsilon, largest) + epsilon)) {
    addInverse(root, form, n, epsilon + shift, weight)
    yield
  }
  yield* transformBack(root, matrix, form.scales, n)
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) root[j * n + i] = root[i * n + j]!
  }
  return { largest, root }
}

/** The largest eigenvalue of a tridiagonal matrix, by halving: above it all pivots are negative. */
export function largestOf(
  { diagonal, offDiagonal: e }: Pick<Tridiagonal, 'diagonal' | 'offDiagonal'>,
  n: number
): number {
  let low = -Infinity
  let high = -Infinity
  for (let i = 0; i < n; i++) {
    const beside = Math.abs(i > 0 ? e[i]! : 0) + Math.abs(i + 1 < n ? e[i + 1]! : 0)
    low = Math.max(low, diagonal[i]!)
    high = Math.max(high, diagonal[i]! + beside)
  }
  const isAbove = (x: number): boolean => {
    let pivot = -1
    for (let i = 0; i < n; i++) {
      pivot = diagonal[i]! - x - (i > 0 ? e[i]! ** 2 / pivot : 0)
      if (pivot >= 0) return false
    }
    return true
  }
  for (;;) {
    const middle = low + (high - low) / 2
    if (!(middle > low && middle < high)) return high
    if (isAbove(middle)) high = middle
    else low = middle
  }
}

export interface Pole {
  readonly weight: number
  /** above 0 */
  readonly shift: number
}

/** x^-1/2 = sum of weight / (x + shift) for x from least > 0 to most. */
export function poles(least: number, most: number): Pole[] {
  const modulus = Math.sqrt(least / most)
  const quarter = Math.PI / 2 / arithmeticGeometricMean(1, modulus)
  return Array.from({ length: POLES }, (_, k) => {
    const { sn, cn, dn } = jacobi(((k + 0.5) * quarter) / POLES, 1 - least / most)
    return {
      weight: ((2 * quarter * Math.sqrt(least)) / (Math.PI * POLES)) * (dn / (cn * cn)),
      shift: least * (sn / cn) ** 2
    }
  })
}

function arithmeticGeometricMean(one: number, other: number): number {
  let [a, b] = [one, other]
  while (Math.abs(a - b) > 4 * Number.EPSILON * a) [a, b] = [(a + b) / 2, Math.sqrt(a * b)]
  return a
}

/** Jacobi's elliptic functions of u by descending Landen transformations (Abramowitz & Stegun 16.4). */
function jacobi(u: number, parameter: number): { sn: number; cn: number; dn: number } {
  const ratios: number[] = []
  let a = 1
  let b = Math.sqrt(1 - parameter)
  let c = Math.sqrt(parameter)
  while (Math.abs(c) > Number.EPSILON * a) {
    c = (a - b) / 2
    const root = Math.sqrt(a * b)
    a = (a + b) / 2
    b = root
    ratios.push(c / a)
  }
  let angle = 2 ** ratios.length * a * u
  for (const ratio of ratios.reverse()) angle = (angle + Math.asin(ratio * Math.sin(angle))) / 2
  const sn = Math.sin(angle)
  const cn = Math.cos(angle)
  return { sn, cn, dn: Math.sqrt(cn * cn + (1 - parameter) * sn * sn) }
}

/** What rows of weight (T + shift I)^-1 right of the diagonal follow from, from below. */
interface InverseRows {
  readonly diagonal: Float64Array
  /** row i is row i + 1 times factors[i] */
  readonly factors: Float64Array
}

/**
 * With the pivots of elimination from above (p) and from below (q), element jj of (T + shift I)^-1 is
 * 1 / (p_j + q_j - t_j), and above it each element is the one below times -e / p (Meurant 1992, A review
 * on the inverse of symmetric tridiagonal matrices).
 */
export function inverseRows(
  { diagonal, offDiagonal: e }: Pick<Tridiagonal, 'diagonal' | 'offDiagonal'>,
  n: number,
  shift: number,
  weight: number
): InverseRows {
  const above = new Float64Array(n)
  const below = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    above[i] = diagonal[i]! + shift - (i > 0 ? e[i]! ** 2 / above[i - 1]! : 0)
  }
  for (let i = n - 1; i >= 0; i--) {
    below[i] = diagonal[i]! + shift - (i + 1 < n ? e[i + 1]! ** 2 / below[i + 1]! : 0)
  }
  return {
    diagonal: above.map((value, i) => weight / (value + below[i]! - diagonal[i]! - shift)),
    factors: above.map((value, i) => (i + 1 < n ? -e[i + 1]! / value : 0))
  }
}

/** Adds weight (T + shift I)^-1 to the upper triangle of `sum`. */
function addInverse(
  sum: Float64Array,
  form: Pick<Tridiagonal, 'diagonal' | 'offDiagonal'>,
  n: number,
  shift: number,
  weight: number
): void {
  const { diagonal, factors } = inverseRows(form, n, shift, weight)
  const row = new Float64Array(n)
  for (let i = n - 1; i >= 0; i--) {
    const start = i * n
    const factor = factors[i]!
    row[i] = diagonal[i]!
    sum[start + i] = sum[start + i]! + row[i]!
    for (let j = i + 1; j < n; j++) {
      const value = row[j]! * factor
      row[j] = value
      sum[start + j] = sum[start + j]! + value
    }
  }
}
