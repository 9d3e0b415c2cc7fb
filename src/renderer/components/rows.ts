/**
 * How many items stand in each row so that no row has a hole: as few rows as the width allows, and
 * rows that differ by one at most, the longer ones first.
 */
export function balancedRows(count: number, width: number, least: number, gap: number): number[] {
  const fits = Math.max(1, Math.floor((width + gap) / (least + gap)))
  const rows = Math.ceil(count / fits)
  return Array.from(
    { length: rows },
    (_, row) => Math.floor(count / rows) + (row < count % rows ? 1 : 0)
  )
}
