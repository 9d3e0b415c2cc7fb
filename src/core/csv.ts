export type CsvCell = string | number | undefined

/**
 * Rows as CSV text (RFC 4180): numbers in full, an empty cell where there is none or it is
 * undefined (NaN).
 */
export function csvText(rows: Iterable<readonly CsvCell[]>): string {
  const lines: string[] = []
  for (const row of rows) lines.push(`${row.map(cellText).join(',')}\r\n`)
  return lines.join('')
}

function cellText(cell: CsvCell): string {
  if (cell === undefined || Number.isNaN(cell)) return ''
  const text = String(cell)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
