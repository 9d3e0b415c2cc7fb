// Contestants taken round by round in one run, and what comes of it: a table, bench/results/latest.json
// and docs/PERFORMANCE.md.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const here = dirname(fileURLToPath(import.meta.url))
const project = join(here, '..')
const results = join(here, 'results', 'latest.json')
const page = join(project, 'docs', 'PERFORMANCE.md')

/** Bundles a program of the benchmark from the sources as they are; its path. */
export async function bundled(entry) {
  const outDir = join(project, 'node_modules', '.cache', 'bench')
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: join(here, entry),
      outDir,
      emptyOutDir: true,
      minify: false,
      rolldownOptions: {
        external: [/^@napi-rs\//, /^@tensorflow\//],
        output: { format: 'cjs', entryFileNames: 'program.cjs' }
      }
    }
  })
  process.env.NORMSCOPE_PROGRAM_FOLDER = join(project, 'out', 'main')
  return join(outDir, 'program.cjs')
}

/** Seconds of each contestant, [name, run] where run resolves to what has `seconds`, round by round. */
export async function interleaved(rounds, contestants) {
  const seconds = new Map(contestants.map(([name]) => [name, []]))
  for (let round = 1; round <= rounds; round++) {
    for (const [name, run] of contestants) {
      const found = await run()
      seconds.get(name).push(found.seconds)
      console.log(`round ${round}  ${name.padEnd(28)} ${found.seconds.toFixed(3)} s`)
    }
  }
  return seconds
}

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** What min, median and max of a contestant are, in seconds. */
export const spread = (seconds) =>
  [Math.min(...seconds), median(seconds), Math.max(...seconds)].map((one) => one.toFixed(3))

const machine = () => {
  const [one] = cpus()
  const load = loadavg()[0].toFixed(1)
  return `${cpus().length} cores (${one.model}), ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}, load ${load}`
}

/**
 * Prints the rows {what, against, seconds, peer, ratio, goal, met} of a part, keeps them, and writes the
 * table of all parts. Resolves to the exit code: 1 where a row falls short.
 */
export function report(part, rows) {
  const known = existsSync(results) ? JSON.parse(readFileSync(results, 'utf8')) : {}
  known[part] = { date: new Date().toISOString().slice(0, 10), machine: machine(), rows }
  writeFileSync(results, `${JSON.stringify(known, undefined, 2)}\n`)
  console.log('')
  for (const { what, against, ratio, goal, met } of rows) {
    console.log(`${met ? 'reached' : 'SHORT  '}  ${what} against ${against}: ${ratio} (${goal})`)
  }
  const lines = Object.entries(known).flatMap(([name, { date, machine: on, rows: all }]) => [
    `\`npm run bench -- ${name}\`, ${date}: ${on}`,
    '',
    '| what | min, median, max (s) | against | min, median, max (s) | ratio | to reach | reached |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...all.map(
      ({ what, against, seconds, peer, ratio, goal, met }) =>
        `| ${what} | ${seconds.join(', ')} | ${against} | ${peer.join(', ')} | ${ratio} | ${goal} | ${met ? 'yes' : 'no'} |`
    ),
    ''
  ])
  const text = readFileSync(page, 'utf8')
  const [start, end] = ['<!-- table -->', '<!-- end of table -->']
  const head = text.slice(0, text.indexOf(start) + start.length)
  writeFileSync(page, `${head}\n\n${lines.join('\n')}\n${text.slice(text.indexOf(end))}`)
  return rows.every(({ met }) => met) ? 0 : 1
}

/** The smaller of two numbers of seconds as a ratio that has to be at least or at most so much. */
export function row(what, seconds, against, peer, goal) {
  const times = median(peer) / median(seconds)
  const value = goal.faster ? times : 1 / times
  return {
    what,
    against,
    seconds: spread(seconds),
    peer: spread(peer),
    ratio: `${value.toFixed(2)}${goal.faster ? ' times faster' : ' of its time'}`,
    goal: goal.faster ? `at least ${goal.faster} times` : `at most ${goal.share} of its time`,
    met: goal.faster ? times >= goal.faster : value <= goal.share
  }
}
