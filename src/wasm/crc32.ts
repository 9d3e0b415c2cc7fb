/*
 * AssemblyScript. CRC-32 as in zip, gzip and PNG, sixteen bytes at a time: the sum of sixteen bytes is that
 * of each of them followed by zeros, and tables hold those.
 */

/** 0x04C11DB7 with its bits reversed. */
const POLYNOMIAL: u32 = 0xedb88320
const ROW: usize = 256 * 4
/** A byte times the 4 bytes of an entry. */
const ENTRY: u64 = 255 << 2

/** Fills sixteen tables of 256 sums: of a byte followed by 0 to 15 zero bytes. */
export function crc32Tables(tables: usize): void {
  for (let byte: u32 = 0; byte < 256; byte++) {
    let sum = byte
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? POLYNOMIAL : 0)
    store<u32>(tables + <usize>byte * 4, sum)
  }
  for (let at = tables; at < tables + 15 * ROW; at += 4) {
    const before = load<u32>(at)
    store<u32>(at + ROW, (before >>> 8) ^ load<u32>(tables + ((<usize>(before & 255)) << 2)))
  }
}

/** The sum of bytes behind others, whose sum is `before`. */
export function crc32(tables: usize, bytes: usize, length: i32, before: u32): u32 {
  let sum = ~before
  let at = bytes
  const end = bytes + length
  for (; at + 16 <= end; at += 16) {
    const one = load<u64>(at) ^ (<u64>sum)
    const other = load<u64>(at, 8)
    const later =
      load<u32>(tables + <usize>((other << 2) & ENTRY), 7 * ROW) ^
      load<u32>(tables + <usize>((other >> 6) & ENTRY), 6 * ROW) ^
      load<u32>(tables + <usize>((other >> 14) & ENTRY), 5 * ROW) ^
      load<u32>(tables + <usize>((other >> 22) & ENTRY), 4 * ROW) ^
      load<u32>(tables + <usize>((other >> 30) & ENTRY), 3 * ROW) ^
      load<u32>(tables + <usize>((other >> 38) & ENTRY), 2 * ROW) ^
      load<u32>(tables + <usize>((other >> 46) & ENTRY), 1 * ROW) ^
      load<u32>(tables + <usize>((other >> 54) & ENTRY), 0 * ROW) ^
      load<u32>(tables + <usize>((one >> 30) & ENTRY), 11 * ROW) ^
      load<u32>(tables + <usize>((one >> 38) & ENTRY), 10 * ROW) ^
      load<u32>(tables + <usize>((one >> 46) & ENTRY), 9 * ROW) ^
      load<u32>(tables + <usize>((one >> 54) & ENTRY), 8 * ROW)
    sum =
      later ^
      (load<u32>(tables + <usize>((one << 2) & ENTRY), 15 * ROW) ^
        load<u32>(tables + <usize>((one >> 6) & ENTRY), 14 * ROW) ^
        (load<u32>(tables + <usize>((one >> 14) & ENTRY), 13 * ROW) ^
          load<u32>(tables + <usize>((one >> 22) & ENTRY), 12 * ROW)))
  }
  for (; at < end; at++) {
    sum = (sum >>> 8) ^ load<u32>(tables + ((<usize>((sum ^ load<u8>(at)) & 255)) << 2))
  }
  return ~sum
}
