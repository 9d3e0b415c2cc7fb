/*
 * AssemblyScript. Images in an order in which those next to one another have their background at mostly the
 * same places, whatever their shape: by how many spans of 16 values have something else, and then by how
 * many values are something else.
 */

/** Values that are looked at, one of so many, to find the most common. */
const LOOKED_AT = 7

/** The most common of some bytes, as far as some of them tell; `counts`: room for 256 of u32. */
export function commonByte(bytes: usize, count: i32, counts: usize): i32 {
  memory.fill(counts, 0, 1024)
  for (let at = 0; at < count; at += LOOKED_AT) {
    const own = counts + ((<usize>load<u8>(bytes + at)) << 2)
    store<u32>(own, load<u32>(own) + 1)
  }
  let common = 0
  for (let byte = 1; byte < 256; byte++) {
    const most = load<u32>(counts + ((<usize>common) << 2))
    if (load<u32>(counts + ((<usize>byte) << 2)) > most) common = byte
  }
  return common
}

/**
 * Numbers of images of n bytes, i32, in their order. `room`: orderRoom(images, n) bytes.
 * What is behind the images is read, 16 bytes, and does not count.
 */
export function alike(
  bytes: usize,
  images: i32,
  n: i32,
  background: i32,
  order: usize,
  room: usize
): void {
  const values = room
  const spans = values + ((<usize>images) << 2)
  const first = spans + ((<usize>images) << 2)
  const starts = first + ((<usize>images) << 2)
  const whole = n & ~15
  const own = i8x16.splat(<i8>background)
  let at = bytes
  for (let image = 0; image < images; image++) {
    let others = 0,
      some = 0
    for (let f = 0; f < whole; f += 16) {
      const here = popcnt(i8x16.bitmask(i8x16.ne(v128.load(at + f), own)))
      others += here
      some += i32(here != 0)
    }
    if (whole < n) {
      const within = (1 << (n - whole)) - 1
      const here = popcnt(i8x16.bitmask(i8x16.ne(v128.load(at + whole), own)) & within)
      others += here
      some += i32(here != 0)
    }
    const place = (<usize>image) << 2
    store<i32>(values + place, others)
    store<i32>(spans + place, some)
    store<i32>(order + place, image)
    at += n
  }
  sort(order, images, values, n, starts, first)
  sort(first, images, spans, n, starts, order)
}

export function orderRoom(images: i32, n: i32): i32 {
  return 12 * images + 4 * (n + 2)
}

/** Images by their keys from 0 to `most`, those of one key in the order they are in. */
function sort(
  given: usize,
  images: i32,
  keys: usize,
  most: i32,
  starts: usize,
  found: usize
): void {
  memory.fill(starts, 0, (most + 2) << 2)
  for (let image = 0; image < images; image++) {
    const behind = starts + ((<usize>(load<i32>(keys + ((<usize>image) << 2)) + 1)) << 2)
    store<i32>(behind, load<i32>(behind) + 1)
  }
  for (let key = 1; key <= most; key++) {
    const at = starts + ((<usize>key) << 2)
    store<i32>(at, load<i32>(at) + load<i32>(at - 4))
  }
  for (let at = 0; at < images; at++) {
    const image = load<i32>(given + ((<usize>at) << 2))
    const next = starts + ((<usize>load<i32>(keys + ((<usize>image) << 2))) << 2)
    const place = load<i32>(next)
    store<i32>(next, place + 1)
    store<i32>(found + ((<usize>place) << 2), image)
  }
}
