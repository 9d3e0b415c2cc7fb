/*
 * AssemblyScript. Rows of f32, counted a column at a time; as its namesake in core/statistics/kernels/plain.ts
 * does.
 */

/** Adds to `counts`, one i32 a column, how many values of `rows` x `columns` are from `low` to `high`. */
export function countWithin(
  values: usize,
  rows: i32,
  columns: i32,
  low: f32,
  high: f32,
  counts: usize
): void {
  const stride = (<usize>columns) << 2
  const least = f32x4.splat(low)
  const most = f32x4.splat(high)
  let column = 0
  // a line of the cache at once
  for (; column + 16 <= columns; column += 16) {
    let at = values + ((<usize>column) << 2)
    const to = counts + ((<usize>column) << 2)
    let a = v128.load(to)
    let b = v128.load(to, 16)
    let c = v128.load(to, 32)
    let d = v128.load(to, 48)
    for (let row = 0; row < rows; row++) {
      a = i32x4.sub(a, within(v128.load(at), least, most))
      b = i32x4.sub(b, within(v128.load(at, 16), least, most))
      c = i32x4.sub(c, within(v128.load(at, 32), least, most))
      d = i32x4.sub(d, within(v128.load(at, 48), least, most))
      at += stride
    }
    v128.store(to, a)
    v128.store(to, b, 16)
    v128.store(to, c, 32)
    v128.store(to, d, 48)
  }
  for (; column + 4 <= columns; column += 4) {
    let at = values + ((<usize>column) << 2)
    const to = counts + ((<usize>column) << 2)
    let a = v128.load(to)
    for (let row = 0; row < rows; row++) {
      a = i32x4.sub(a, within(v128.load(at), least, most))
      at += stride
    }
    v128.store(to, a)
  }
  for (; column < columns; column++) {
    let at = values + ((<usize>column) << 2)
    const to = counts + ((<usize>column) << 2)
    let count = load<i32>(to)
    for (let row = 0; row < rows; row++) {
      const value = load<f32>(at)
      count += i32(value >= low) & i32(value <= high)
      at += stride
    }
    store<i32>(to, count)
  }
}

/** -1 in each lane that is within. */
function within(values: v128, least: v128, most: v128): v128 {
  return v128.and(f32x4.ge(values, least), f32x4.le(values, most))
}
