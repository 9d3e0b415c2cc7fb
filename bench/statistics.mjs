// Full statistics of ten choices of Fashion-MNIST: Normscope against NumPy as a user writes it and as
// someone who knows it well does; all fifteen choices from the command line; every number against float64.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundled } from './bundle.mjs'
import { cliProgram, inBench } from './paths.mjs'
import { run } from './run.mjs'

const [PLAIN, GOOD] = ['plain NumPy, float32', 'good NumPy']
const [FROM_FILE, GUNZIP] = ['Normscope, from the file', "Python's gzip alone"]
/** Rounds of what takes seconds. */
const FEW = 3

export default {
  name: 'statistics',
  title: 'Statistics',
  rounds: 15,
  needs: ['numpy'],
  measures: {
    stds: { unit: 'of the std', digits: 2 },
    wrong: { unit: 'values in another bin', digits: 0 }
  },
  rows: [
    { what: 'ten choices', of: 'Normscope', against: PLAIN, faster: 25 },
    { what: 'ten choices', of: 'Normscope', against: GOOD, faster: 3 },
    {
      what: 'memory for ten choices',
      of: 'Normscope',
      against: PLAIN,
      measure: 'more',
      share: 0.33
    },
    { what: 'file to all ten statistics', of: FROM_FILE, against: GUNZIP, share: 2 },
    { what: 'fifteen choices, command line', of: 'command line', against: PLAIN, share: 0.33 },
    { what: 'furthest from NumPy in float64', of: 'exactness', measure: 'stds', most: 1e-9 },
    { what: 'counts beside NumPy in float64', of: 'exactness', measure: 'wrong', most: 0 }
  ],
  async prepare({ peers: { numpy }, folder }) {
    const program = await bundled('statistics/normscope.ts')
    const peer = (way, out = '-') => {
      const args = [
        inBench('statistics', 'peers.py'),
        way,
        process.env.NORMSCOPE_FASHION_MNIST,
        out
      ]
      return run(numpy.program, args, numpy.env)
    }
    const images = join(process.env.NORMSCOPE_FASHION_MNIST, 'train-images-idx3-ubyte.gz')
    const normscope = (out = '-') => run(process.execPath, [program, 'statistics', out])
    return {
      [PLAIN]: { needs: 'numpy', rounds: FEW, run: () => peer('plain') },
      [GOOD]: { needs: 'numpy', rounds: FEW, run: () => peer('good') },
      Normscope: { rounds: FEW, run: () => normscope() },
      [GUNZIP]: {
        needs: 'numpy',
        run: () => run(numpy.program, [inBench('open', 'gunzip.py'), images], numpy.env)
      },
      [FROM_FILE]: () => run(process.execPath, [program, 'file', images]),
      'command line': { rounds: FEW, run: commandLine },
      exactness: { needs: 'numpy', rounds: 1, run: () => exactness(normscope, peer, folder) }
    }
  }
}

async function commandLine() {
  const began = performance.now()
  const words = ['distributions', 'fashion-mnist', '--choice', 'all', '--json']
  const { problems } = await run(process.execPath, [cliProgram, ...words])
  if (problems.length > 0) throw new Error(JSON.stringify(problems))
  return { seconds: (performance.now() - began) / 1000 }
}

/** How far the furthest number is from NumPy's in float64, in stds of the set, and values in another bin. */
async function exactness(normscope, peer, folder) {
  const [ours, theirs] = [join(folder, 'ours.json'), join(folder, 'theirs.json')]
  await normscope(ours)
  await peer('exact', theirs)
  const found = JSON.parse(readFileSync(ours, 'utf8'))
  const exact = JSON.parse(readFileSync(theirs, 'utf8'))
  let [stds, wrong] = [0, 0]
  for (const [key, expected] of Object.entries(exact)) {
    const std = exact[`${key.split('/')[0]}/set`][1]
    if (found[key].length !== expected.length) throw new Error(`${key} has another length`)
    expected.forEach((value, at) => {
      const apart = Math.abs(found[key][at] - value)
      if (key.endsWith('/counts')) wrong += apart / 2
      else stds = Math.max(stds, apart / std)
    })
  }
  return { stds, wrong }
}
