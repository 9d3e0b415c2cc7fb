// Images per second of training, batch 32, 784-128 relu-10, Adam: Keras fit against Normscope in one
// process and in two at once. The three are interleaved, round by round, on one machine; the first
// epoch of every process is left out (compilation, warm-up). Every round is printed, then medians.
// Usage: npm run bench -- training [--rounds 3] [--epochs 3]
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { run } from './run.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const program = join(here, '..', 'out', 'main', 'cli.cjs')
const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, epochs: { type: 'string', default: '3' } }
})
const rounds = Number(values.rounds)
const epochs = Number(values.epochs)
if (!(Number.isInteger(rounds) && rounds >= 1 && Number.isInteger(epochs) && epochs >= 2)) {
  console.error('--rounds expects a whole number of at least 1, --epochs one of at least 2.')
  process.exit(2)
}

const median = (numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

async function keras() {
  const env = { ...process.env, PYTHONPATH: process.env.NORMSCOPE_KERAS }
  const script = join(here, 'keras_training.py')
  const folder = process.env.NORMSCOPE_FASHION_MNIST
  const result = await run(process.env.NORMSCOPE_PYTHON, [script, folder, String(epochs)], env)
  return { rate: median(result.rates), accuracy: result.trainAccuracy }
}

async function normscope(seed = 0) {
  const words = `train fashion-mnist --choice unit --epochs ${epochs} --seed ${seed} --json`
  const result = await run(process.execPath, [program, ...words.split(' ')])
  if (result.backend !== 'tensorflow') throw new Error(`trained with ${result.backend}`)
  const timed = result.epochs.filter(({ epoch }) => epoch >= 2)
  const images = result.trainCount
  return {
    rate: median(timed.map(({ seconds }) => images / seconds)),
    accuracy: result.epochs.at(-1).trainAccuracy
  }
}

/** Sum of the rates of two processes that train at the same time. */
async function twice() {
  const both = await Promise.all([normscope(0), normscope(1)])
  return { rate: both[0].rate + both[1].rate, accuracy: both[0].accuracy }
}

const contestants = [
  ...(process.env.NORMSCOPE_KERAS ? [['Keras fit', keras]] : []),
  ['Normscope, one process', normscope],
  ['Normscope, two processes', twice]
]
const rates = new Map(contestants.map(([name]) => [name, []]))
for (let round = 1; round <= rounds; round++) {
  for (const [name, contest] of contestants) {
    const { rate, accuracy } = await contest()
    rates.get(name).push(rate)
    const share = (accuracy * 100).toFixed(1)
    console.log(
      `round ${round}  ${name.padEnd(26)} ${Math.round(rate).toLocaleString('en-GB').padStart(9)} images/s   training accuracy ${share} %`
    )
  }
}

const of = (name) => median(rates.get(name))
console.log('')
for (const [name] of contestants) {
  const all = rates.get(name).map((rate) => Math.round(rate / 1000))
  console.log(
    `${name.padEnd(26)} median ${Math.round(of(name)).toLocaleString('en-GB')} images/s (rounds: ${all.join('k, ')}k)`
  )
}
const one = of('Normscope, one process')
if (rates.has('Keras fit')) {
  console.log(`one process against Keras fit: ${(one / of('Keras fit')).toFixed(2)} times`)
} else {
  console.log('Keras could not be provided (see above), so there is no ratio to it.')
}
console.log(`two processes against one: ${(of('Normscope, two processes') / one).toFixed(2)} times`)
