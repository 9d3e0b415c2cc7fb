/**
 * How often each distinct float occurs: an open-addressing table from a float32's bits to its count.
 * A slot is free where its count is 0. Kept only while the values are few (float pixels are mostly
 * bytes divided by something), for then histograms and quantiles of floats are exact.
 */
export interface ValueTable {
  /** bits of the value, one per slot; the length is a power of two */
  keys: Uint32Array
  counts: Float64Array
  /** distinct values */
  size: number
}

/** Distinct values a table may hold before it is given up. */
const MAX_DISTINCT_VALUES = 65536

export function createValueTable(): ValueTable {
  return { keys: new Uint32Array(1024), counts: new Float64Array(1024), size: 0 }
}

/** False when the table would hold too many values: it must then be thrown away. */
export function addToTable(table: ValueTable, bits: number, count: number): boolean {
  const slot = slotOf(table, bits)
  if (table.counts[slot] !== 0) {
    table.counts[slot] = table.counts[slot]! + count
    return true
  }
  if (table.size === MAX_DISTINCT_VALUES) return false
  table.keys[slot] = bits
  table.counts[slot] = count
  table.size++
  if (table.size * 2 > table.keys.length) grow(table)
  return true
}

/** The table of both; undefined when together they hold too many values. */
export function mergeTables(a: ValueTable, b: ValueTable): ValueTable | undefined {
  const merged = { keys: a.keys.slice(), counts: a.counts.slice(), size: a.size }
  for (let slot = 0; slot < b.keys.length; slot++) {
    const count = b.counts[slot]!
    if (count !== 0 && !addToTable(merged, b.keys[slot]!, count)) return undefined
  }
  return merged
}

/** The distinct values in ascending order with their counts. */
export function tableLevels(table: ValueTable): { values: Float64Array; counts: Float64Array } {
  const used: number[] = []
  for (let slot = 0; slot < table.keys.length; slot++) {
    if (table.counts[slot] !== 0) used.push(slot)
  }
  const floats = new Float32Array(table.keys.buffer, table.keys.byteOffset, table.keys.length)
  used.sort((a, b) => floats[a]! - floats[b]!)
  return {
    values: Float64Array.from(used, (slot) => floats[slot]!),
    counts: Float64Array.from(used, (slot) => table.counts[slot]!)
  }
}

function slotOf(table: ValueTable, bits: number): number {
  const { keys, counts } = table
  const mask = keys.length - 1
  let slot = (Math.imul(bits, 0x9e3779b1) >>> 12) & mask
  while (counts[slot] !== 0 && keys[slot] !== bits) slot = (slot + 1) & mask
  return slot
}

function grow(table: ValueTable): void {
  const { keys, counts } = table
  table.keys = new Uint32Array(keys.length * 2)
  table.counts = new Float64Array(keys.length * 2)
  for (let old = 0; old < keys.length; old++) {
    if (counts[old] === 0) continue
    const slot = slotOf(table, keys[old]!)
    table.keys[slot] = keys[old]!
    table.counts[slot] = counts[old]!
  }
}
