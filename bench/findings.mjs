// Runs that are healthy and runs with a scripted fault, live: what the main finding of each names.
// Some of them tuned the thresholds of the findings; the others only count. What was named for each
// fault, for both, goes to bench/results/findings.md.
import { availableParallelism } from 'node:os'
import { GRID, withoutFault } from './findings/grid.mjs'
import { sets } from './findings/named-sets.mjs'
import { cliProgram } from './paths.mjs'
import { run, WrongCall } from './run.mjs'

/** A quick run takes one of so many. */
const QUICK = 10

/** How much more often a run is right without its fault, where that shows. */
const SHOWS = 0.03

const HALVES = { tune: 'that tuned the thresholds', count: 'that only count' }

export default {
  name: 'findings',
  title: 'Findings of scripted runs',
  rounds: 1,
  options: { code: { type: 'string' } },
  measures: {
    right: { unit: '%', digits: 1 },
    blamed: { unit: 'runs', digits: 0 }
  },
  rows: (context) =>
    Object.entries(HALVES)
      .filter(([half]) => gridOf(half, context).length > 0)
      .flatMap(([half, text]) => [
        { what: `main causes named right, runs ${text}`, of: half, measure: 'right' },
        { what: `healthy runs blamed, runs ${text}`, of: half, measure: 'blamed', most: 0 }
      ]),
  prepare(context) {
    const placeOf = sets(context.folder, process.env.NORMSCOPE_FASHION_MNIST)
    return Object.fromEntries(
      Object.keys(HALVES).map((half) => [half, () => trained(gridOf(half, context), placeOf)])
    )
  },
  result({ tune: [tune], count: [count] }) {
    return `# Findings of scripted runs\n\n\`npm run bench -- findings\`: each row is a scripted fault, each column what the main finding named, by the number of its row. Rules and thresholds were set by the runs that tune alone; the runs that count were written down before any of them was trained, with other seeds, settings and images. A count that showed a rule to be wrong counts no more: the rule was mended, the runs went to those that tune, and new ones were drawn. That happened three times: 65 of 72 were named right, then 69 of 72, then 105 of 111, with one of 30 healthy runs blamed. The last time the order was changed too, to name large inputs before the units that they kill or saturate and before the divergence; runs scripted as these were told anew, and those that counted were replaced. Where a row says how the run reads without its fault, that is trained too, and the row counts where it is at least 3 points better. 84 of the runs that count now are dense networks that had counted before, their outcomes known when the rules were mended, and 53 were new. Their first count named 133 of 135 right; no rule has changed since. On another processor, whose kernels round otherwise, runs near a threshold may be named otherwise.\n\n${summary('tune', tune)}\n\n${summary('count', count)}\n`
  }
}

function gridOf(half, { options: { code }, quick }) {
  const coded = GRID.filter((one) => !code || one.code === code)
  if (coded.length === 0) throw new WrongCall('--code is the code of a finding in the grid.')
  return coded.filter((one) => one.half === half).filter((_, at) => !quick || at % QUICK === 0)
}

/**
 * Trains every run of the list, as many at a time as there are cores: what was named for each. Where the
 * run without the fault is known, it is trained too, and a fault that does not show is not counted.
 */
async function trained(grid, placeOf) {
  const runs = []
  const queue = [...grid]
  async function work() {
    for (let one = queue.shift(); one; one = queue.shift()) {
      const result = await train(placeOf(one.set), one.words)
      const named = result.findings.map(({ code }) => code)
      const right = named[0] === one.code && (!one.then || named.includes(one.then))
      const accuracy = accuracyOf(result)
      const without = one.without && accuracyOf(await train(placeOf(one.set), withoutFault(one)))
      const absent = without !== undefined && without - accuracy < SHOWS
      runs.push({ ...one, at: grid.indexOf(one), named, right, accuracy, without, absent })
      const told = absent ? 'apart' : right ? 'right' : 'WRONG'
      const shares = [accuracy, without].filter((share) => share !== undefined).map(percent)
      console.log(
        `${told}  ${one.half.padEnd(5)} ${one.code.padEnd(28)} ${shares.join(', without ').padStart(8)}  ${named.join(', ')}   [${one.set}: ${one.words}]`
      )
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, availableParallelism()) }, work))
  runs.sort((a, b) => a.at - b.at)
  const counted = runs.filter(({ absent }) => !absent)
  const blamed = counted.filter(({ code, right }) => code === 'none-found' && !right).length
  const right = (100 * counted.filter((one) => one.right).length) / counted.length
  return { right, blamed, counted, apart: runs.filter(({ absent }) => absent) }
}

function train(place, words) {
  return run(process.execPath, [
    cliProgram,
    'train',
    place,
    ...words.split(' ').filter(Boolean),
    '--json'
  ])
}

/** A run that diverged ends with nothing that works. */
const accuracyOf = ({ status, epochs }) => (status === 'diverged' ? 0 : epochs.at(-1).testAccuracy)

const percent = (share) => `${(share * 100).toFixed(1)} %`

/** Rows are what was scripted, columns what was named, as their numbers. */
function table(runs) {
  const codes = [
    ...new Set([...GRID.map(({ code }) => code), ...runs.map(({ named }) => named[0])])
  ]
  const count = (code, name) =>
    runs.filter((run) => run.code === code && run.named[0] === name).length
  const cell = (text) => String(text).padStart(3)
  const width = Math.max(...codes.map((code) => code.length)) + 4
  const lines = [`${'scripted'.padEnd(width)}${codes.map((_, c) => cell(c + 1)).join('')}`]
  codes.forEach((code, row) => {
    const cells = codes.map((name) => cell(count(code, name) || '.'))
    lines.push(`${`${String(row + 1).padStart(2)}  ${code}`.padEnd(width)}${cells.join('')}`)
  })
  return lines.join('\n')
}

function summary(half, { counted: runs, apart }) {
  const right = runs.filter((run) => run.right).length
  const healthy = runs.filter(({ code }) => code === 'none-found')
  const blamed = healthy.filter((run) => !run.right).length
  const share = ((100 * right) / runs.length).toFixed(1)
  const title = half === 'tune' ? 'The half that tuned the thresholds' : 'The half that only counts'
  const told = `${title}: ${right} of ${runs.length} main causes named right (${share} %); ${blamed} of ${healthy.length} healthy runs blamed.`
  const wrong = runs
    .filter((run) => !run.right)
    .map(
      ({ code, then, named, set, words }) =>
        `- ${then ? `${code}, then ${then},` : code} was named ${named.join(', ')}: ${set}, ${words}`
    )
  const absent = apart.map(
    ({ code, named, accuracy, without, set, words }) =>
      `- ${code} (${percent(accuracy)}; ${percent(without)} without it) was named ${named[0]}: ${set}, ${words}`
  )
  return [
    told,
    '',
    '```text',
    table(runs),
    '```',
    ...(wrong.length > 0 ? ['', ...wrong] : []),
    ...(absent.length > 0
      ? [
          '',
          'Not counted, for the run is less than 3 points better without its fault:',
          '',
          ...absent
        ]
      : [])
  ].join('\n')
}
