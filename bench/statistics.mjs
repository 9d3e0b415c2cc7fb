// Full statistics of ten choices of Fashion-MNIST: Normscope against NumPy as a user writes it and as
// someone who knows it well does, interleaved; then all fifteen choices from the command line.
// Usage: npm run bench -- statistics [--rounds 3] [--exact]; --exact holds every number against float64.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { bundled, interleaved, median, report, row } from './rounds.mjs'
import { run } from './run.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, exact: { type: 'boolean', default: false } }
})
const program = await bundled('statistics/normscope.ts')
const env = { ...process.env, PYTHONPATH: process.env.NORMSCOPE_NUMPY }
const peer = (way, out = '-') =>
  run(
    'python3',
    [join(here, 'statistics', 'peers.py'), way, process.env.NORMSCOPE_FASHION_MNIST, out],
    env
  )
const normscope = (out = '-') => run(process.execPath, [program, 'statistics', out])

const memory = new Map()
const remembered = (name, contest) => async () => {
  const found = await contest()
  memory.set(name, Math.max(memory.get(name) ?? 0, found.more))
  return found
}
const commandLine = async () => {
  const began = performance.now()
  const cli = join(here, '..', 'out', 'main', 'cli.cjs')
  const { problems } = await run(process.execPath, [
    ...[cli, 'distributions', 'fashion-mnist'],
    ...['--choice', 'all', '--json']
  ])
  if (problems.length > 0) throw new Error(JSON.stringify(problems))
  return { seconds: (performance.now() - began) / 1000 }
}

const seconds = await interleaved(Number(values.rounds), [
  ['plain NumPy', remembered('plain NumPy', () => peer('plain'))],
  ['good NumPy', remembered('good NumPy', () => peer('good'))],
  ['Normscope', remembered('Normscope', normscope)],
  ['all choices, command line', commandLine]
])
const own = seconds.get('Normscope')
const [plain, all] = [seconds.get('plain NumPy'), seconds.get('all choices, command line')]
const share = memory.get('Normscope') / memory.get('plain NumPy')
const rows = [
  row('ten choices', own, 'plain NumPy, float32', plain, { faster: 25 }),
  row('ten choices', own, 'good NumPy', seconds.get('good NumPy'), { faster: 3 }),
  row('fifteen choices, command line', all, 'ten with plain NumPy', plain, { share: 0.33 }),
  {
    what: 'memory for ten choices',
    against: 'plain NumPy',
    seconds: [`${Math.round(memory.get('Normscope'))} MB`],
    peer: [`${Math.round(memory.get('plain NumPy'))} MB`],
    ratio: `${share.toFixed(2)} of its memory`,
    goal: 'at most 0.33 of its memory',
    met: share <= 1 / 3
  }
]
console.log(
  `medians: Normscope ${median(own).toFixed(3)} s, plain NumPy ${median(plain).toFixed(3)} s`
)
if (values.exact) rows.push(await exactness())
process.exitCode = report('statistics', rows)

/** How far every number is from NumPy's in float64, in stds of the set, and values in a wrong bin. */
async function exactness() {
  const folder = mkdtempSync(join(tmpdir(), 'normscope-bench-'))
  try {
    const [ours, theirs] = [join(folder, 'ours.json'), join(folder, 'theirs.json')]
    await normscope(ours)
    await peer('exact', theirs)
    const found = JSON.parse(readFileSync(ours, 'utf8'))
    const exact = JSON.parse(readFileSync(theirs, 'utf8'))
    let [furthest, wrong] = [0, 0]
    for (const [key, expected] of Object.entries(exact)) {
      const std = exact[`${key.split('/')[0]}/set`][1]
      if (found[key].length !== expected.length) throw new Error(`${key} has another length`)
      expected.forEach((value, at) => {
        const apart = Math.abs(found[key][at] - value)
        if (key.endsWith('/counts')) wrong += apart / 2
        else furthest = Math.max(furthest, apart / std)
      })
    }
    return {
      what: 'exactness',
      against: 'NumPy, float64',
      seconds: ['-'],
      peer: ['-'],
      ratio: `${furthest.toExponential(1)} of the std, ${wrong} values in another bin`,
      goal: 'at most 1e-9, none',
      met: furthest <= 1e-9 && wrong === 0
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
