/**
 * Sums kept as two doubles, `high` + `low`, about 106 bits together (Dekker 1971, Knuth's TwoSum).
 * So sums of float pixels do not depend on the order in which shards are added, to well below the
 * rounding of one double, and a variance can be taken from them without cancellation.
 */
export interface DoubleDouble {
  readonly high: number
  readonly low: number
}

function twoSum(a: number, b: number): DoubleDouble {
  const high = a + b
  const part = high - a
  return { high, low: a - (high - part) + (b - part) }
}

export function add(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const sum = twoSum(a.high, b.high)
  return twoSum(sum.high, sum.low + a.low + b.low)
}

export function negate(a: DoubleDouble): DoubleDouble {
  return { high: -a.high, low: -a.low }
}

export function multiply(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const product = twoProduct(a.high, b.high)
  return twoSum(product.high, product.low + a.high * b.low + a.low * b.high)
}

export function divide(a: DoubleDouble, by: number): DoubleDouble {
  const quotient = a.high / by
  const product = twoProduct(quotient, by)
  const rest = a.high - product.high - product.low + a.low
  return twoSum(quotient, rest / by)
}

/** Adds one value to element `index` of a sum held in two arrays, in place. */
export function addAt(high: Float64Array, low: Float64Array, index: number, value: number): void {
  const before = high[index]!
  const sum = before + value
  const part = sum - before
  high[index] = sum
  low[index] = low[index]! + (before - (sum - part) + (value - part))
}

/** Adds b's sums to a's, element by element, in place. */
export function addSums(
  a: { readonly high: Float64Array; readonly low: Float64Array },
  b: { readonly high: Float64Array; readonly low: Float64Array }
): void {
  for (let i = 0; i < a.high.length; i++) {
    const sum = add({ high: a.high[i]!, low: a.low[i]! }, { high: b.high[i]!, low: b.low[i]! })
    a.high[i] = sum.high
    a.low[i] = sum.low
  }
}

function twoProduct(a: number, b: number): DoubleDouble {
  const high = a * b
  const [aHigh, aLow] = split(a)
  const [bHigh, bLow] = split(b)
  return { high, low: aLow * bLow - (high - aHigh * bHigh - aLow * bHigh - aHigh * bLow) }
}

function split(value: number): [number, number] {
  const scaled = 134217729 * value // 2^27 + 1
  const high = scaled - (scaled - value)
  return [high, value - high]
}
