// What benchmarks found: bench/results/latest.json, and the table of docs/PERFORMANCE.md made from it.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { busyCores } from './busy.mjs'
import { inBench, inProject } from './paths.mjs'
import { table } from './table.mjs'

const results = inBench('results', 'latest.json')
const page = inProject('docs', 'PERFORMANCE.md')
const MARKERS = ['<!-- table -->', '<!-- end of table -->']

const WIDEST = [
  ['avx512f', 'AVX-512'],
  ['avx2', 'AVX2']
]

/** The processor's name and its widest vectors, where Linux tells them: two of one name may be far apart. */
function processor() {
  const name = cpus()[0]?.model.trim() ?? 'unknown'
  if (!existsSync('/proc/cpuinfo')) return name
  const flags = /^flags.*$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[0].split(' ') ?? []
  const [, vectors] = WIDEST.find(([flag]) => flags.includes(flag)) ?? []
  return vectors ? `${name}, ${vectors}` : name
}

/** Cores, processor, memory, Node, and what ran before. */
export async function machine() {
  const load = loadavg()[0].toFixed(1)
  const busy = (await busyCores()).toFixed(1)
  return `${cpus().length} cores (${processor()}), ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}, load ${load} and ${busy} cores busy before`
}

const WORDS = { reached: 'yes', short: 'no', shown: '-' }

const cells = (row) => [
  row.what,
  row.own ?? '-',
  row.against,
  row.peer ?? '-',
  row.ratio ?? '-',
  row.goal,
  WORDS[row.state] ?? `${row.state}: ${row.why.replaceAll('|', '/')}`
]

const HEAD = [
  'what',
  'min, median, max',
  'against',
  'min, median, max',
  'ratio',
  'to reach',
  'reached'
]

/** Head and cells of a part's rows, without the columns of peers and goals where no row has one. */
function shown(rows) {
  const columns = rows.some((row) => row.state !== 'shown' || row.peer) ? HEAD.length : 2
  return [HEAD.slice(0, columns), rows.map((row) => cells(row).slice(0, columns))]
}

/** All parts as text, each a heading, a line and a table. */
export function tablesOf(known) {
  return Object.entries(known)
    .flatMap(([name, { title, date, machine: on, rounds, rows }]) => [
      `### ${title}: \`npm run bench -- ${name}\``,
      '',
      `${date}, ${rounds} ${rounds === 1 ? 'round' : 'rounds'}: ${on}`,
      '',
      table(...shown(rows), 'left'),
      ''
    ])
    .join('\n')
}

/** A page with what stands between two markers replaced. */
export function withBetween(text, content, [start, end]) {
  const [from, to] = [text.indexOf(start), text.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`The page lacks ${start} and ${end}`)
  return `${text.slice(0, from + start.length)}\n\n${content}\n${text.slice(to)}`
}

export const read = () => (existsSync(results) ? JSON.parse(readFileSync(results, 'utf8')) : {})

/** Keeps what a part found, parts in `order`, and writes the tables of all. */
export function keep(name, found, order) {
  const known = { ...read(), [name]: found }
  const at = (part) => (order.includes(part) ? order.indexOf(part) : order.length)
  const sorted = Object.fromEntries(Object.entries(known).sort(([a], [b]) => at(a) - at(b)))
  writeFileSync(results, `${JSON.stringify(sorted, undefined, 2)}\n`)
  writeFileSync(page, withBetween(readFileSync(page, 'utf8'), tablesOf(sorted), MARKERS))
}

/** The last word on all rows of a run. */
export function summaryOf(parts) {
  const rows = parts.flatMap(([name, { rows: all }]) => all.map((row) => [name, ...cells(row)]))
  return table(['part', ...HEAD], rows, 'left')
}
