// The question in Keras 3 and in Normscope: test accuracy of the tutorial's network on raw bytes and on
// x / 255, under each loss, with the same epochs and number of seeds. Keras on JAX clips the label's
// probability, on TensorFlow it takes the logits behind the softmax; the loss of TensorFlow 1.11 is put
// into Keras as its lines stand there. Weights and shuffles are each program's own.
// Usage: npm run bench -- question [--epochs 2] [--seeds 3] [--limit 60000]
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { run } from './run.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const program = join(here, '..', 'out', 'main', 'cli.cjs')
const { values } = parseArgs({
  options: {
    epochs: { type: 'string', default: '2' },
    seeds: { type: 'string', default: '3' },
    limit: { type: 'string', default: '60000' }
  }
})
for (const [name, value] of Object.entries(values)) {
  if (Number.isInteger(Number(value)) && Number(value) >= 1) continue
  console.error(`--${name} expects a whole number of at least 1, not "${value}".`)
  process.exit(2)
}
const seeds = Array.from({ length: Number(values.seeds) }, (_, seed) => seed)

/** Accuracies on raw bytes and on x / 255, seed by seed. */
async function keras(backend, form) {
  const env = {
    ...process.env,
    PYTHONPATH: process.env.NORMSCOPE_KERAS,
    KERAS_BACKEND: backend
  }
  const args = [join(here, 'keras_question.py'), process.env.NORMSCOPE_FASHION_MNIST]
  args.push(values.epochs, seeds.join(','), values.limit, form)
  return run(process.env.NORMSCOPE_PYTHON, args, env)
}

async function normscope(loss, epsilon) {
  const found = { raw: [], unit: [] }
  for (const choice of ['raw', 'unit']) {
    for (const seed of seeds) {
      const words = `train fashion-mnist --choice ${choice} --loss ${loss} --adam-epsilon ${epsilon}`
      const more = `--epochs ${values.epochs} --seed ${seed} --limit ${values.limit} --json`
      const result = await run(process.execPath, [program, ...`${words} ${more}`.split(' ')])
      found[choice].push(result.epochs.at(-1).testAccuracy)
    }
  }
  return found
}

const pairs = [
  ['clipped', 'Keras 3 on JAX', () => keras('jax', 'today'), () => normscope('clipped', 1e-7)],
  [
    'exact',
    'Keras 3 on TensorFlow',
    () => keras('tensorflow', 'today'),
    () => normscope('exact', 1e-7)
  ],
  [
    'clipped, 2018',
    'the lines of TensorFlow 1.11',
    () => keras('tensorflow', '2018'),
    () => normscope('clipped-2018', 1e-8)
  ]
]

const list = (accuracies) => accuracies.map((value) => value.toFixed(3).replace(/^0/, '')).join(' ')
const show = (loss, who, { raw, unit }) =>
  console.log(`${loss.padEnd(14)} ${who.padEnd(29)} raw ${list(raw)}   x / 255 ${list(unit)}`)

console.log(`test accuracy after ${values.epochs} epochs, seeds ${seeds.join(', ')}`)
for (const [loss, name, theirs, ours] of pairs) {
  if (process.env.NORMSCOPE_KERAS) show(loss, name, await theirs())
  show(loss, 'Normscope', await ours())
}
if (!process.env.NORMSCOPE_KERAS) {
  console.log('Keras could not be provided (see above), so Normscope stands alone.')
}
