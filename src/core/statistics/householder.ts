/** T of A = Q T Q^T, and the scales of the reflectors that Q is made of. */
export interface Tridiagonal {
  readonly diagonal: Float64Array
  /** element k stands between k - 1 and k */
  readonly offDiagonal: Float64Array
  readonly scales: Float64Array
}

export function tridiagonal(n: number): Tridiagonal {
  const [diagonal, offDiagonal, scales] = [0, 1, 2].map(() => new Float64Array(n)) as [
    Float64Array,
    Float64Array,
    Float64Array
  ]
  return { diagonal, offDiagonal, scales }
}

/**
 * A = Q T Q^T. Reflector k, v_k = 1 at and below row k + 1, annihilates column k below its
 * subdiagonal; it is left in row k of the matrix. One step a column.
 */
export function* tridiagonalise(
  a: Float64Array,
  { diagonal: d, offDiagonal: e, scales }: Tridiagonal,
  n: number
): Generator<void, void> {
  const product = new Float64Array(n)
  const reflector = new Float64Array(n)
  for (let k = 0; k < n - 2; k++) {
    d[k] = a[k * n + k]!
    const { beside, scale } = takeReflector(a, k * n, k, n, reflector)
    e[k + 1] = beside
    scales[k] = scale
    if (scale === 0) continue
    reflect(a, n, k + 1, reflector, scale, product)
    yield
  }
  if (n > 1) {
    d[n - 2] = a[(n - 2) * n + n - 2]!
    e[n - 1] = a[(n - 2) * n + n - 1]!
  }
  if (n > 0) d[n - 1] = a[n * n - 1]!
}

/**
 * The reflector that annihilates column k below its subdiagonal, and what then is beside the diagonal;
 * scale 0 where there is nothing to annihilate. It is left in the row of k, which begins at `row`.
 */
export function takeReflector(
  a: Float64Array,
  row: number,
  k: number,
  n: number,
  reflector: Float64Array
): { readonly beside: number; readonly scale: number } {
  // by symmetry, row k right of the diagonal is column k below it
  let norm = 0
  for (let j = k + 2; j < n; j++) norm = Math.max(norm, Math.abs(a[row + j]!))
  const first = a[row + k + 1]!
  if (norm === 0) return { beside: first, scale: 0 }
  norm = Math.max(norm, Math.abs(first))
  let squares = 0
  for (let j = k + 1; j < n; j++) {
    const value = a[row + j]! / norm
    squares += value * value
  }
  const length = norm * Math.sqrt(squares)
  const beside = first > 0 ? -length : length
  const pivot = first - beside
  reflector[k + 1] = 1
  for (let j = k + 2; j < n; j++) reflector[j] = a[row + j]! / pivot
  for (let j = k + 1; j < n; j++) a[row + j] = reflector[j]!
  // H = I - scale v v^T with v_{k+1} = 1
  return { beside, scale: -pivot / beside }
}

/**
 * A becomes Q A Q^T, Q the product of the reflectors in the rows of `reflectors`, as `tridiagonalise`
 * leaves them; of A the upper triangle is read and written. One step a reflector.
 */
export function* transformBack(
  a: Float64Array,
  reflectors: Float64Array,
  scales: Float64Array,
  n: number
): Generator<void, void> {
  const product = new Float64Array(n)
  for (let k = n - 3; k >= 0; k--) {
    const scale = scales[k]!
    if (scale === 0) continue
    const v = reflectors.subarray(k * n, (k + 1) * n)
    for (let i = 0; i <= k; i++) reflectRow(a, i * n, k + 1, n, v, scale)
    reflect(a, n, k + 1, v, scale, product)
    yield
  }
}

function reflectRow(
  a: Float64Array,
  start: number,
  from: number,
  n: number,
  v: Float64Array,
  scale: number
): void {
  let even = 0
  let odd = 0
  let j = from
  for (; j + 1 < n; j += 2) {
    even += a[start + j]! * v[j]!
    odd += a[start + j + 1]! * v[j + 1]!
  }
  if (j < n) even += a[start + j]! * v[j]!
  const factor = scale * (even + odd)
  for (j = from; j < n; j++) a[start + j] = a[start + j]! - factor * v[j]!
}

/** H A H of the upper triangle of A's rows and columns from..n, H = I - scale v v^T. */
function reflect(
  a: Float64Array,
  n: number,
  from: number,
  v: Float64Array,
  scale: number,
  product: Float64Array
): void {
  symmetricTimes(a, v, product, from, n)
  let dot = 0
  for (let j = from; j < n; j++) {
    product[j] = product[j]! * scale
    dot += product[j]! * v[j]!
  }
  const half = (scale * dot) / 2
  for (let j = from; j < n; j++) product[j] = product[j]! - half * v[j]!
  // rank-two update, two rows at once, so that loads are shared
  for (let i = from; i < n; i += 2) {
    const p = i * n
    const [vp, wp] = [v[i]!, product[i]!]
    a[p + i] = a[p + i]! - 2 * vp * wp
    if (i + 1 === n) break
    const q = p + n
    const [vq, wq] = [v[i + 1]!, product[i + 1]!]
    a[p + i + 1] = a[p + i + 1]! - vp * wq - wp * vq
    a[q + i + 1] = a[q + i + 1]! - 2 * vq * wq
    for (let j = i + 2; j < n; j++) {
      const vj = v[j]!
      const wj = product[j]!
      a[p + j] = a[p + j]! - vp * wj - wp * vj
      a[q + j] = a[q + j]! - vq * wj - wq * vj
    }
  }
}

/** product = A v from the upper triangle of A, over indices from..n; two rows at once. */
function symmetricTimes(
  a: Float64Array,
  v: Float64Array,
  product: Float64Array,
  from: number,
  n: number
): void {
  for (let i = from; i < n; i++) product[i] = 0
  for (let i = from; i < n; i += 2) {
    const p = i * n
    const vp = v[i]!
    let sumP = a[p + i]! * vp
    if (i + 1 === n) {
      product[i] = product[i]! + sumP
      break
    }
    const q = p + n
    const vq = v[i + 1]!
    sumP += a[p + i + 1]! * vq
    let sumQ = a[p + i + 1]! * vp + a[q + i + 1]! * vq
    for (let j = i + 2; j < n; j++) {
      const x = a[p + j]!
      const y = a[q + j]!
      const vj = v[j]!
      sumP += x * vj
      sumQ += y * vj
      product[j] = product[j]! + (x * vp + y * vq)
    }
    product[i] = product[i]! + sumP
    product[i + 1] = product[i + 1]! + sumQ
  }
}
