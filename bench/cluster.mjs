// 16 summaries and 16 runs as jobs of a Ray cluster on this machine: one node, two nodes, and two of
// which one is killed in the middle. What comes back is compared with what this computer finds alone.
// Beside it what docs/CLUSTER.md reckons with: how fast Ray takes jobs and tells of them, and how fast
// summaries are merged.
import { mkdtempSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundled } from './bundle.mjs'
import { jobRates } from './cluster/job-rates.mjs'
import { localRay } from './cluster/local-ray.mjs'
import { cliProgram } from './paths.mjs'
import { run } from './run.mjs'

const SHARDS = 16
const CHOICES = [
  ...['raw', 'unit', 'symmetric', 'standardised', 'centred', 'per-image'],
  ...['per-image-range', 'per-image-length']
]
const SEEDS = 2
const EPOCHS = 6
const MERGED = 64
const [ONE, TWO, KILLED] = ['one node', 'two nodes', 'two nodes, one killed']
const [JOBS, MERGE] = ['Ray of one node', 'Normscope']

export default {
  name: 'cluster',
  title: 'A Ray cluster',
  rounds: 1,
  needs: ['ray'],
  measures: {
    lost: { unit: 'results', digits: 0 },
    submitted: { unit: 'a second', digits: 0, more: true },
    looks: { unit: 'a second', digits: 0, more: true },
    kilobytes: { unit: 'kB', digits: 0 }
  },
  rows: [
    { what: '16 summaries and 16 runs', of: TWO, against: ONE, faster: 1.67 },
    { what: 'results lost or other than here', of: KILLED, measure: 'lost', most: 0 },
    { what: '16 summaries and 16 runs, a node killed', of: KILLED, against: ONE },
    { what: 'jobs taken', of: JOBS, measure: 'submitted' },
    { what: 'looks at a job', of: JOBS, measure: 'looks' },
    { what: 'merging, each summary', of: MERGE, measure: 'milliseconds' },
    { what: 'file of a summary', of: MERGE, measure: 'kilobytes' }
  ],
  async prepare({ peers: { ray }, folder }) {
    const merging = await bundled('cluster/merging.ts')
    let expected
    const jobs = (nodes, midway) => async () => {
      expected ??= await results([], folder)
      const cluster = await localRay(ray, nodes)
      const timer = midway && setTimeout(() => cluster.killNode(), midway * 1000)
      try {
        const began = performance.now()
        const found = await results(['--cluster', cluster.address], folder)
        return { seconds: (performance.now() - began) / 1000, lost: differing(found, expected) }
      } finally {
        clearTimeout(timer)
        cluster.stop()
      }
    }
    return {
      [ONE]: { needs: 'ray', run: jobs(1) },
      [TWO]: { needs: 'ray', run: jobs(2) },
      [KILLED]: { needs: 'ray', run: jobs(2, 45) },
      [JOBS]: { needs: 'ray', run: () => rates(ray) },
      [MERGE]: () => run(process.execPath, [merging, 'fashion-mnist', String(MERGED)])
    }
  }
}

/** Mean and std of all pixels, and the hash of the weights of each run; both are asked for at once. */
async function results(cluster, folder) {
  const shards = cluster.length > 0 ? ['--shards', String(SHARDS)] : []
  const out = join(mkdtempSync(join(folder, 'study-')), 'out')
  const choices = ['--choices', CHOICES.join(','), '--seeds', String(SEEDS)]
  const epochs = ['--epochs', String(EPOCHS)]
  const [summary] = await Promise.all([
    own(['summarise', 'fashion-mnist', ...cluster, ...shards]),
    own(['study', 'fashion-mnist', '--out', out, ...choices, ...epochs, ...cluster])
  ])
  const { runs } = JSON.parse(readFileSync(join(out, 'results.json'), 'utf8'))
  return { pixels: summary.pixels, weights: runs.map(({ weightsSha256 }) => weightsSha256) }
}

async function rates(ray) {
  const cluster = await localRay(ray, 1)
  try {
    return await jobRates(cluster.address)
  } finally {
    cluster.stop()
  }
}

const own = (words) => run(process.execPath, [cliProgram, ...words, '--json'])

/** Runs without the weights that they have here, and the summary if it is another one. */
function differing(found, expected) {
  const runs = expected.weights.filter((hash, at) => !hash || found.weights[at] !== hash).length
  return runs + (JSON.stringify(found.pixels) === JSON.stringify(expected.pixels) ? 0 : SHARDS)
}
