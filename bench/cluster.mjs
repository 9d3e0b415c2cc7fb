// 16 summaries and 16 runs as jobs of a Ray cluster on this machine: one node, two nodes, and two of
// which one is killed in the middle. What comes back is compared with what this computer finds alone.
import { mkdtempSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { localRay } from './cluster/local-ray.mjs'
import { cliProgram } from './paths.mjs'
import { run } from './run.mjs'

const SHARDS = 16
const CHOICES = [
  ...['raw', 'unit', 'symmetric', 'standardised', 'centred', 'per-image'],
  ...['per-image-range', 'per-image-length']
]
const SEEDS = 2
const EPOCHS = 5
const [ONE, TWO, KILLED] = ['one node', 'two nodes', 'two nodes, one killed']

export default {
  name: 'cluster',
  title: 'A Ray cluster',
  rounds: 1,
  needs: ['ray'],
  measures: { lost: { unit: 'results', digits: 0 } },
  rows: [
    { what: '16 summaries and 16 runs', of: TWO, against: ONE, faster: 1.67 },
    { what: 'results lost or other than here', of: KILLED, measure: 'lost', most: 0 },
    { what: '16 summaries and 16 runs, a node killed', of: KILLED, against: ONE }
  ],
  async prepare({ peers: { ray }, folder }) {
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
      [KILLED]: { needs: 'ray', run: jobs(2, 45) }
    }
  }
}

/** Mean and std of all pixels, and the hash of the weights of each run. */
async function results(cluster, folder) {
  const shards = cluster.length > 0 ? ['--shards', String(SHARDS)] : []
  const summary = await own(['summarise', 'fashion-mnist', ...cluster, ...shards])
  const out = join(mkdtempSync(join(folder, 'study-')), 'out')
  const choices = ['--choices', CHOICES.join(','), '--seeds', String(SEEDS)]
  const epochs = ['--epochs', String(EPOCHS)]
  await own(['study', 'fashion-mnist', '--out', out, ...choices, ...epochs, ...cluster])
  const { runs } = JSON.parse(readFileSync(join(out, 'results.json'), 'utf8'))
  return { pixels: summary.pixels, weights: runs.map(({ weightsSha256 }) => weightsSha256) }
}

const own = (words) => run(process.execPath, [cliProgram, ...words, '--json'])

/** Runs without the weights that they have here, and the summary if it is another one. */
function differing(found, expected) {
  const runs = expected.weights.filter((hash, at) => !hash || found.weights[at] !== hash).length
  return runs + (JSON.stringify(found.pixels) === JSON.stringify(expected.pixels) ? 0 : SHARDS)
}
