/** A column of a printed table. */
interface Column {
  readonly title: string
  /** numbers stand right */
  readonly right?: boolean
}

/** A last column of sentences: each stands below its row instead. */
const SENTENCE = 60

/** Lines of a table with aligned columns, two spaces between them. */
export function tableLines(
  columns: readonly Column[],
  rows: readonly (readonly string[])[]
): string[] {
  const last = columns.length - 1
  if (last > 0 && !columns[last]!.right && rows.some((row) => row[last]!.length > SENTENCE)) {
    const [titles, ...lines] = tableLines(
      columns.slice(0, last),
      rows.map((row) => row.slice(0, last))
    )
    return [titles!, ...lines.flatMap((line, at) => [line, `  ${rows[at]![last]}`])]
  }
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
