/** A table of Markdown with its columns under one another; all but the first are aligned to the right. */
export function table(head, rows) {
  const all = [head, ...rows].map((cells) => cells.map(String))
  const widths = head.map((_, at) => Math.max(4, ...all.map((cells) => cells[at].length)))
  const line = (cells) => `| ${cells.join(' | ')} |`
  const padded = (cells) =>
    line(cells.map((text, at) => (at === 0 ? text.padEnd(widths[0]) : text.padStart(widths[at]))))
  const rule = widths.map((width, at) =>
    at === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`
  )
  return [padded(all[0]), line(rule), ...all.slice(1).map(padded)].join('\n')
}
