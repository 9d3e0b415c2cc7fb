// Images per second of training, batch 32, Adam, x / 255 of Fashion-MNIST: Keras fit, which takes all
// cores, against Normscope in one process and in two at once, for the tutorial's network, LeNet-5 and a
// small modern net. Keras gets the network as the program that `normscope code --network` prints. All are
// interleaved, round by round, on one machine; the first epoch of every process is left out (compilation,
// warm-up). Prints every round, then medians, ratios and the memory of a trainer, writes them to
// bench/results/training.md, and exits 1 where a floor is missed.
// Usage: npm run bench -- training [--rounds 3] [--epochs 3] [--only lenet-5]
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { watchChildren } from './memory.mjs'
import { run } from './run.mjs'
import { table } from './table.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const program = join(here, '..', 'out', 'main', 'cli.cjs')
/** `images` so many that an epoch takes some seconds; `floor` is the least ratio to Keras fit. */
const NETWORKS = [
  { layers: 'tutorial', images: 60_000, floor: 5 },
  { layers: 'lenet-5', images: 20_000, floor: 2 },
  { layers: 'small-modern', images: 8_000, floor: 1.3 }
]
const FLOOR_OF_TWO = 1.8
const BATCH = 32

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    epochs: { type: 'string', default: '3' },
    only: { type: 'string' }
  }
})
const rounds = Number(values.rounds)
const epochs = Number(values.epochs)
const networks = NETWORKS.filter(({ layers }) => !values.only || layers === values.only)
if (!(Number.isInteger(rounds) && rounds >= 1 && Number.isInteger(epochs) && epochs >= 2)) {
  console.error('--rounds expects a whole number of at least 1, --epochs one of at least 2.')
  process.exit(2)
}
if (networks.length === 0) {
  console.error(`--only is one of ${NETWORKS.map(({ layers }) => layers).join(', ')}.`)
  process.exit(2)
}

const folder = mkdtempSync(join(tmpdir(), 'normscope-training-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130))

const median = (numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
const whole = (value) => Math.round(value).toLocaleString('en-GB')

async function keras({ layers, images }) {
  const file = join(folder, `${layers}.py`)
  const words = `code fashion-mnist --choice unit --for keras --network --layers ${layers} --json`
  writeFileSync(file, (await run(process.execPath, [program, ...words.split(' ')])).network)
  const env = { ...process.env, PYTHONPATH: process.env.NORMSCOPE_KERAS }
  const args = [join(here, 'keras_training.py'), file, process.env.NORMSCOPE_FASHION_MNIST]
  const more = [epochs, images, BATCH].map(String)
  const result = await run(process.env.NORMSCOPE_PYTHON, [...args, ...more], env)
  return { rate: median(result.rates), accuracy: result.trainAccuracy }
}

async function normscope({ layers, images }, seed = 0) {
  const words = `train fashion-mnist --choice unit --layers ${layers} --batch ${BATCH} --limit ${images}`
  const more = `--epochs ${epochs} --seed ${seed} --json`
  const peak = {}
  const args = [program, ...`${words} ${more}`.split(' ')]
  const result = await run(process.execPath, args, process.env, (child) =>
    watchChildren(child, peak)
  )
  if (result.backend !== 'tensorflow') throw new Error(`trained with ${result.backend}`)
  const timed = result.epochs.filter(({ epoch }) => epoch >= 2)
  return {
    rate: median(timed.map(({ seconds }) => result.trainCount / seconds)),
    accuracy: result.epochs.at(-1).trainAccuracy,
    memory: peak.bytes
  }
}

/** Sum of the rates of two processes that train at the same time. */
async function twice(network) {
  const both = await Promise.all([normscope(network, 0), normscope(network, 1)])
  return { ...both[0], rate: both[0].rate + both[1].rate }
}

const contestants = [
  ...(process.env.NORMSCOPE_KERAS ? [['Keras fit', keras]] : []),
  ['one process', (network) => normscope(network)],
  ['two processes', twice]
]
const machine = `${cpus().length} cores, ${cpus()[0]?.model.trim() ?? 'unknown'}`
const load = loadavg()[0].toFixed(1)
console.log(`${machine}; load before ${load}`)
const results = networks.map((network) => ({
  network,
  rates: new Map(contestants.map(([name]) => [name, []])),
  memory: 0
}))
for (let round = 1; round <= rounds; round++) {
  for (const result of results) {
    for (const [name, contest] of contestants) {
      const { rate, accuracy, memory = 0 } = await contest(result.network)
      result.rates.get(name).push(rate)
      result.memory = Math.max(result.memory, memory)
      const who = `${result.network.layers}, ${name}`.padEnd(30)
      const share = (accuracy * 100).toFixed(1)
      console.log(
        `round ${round}  ${who} ${whole(rate).padStart(9)} images/s   training accuracy ${share} %`
      )
    }
  }
}

const missed = []
const rows = results.map(({ network: { layers, images, floor }, rates, memory }) => {
  const of = (name) => rates.has(name) && median(rates.get(name))
  const all = (name) => `${whole(of(name))} (${rates.get(name).map(whole).join(', ')})`
  const ratio = of('one process') / of('Keras fit')
  const two = of('two processes') / of('one process')
  if (rates.has('Keras fit') && ratio < floor) missed.push(`${layers}: below ${floor} × Keras fit`)
  if (two < FLOOR_OF_TWO) missed.push(`${layers}: two processes below ${FLOOR_OF_TWO} × one`)
  return [
    layers,
    whole(images),
    rates.has('Keras fit') ? all('Keras fit') : 'not to be had',
    all('one process'),
    rates.has('Keras fit') ? `${ratio.toFixed(2)} (floor ${floor})` : '',
    all('two processes'),
    `${two.toFixed(2)} (floor ${FLOOR_OF_TWO})`,
    memory > 0 ? `${whole(memory / 2 ** 20)} MB` : 'not told'
  ]
})
const head = [
  'layers',
  'images',
  'Keras fit, images/s',
  'one process',
  'against Keras',
  'two processes',
  'against one',
  'memory'
]
const text = [
  '# Speed of training',
  '',
  `\`npm run bench -- training\`: batch ${BATCH}, ${rounds} rounds of ${epochs} epochs, the first of each left out; medians, and each round in brackets. Keras fit takes all cores, a process of Normscope one. Memory is the most that a trainer's process held, TensorFlow's library (about 350 MB) and the images in it. ${machine}; load before ${load}.`,
  '',
  table(head, rows),
  ''
].join('\n')
console.log(`\n${text}`)
if (rounds >= 3 && !values.only && process.env.NORMSCOPE_KERAS) {
  mkdirSync(join(here, 'results'), { recursive: true })
  writeFileSync(join(here, 'results', 'training.md'), text)
}
for (const what of missed) console.error(`Missed: ${what}`)
process.exitCode = missed.length === 0 ? 0 : 1
