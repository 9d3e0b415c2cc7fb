// Fashion-MNIST's gzipped training images to bytes: Normscope against Python's gzip, interleaved.
// Usage: npm run bench -- open [--rounds 5]
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { bundled, interleaved, report, row } from './rounds.mjs'
import { run } from './run.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' } } })
const program = await bundled('statistics/normscope.ts')
const file = join(process.env.NORMSCOPE_FASHION_MNIST, 'train-images-idx3-ubyte.gz')
const seconds = await interleaved(Number(values.rounds), [
  ["Python's gzip", () => run('python3', [join(here, 'statistics', 'gunzip.py'), file])],
  ['Normscope', () => run(process.execPath, [program, 'open', file])]
])
const own = seconds.get('Normscope')
process.exitCode = report('open', [
  row('train-images.gz to bytes', own, "Python's gzip", seconds.get("Python's gzip"), {
    share: 0.55
  })
])
