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

/** 0.8473 -> "84.7 %"; a value that is absent -> "–". */
export function percent(share: number | undefined): string {
  return share === undefined ? '–' : `${(share * 100).toFixed(1)} %`
}

/** At most six significant digits, without trailing zeros. */
export function short(value: number | undefined): string {
  return value === undefined ? '–' : String(Number(value.toPrecision(6)))
}

/** 60000 -> "60,000". */
export function thousands(count: number | undefined): string {
  return count === undefined ? '–' : Math.round(count).toLocaleString('en-GB')
}
