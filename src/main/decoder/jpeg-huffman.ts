import { Damage } from './damage'

/** Codes of up to 8 bits are looked up, longer ones found by the largest code of each length. */
export interface HuffmanTable {
  /** by the next 8 bits: length << 8 | symbol; 0 where the code is longer */
  readonly short: Uint16Array
  /** by length: largest code of that length, -1 where there is none */
  readonly largest: Int32Array
  /** by length: what turns a code into a place among the symbols */
  readonly offset: Int32Array
  readonly symbols: Uint8Array
}

/** Adds the tables of a DHT segment (ITU-T T.81, B.2.4.2); the key is class << 4 | number. */
export function readHuffmanTables(segment: Uint8Array, tables: Map<number, HuffmanTable>): void {
  for (let at = 0; at < segment.length;) {
    const counts = segment.subarray(at + 1, at + 17)
    const total = counts.reduce((sum, count) => sum + count, 0)
    const symbols = segment.subarray(at + 17, at + 17 + total)
    if (counts.length < 16 || symbols.length < total) throw new Damage('a code table is cut short')
    tables.set(segment[at]!, tableOf(counts, symbols))
    at += 17 + total
  }
}

/** ITU-T T.81, annex C and F.2.2.3 */
function tableOf(counts: Uint8Array, symbols: Uint8Array): HuffmanTable {
  const short = new Uint16Array(256)
  const largest = new Int32Array(17).fill(-1)
  const offset = new Int32Array(17)
  let code = 0
  let place = 0
  for (let length = 1; length <= 16; length++) {
    const count = counts[length - 1]!
    offset[length] = place - code
    for (let index = 0; index < count; index++, code++, place++) {
      if (length > 8) continue
      const from = code << (8 - length)
      short.fill((length << 8) | symbols[place]!, from, from + (1 << (8 - length)))
    }
    if (count > 0) largest[length] = code - 1
    if (code > 1 << length) throw new Damage('a code table holds more codes than there are')
    code <<= 1
  }
  return { short, largest, offset, symbols }
}

/** The bits of one stretch of a scan, up to the next marker. */
export class BitReader {
  #bits = 0
  #held = 0

  constructor(
    private readonly file: Uint8Array,
    private at: number
  ) {}

  /** the next byte that has not been taken in; a marker's, where the data have ended */
  get position(): number {
    return this.at
  }

  /** Goes on after a marker. */
  restart(at: number): void {
    this.at = at
    this.#bits = 0
    this.#held = 0
  }

  bits(count: number): number {
    if (count === 0) return 0
    if (this.#held < count) this.#fill(count)
    this.#held -= count
    return (this.#bits >>> this.#held) & ((1 << count) - 1)
  }

  symbol(table: HuffmanTable): number {
    if (this.#held < 8) this.#fill(0)
    if (this.#held >= 8) {
      const found = table.short[(this.#bits >>> (this.#held - 8)) & 255]!
      if (found !== 0) {
        this.#held -= found >> 8
        return found & 255
      }
    }
    let code = 0
    for (let length = 1; length <= 16; length++) {
      code = (code << 1) | this.bits(1)
      if (code <= table.largest[length]!) return table.symbols[code + table.offset[length]!]!
    }
    throw new Damage('its picture data hold a code that is in no table')
  }

  /** Takes in whole bytes while there is room; at least `needed` bits must be held then. */
  #fill(needed: number): void {
    while (this.#held <= 16) {
      const byte = this.file[this.at]
      if (byte === undefined) break
      if (byte === 0xff) {
        if (this.file[this.at + 1] !== 0) break
        this.at++
      }
      this.at++
      this.#bits = (this.#bits << 8) | byte
      this.#held += 8
    }
    if (this.#held < needed) throw new Damage('its picture data are cut short')
  }
}
