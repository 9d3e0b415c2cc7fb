/*
 * AssemblyScript. What is seen and counted of images of doubles, whose values are of `channels` by turns;
 * the functions do what `extendByImage` and `tallyImage` of core/statistics/counting/tally.ts do, image
 * after image, to the last bit.
 */

/**
 * `range`: least and most. Of each channel `sums` and their `errors`; of each feature `squares`, `origins`,
 * `shifts` from them and their `shiftSquares`.
 */
export function extendByImages(
  values: usize,
  images: i32,
  features: i32,
  channels: i32,
  range: usize,
  sums: usize,
  errors: usize,
  squares: usize,
  origins: usize,
  shifts: usize,
  shiftSquares: usize
): void {
  let least = load<f64>(range)
  let most = load<f64>(range, 8)
  const pitch = (<usize>features) << 3
  const step = (<usize>channels) << 3
  for (let image = 0; image < images; image++) {
    for (let f: usize = 0; f < pitch; f += 8) {
      const value = load<f64>(values + f)
      if (value < least) least = value
      if (value > most) most = value
      store<f64>(squares + f, load<f64>(squares + f) + value * value)
      const shift = value - load<f64>(origins + f)
      store<f64>(shifts + f, load<f64>(shifts + f) + shift)
      store<f64>(shiftSquares + f, load<f64>(shiftSquares + f) + shift * shift)
    }
    for (let channel: usize = 0; channel < step; channel += 8) {
      let sum: f64 = 0
      for (let f = channel; f < pitch; f += step) sum += load<f64>(values + f)
      const before = load<f64>(sums + channel)
      const whole = before + sum
      const part = whole - before
      store<f64>(sums + channel, whole)
      const error = before - (whole - part) + (sum - part)
      store<f64>(errors + channel, load<f64>(errors + channel) + error)
    }
    values += pitch
  }
  store<f64>(range, least)
  store<f64>(range, most, 8)
}

/**
 * Values (byte - centre) / divisor of features, as `tallyPlaces` of core/statistics/kernels/plain.ts: each byte
 * of a feature, from `starts` of it to that of the next, occurs so many `times`, f64 each. How often the value is `least`.
 */
export function tallyPlaces(
  starts: usize,
  bytes: usize,
  times: usize,
  features: i32,
  channels: i32,
  centres: usize,
  divisors: usize,
  edges: usize,
  bins: i32,
  means: usize,
  least: f64,
  counts: usize,
  deviations: usize
): f64 {
  let found: f64 = 0
  const low = load<f64>(edges)
  const width = load<f64>(edges + ((<usize>bins) << 3)) - low
  for (let f = 0; f < features; f++) {
    const centre = load<f64>(centres + ((<usize>f) << 3))
    const divisor = load<f64>(divisors + ((<usize>f) << 3))
    const channel = (<usize>(f % channels)) << 3
    const mean = load<f64>(means + channel)
    let squares: f64 = 0
    let before: f64 = Infinity
    let bin = 0
    const end = <usize>load<u32>(starts + ((<usize>f) << 2), 4)
    for (let at = <usize>load<u32>(starts + ((<usize>f) << 2)); at < end; at++) {
      const value = (<f64>load<u8>(bytes + at) - centre) / divisor
      const often = load<f64>(times + (at << 3))
      if (value < before) bin = binOf(value, low, width, edges, bins)
      while (bin < bins - 1 && value >= load<f64>(edges + ((<usize>bin) << 3), 8)) bin++
      before = value
      const slot = counts + ((<usize>bin) << 3)
      store<f64>(slot, load<f64>(slot) + often)
      squares += (value - mean) * (value - mean) * often
      if (value == least) found += often
    }
    store<f64>(deviations + channel, load<f64>(deviations + channel) + squares)
  }
  return found
}

/** As its namesake in core/statistics/counting/bins.ts. */
function binOf(value: f64, low: f64, width: f64, edges: usize, bins: i32): i32 {
  const place = floor(((value - low) / width) * <f64>bins)
  let bin = place > 0 ? (place >= <f64>bins ? bins - 1 : <i32>place) : 0
  while (bin > 0 && value < load<f64>(edges + ((<usize>bin) << 3))) bin--
  while (bin < bins - 1 && value >= load<f64>(edges + ((<usize>bin) << 3), 8)) bin++
  return bin
}

/**
 * Adds to `counts` how many values each bin holds, and to `deviations` of each channel squares of what they
 * differ from `means`. How many are `least`.
 */
export function tallyValues(
  values: usize,
  images: i32,
  features: i32,
  channels: i32,
  edges: usize,
  bins: i32,
  means: usize,
  least: f64,
  counts: usize,
  deviations: usize
): i32 {
  let found = 0
  const pitch = (<usize>features) << 3
  const step = (<usize>channels) << 3
  const low = load<f64>(edges)
  const width = load<f64>(edges + ((<usize>bins) << 3)) - low
  for (let image = 0; image < images; image++) {
    for (let channel: usize = 0; channel < step; channel += 8) {
      const mean = load<f64>(means + channel)
      let squares: f64 = 0
      for (let f = channel; f < pitch; f += step) {
        const value = load<f64>(values + f)
        const bin = binOf(value, low, width, edges, bins)
        const slot = counts + ((<usize>bin) << 3)
        store<f64>(slot, load<f64>(slot) + 1)
        squares += (value - mean) * (value - mean)
        found += i32(value == least)
      }
      const slot = deviations + channel
      store<f64>(slot, load<f64>(slot) + squares)
    }
    values += pitch
  }
  return found
}
