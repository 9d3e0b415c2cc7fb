interface Eigen {
  /** ascending */
  readonly values: Float64Array
  /** n x n, row k is the unit eigenvector of values[k] */
  readonly vectors: Float64Array
}

/**
 * Eigenvalues and eigenvectors of a symmetric n x n matrix (row-major, not changed): Householder
 * reduction to tridiagonal form, then implicit QL (Bowdler, Martin, Reinsch & Wilkinson 1968, the
 * procedures tred2 and tql2). Eigenvectors are kept in rows, so that rotations run along memory.
 */
export function symmetricEigen(matrix: Float64Array, n: number): Eigen {
  const vectors = matrix.slice()
  const form = tridiagonal(n)
  for (const _ of tridiagonalise(vectors, form, n));
  accumulate(vectors, form.scales, n)
  for (const _ of implicitQl(form, n, vectors));
  return sorted(form.diagonal, vectors, n)
}

/**
 * The eigenvalues alone, ascending, as symmetricEigen finds them; the matrix is overwritten. Between
 * two steps, of at most 2 n^2 multiplications each, others may have their turn.
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

/** T of A = Q T Q^T, and the scales of the reflectors that Q is made of. */
interface Tridiagonal {
  readonly diagonal: Float64Array
  /** element k stands between k - 1 and k */
  readonly offDiagonal: Float64Array
  readonly scales: Float64Array
}

function tridiagonal(n: number): Tridiagonal {
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
function* tridiagonalise(
  a: Float64Array,
  { diagonal: d, offDiagonal: e, scales }: Tridiagonal,
  n: number
): Generator<void, void> {
  const product = new Float64Array(n)
  const reflector = new Float64Array(n)
  for (let k = 0; k < n - 2; k++) {
    // by symmetry, row k right of the diagonal is column k below it
    const row = k * n
    let norm = 0
    for (let j = k + 2; j < n; j++) norm = Math.max(norm, Math.abs(a[row + j]!))
    d[k] = a[row + k]!
    if (norm === 0) {
      e[k + 1] = a[row + k + 1]!
      scales[k] = 0
      continue
    }
    norm = Math.max(norm, Math.abs(a[row + k + 1]!))
    let squares = 0
    for (let j = k + 1; j < n; j++) {
      const value = a[row + j]! / norm
      squares += value * value
    }
    const first = a[row + k + 1]!
    const length = norm * Math.sqrt(squares)
    const alpha = first > 0 ? -length : length
    const pivot = first - alpha
    e[k + 1] = alpha
    // H = I - scale v v^T with v_{k+1} = 1
    const scale = -pivot / alpha
    scales[k] = scale
    reflector[k + 1] = 1
    for (let j = k + 2; j < n; j++) reflector[j] = a[row + j]! / pivot
    for (let j = k + 1; j < n; j++) a[row + j] = reflector[j]!
    symmetricTimes(a, reflector, product, k + 1, n)
    let dot = 0
    for (let j = k + 1; j < n; j++) {
      product[j] = product[j]! * scale
      dot += product[j]! * reflector[j]!
    }
    const half = (scale * dot) / 2
    for (let j = k + 1; j < n; j++) product[j] = product[j]! - half * reflector[j]!
    // rank-two update of the upper triangle
    for (let i = k + 1; i < n; i++) {
      const v = reflector[i]!
      const w = product[i]!
      const start = i * n
      for (let j = i; j < n; j++) {
        a[start + j] = a[start + j]! - v * product[j]! - w * reflector[j]!
      }
    }
    yield
  }
  if (n > 1) {
    d[n - 2] = a[(n - 2) * n + n - 2]!
    e[n - 1] = a[(n - 2) * n + n - 1]!
  }
  if (n > 0) d[n - 1] = a[n * n - 1]!
}

/** product = A v from the upper triangle of A, over indices from..n. */
function symmetricTimes(
  a: Float64Array,
  v: Float64Array,
  product: Float64Array,
  from: number,
  n: number
): void {
  for (let i = from; i < n; i++) product[i] = 0
  for (let i = from; i < n; i++) {
    const start = i * n
    const vi = v[i]!
    let sum = a[start + i]! * vi
    for (let j = i + 1; j < n; j++) {
      const value = a[start + j]!
      sum += value * v[j]!
      product[j] = product[j]! + value * vi
    }
    product[i] = product[i]! + sum
  }
}

/** Writes Q^T = ... H_1 H_0 over the matrix, whose rows hold the reflectors. */
function accumulate(a: Float64Array, scales: Float64Array, n: number): void {
  const q = new Float64Array(n * n)
  for (let i = 0; i < n; i++) q[i * n + i] = 1
  // from the last reflector on, row i of Q^T gets (row) H_k
  for (let k = n - 3; k >= 0; k--) {
    const scale = scales[k]!
    if (scale === 0) continue
    const v = a.subarray(k * n, (k + 1) * n)
    for (let i = k + 1; i < n; i++) {
      const start = i * n
      let dot = 0
      for (let j = k + 1; j < n; j++) dot += q[start + j]! * v[j]!
      dot *= scale
      for (let j = k + 1; j < n; j++) q[start + j] = q[start + j]! - dot * v[j]!
    }
  }
  a.set(q)
}

/**
 * Leaves the eigenvalues in the diagonal, in no order, and rotates the rows of `vectors` along. One
 * step an eigenvalue.
 */
function* implicitQl(
  { diagonal: d, offDiagonal: e }: Tridiagonal,
  n: number,
  vectors?: Float64Array
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
      chase(d, e, n, l, m, vectors)
    }
    yield
  }
}

/** One implicit QL step on the block l..m. */
function chase(
  d: Float64Array,
  e: Float64Array,
  n: number,
  l: number,
  m: number,
  vectors?: Float64Array
): void {
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
    if (vectors) rotate(vectors, i * n, n, sine, cosine)
  }
  d[l] = d[l]! - p
  e[l] = g
  e[m] = 0
}

/** Rotates the row at `start` and the one after it. */
function rotate(
  vectors: Float64Array,
  start: number,
  n: number,
  sine: number,
  cosine: number
): void {
  const next = start + n
  for (let k = 0; k < n; k++) {
    const f = vectors[next + k]!
    const value = vectors[start + k]!
    vectors[next + k] = sine * value + cosine * f
    vectors[start + k] = cosine * value - sine * f
  }
}

function sorted(values: Float64Array, vectors: Float64Array, n: number): Eigen {
  const order = Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!)
  const result = { values: new Float64Array(n), vectors: new Float64Array(n * n) }
  order.forEach((from, to) => {
    result.values[to] = values[from]!
    result.vectors.set(vectors.subarray(from * n, (from + 1) * n), to * n)
  })
  return result
}
