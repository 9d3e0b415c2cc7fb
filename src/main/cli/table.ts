/** A column of a printed table. */
export interface Column {
  readonly title: string
  /** numbers stand right */
  readonly right?: boolean
}

/** Lines of a table with aligned columns, two spaces between them. */
export function tableLines(
  columns: readonly Column[],
  rows: readonly (readonly string[])[]
): string[] {
  const widths = columns.map((column, at) =>
    Math.max(column.title.length, ...rows.map((row) => row[at]?.length ?? 0))
  )
  const line = (cells: readonly string[]): string =>
    columns
      .map((column, at) => {
        const cell = cells[at] ?? ''
        const width = widths[at] ?? 0
        return column.right ? cell.padStart(width) : cell.padEnd(width)
      })
      .join('  ')
      .trimEnd()
  return [line(columns.map((column) => column.title)), ...rows.map(line)]
}
