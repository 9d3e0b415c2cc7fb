/** A table of Markdown with its columns under one another; all but the first are aligned to `side`. */
export function table(head, rows, side = 'right') {
  const all = [head, ...rows].map((cells) => cells.map(String))
  const widths = head.map((_, at) => Math.max(4, ...all.map((cells) => cells[at].length)))
  const left = (at) => at === 0 || side === 'left'
  const line = (cells) => `| ${cells.join(' | ')} |`
  const padded = (cells) =>
    line(cells.map((text, at) => (left(at) ? text.padEnd(widths[at]) : text.padStart(widths[at]))))
  const rule = widths.map((width, at) =>
    left(at) ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`
  )
  return [padded(all[0]), line(rule), ...all.slice(1).map(padded)].join('\n')
}
