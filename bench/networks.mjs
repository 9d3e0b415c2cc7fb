// What networks of more than dense layers reach: LeNet-5 and a small modern net on Fashion-MNIST; both
// beside a dense net of as many weights on colour pictures made from a seed; and raw bytes beside x / 255
// with and without batch normalisation behind the first layer. Prints the tables with what they show,
// writes them to bench/results/networks.md, and exits 1 where a floor is missed.
// Usage: npm run bench -- networks [--seeds 3] [--epochs 3]
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { colourful, writeSet } from './findings/sets.mjs'
import { run } from './run.mjs'
import { table } from './table.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const program = join(here, '..', 'out', 'main', 'cli.cjs')
const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '3' }, epochs: { type: 'string', default: '3' } }
})
for (const [name, value] of Object.entries(values)) {
  if (Number.isInteger(Number(value)) && Number(value) >= 1) continue
  console.error(`--${name} expects a whole number of at least 1, not "${value}".`)
  process.exit(2)
}
const seeds = Array.from({ length: Number(values.seeds) }, (_, seed) => seed)
const folder = mkdtempSync(join(tmpdir(), 'normscope-networks-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130))

const normscope = (words) => run(process.execPath, [program, ...words, '--json'])
const mean = (numbers) => numbers.reduce((sum, value) => sum + value, 0) / numbers.length
const share = (value) => value.toFixed(4).replace(/^0/, '')

/** Test accuracies after the last epoch, seed by seed. */
async function accuracies({ set, choice = 'unit', layers, epochs = values.epochs, more = [] }) {
  const found = []
  for (const seed of seeds) {
    const words = ['train', set, '--choice', choice, '--layers', layers, ...more]
    const result = await normscope([...words, '--epochs', String(epochs), '--seed', String(seed)])
    found.push(result.epochs.at(-1).testAccuracy)
  }
  console.log(`${layers}, ${choice}: ${found.map(share).join(' ')}`)
  return found
}

/** Numbers that training changes, as the network's program says. */
async function weightsOf(set, layers) {
  const words = ['code', set, '--choice', 'unit', '--for', 'keras', '--network', '--layers', layers]
  const { network } = await normscope(words)
  return Number(/: ([\d,]+) weights/.exec(network)[1].replaceAll(',', ''))
}

const missed = []
const floor = (what, holds) => {
  if (!holds) missed.push(what)
  return holds
}

async function reach() {
  const rows = []
  for (const [layers, least] of [
    ['lenet-5', 0.87],
    ['small-modern', 0.9]
  ]) {
    const found = await accuracies({ set: 'fashion-mnist', layers })
    const reached = floor(`${layers} below ${least}`, Math.min(...found) >= least)
    const weights = await weightsOf('fashion-mnist', layers)
    rows.push([layers, weights, ...found.map(share), share(least), reached ? 'yes' : 'no'])
  }
  const head = ['layers', 'weights', ...seeds.map((seed) => `seed ${seed}`), 'floor', 'reached']
  return [
    '## Fashion-MNIST',
    '',
    `Test accuracy after ${values.epochs} epochs of x / 255, relu, Adam 1e-3, batch 32, exact loss.`,
    '',
    table(head, rows)
  ]
}

/** Those of one hidden dense layer that has about so many weights on these images. */
function denseLike(weights, features, classes) {
  return `dense-${Math.round((weights - classes) / (features + 1 + classes))}`
}

const COLOUR_EPOCHS = 10

/** The small modern net for pictures of 12 x 12, where the window of its last convolution has no room. */
const SMALL =
  'conv3x3-16/nobias,bn/m0.9,conv3x3-16/nobias,bn/m0.9,pool2,conv3x3-32/nobias,bn/m0.9,conv3x3-32/nobias,bn/m0.9,gap'

async function colour() {
  const set = join(folder, 'colour')
  const pictures = colourful(7)
  writeSet(set, pictures)
  const features = pictures.train.shape.reduce((product, side) => product * side, 1)
  const rows = []
  const told = []
  for (const layers of ['lenet-5', SMALL]) {
    const weights = await weightsOf(set, layers)
    const dense = denseLike(weights, features, 10)
    const pair = []
    for (const one of [layers, dense]) {
      const found = await accuracies({ set, layers: one, epochs: COLOUR_EPOCHS })
      pair.push(found)
      const count = one === layers ? weights : await weightsOf(set, one)
      rows.push([one, count, ...found.map(share), share(mean(found))])
    }
    const [conv, plain] = pair
    const beats = floor(`${layers} not above ${dense}`, Math.min(...conv) > Math.max(...plain))
    told.push(
      `${layers} ends ${beats ? 'above' : 'not above'} the dense net of as many weights with every seed: ${share(mean(conv))} against ${share(mean(plain))}.`
    )
  }
  return [
    '## Colour pictures',
    '',
    `The generated set of the findings' benchmark: ${pictures.train.labels.length} pictures of ${pictures.train.shape.join(' × ')} to train on and ${pictures.test.labels.length} to test on, ten classes with two patterns each, moved by up to two pixels, under other light, tint and noise. Test accuracy after ${COLOUR_EPOCHS} epochs of x / 255, otherwise as above. It is no photograph: it shows that what is shared between places helps where patterns move, not how much on photographs.`,
    '',
    table(['layers', 'weights', ...seeds.map((seed) => `seed ${seed}`), 'mean'], rows),
    '',
    ...told
  ]
}

async function normalised() {
  const rows = []
  const apart = {}
  for (const layers of ['dense-128', 'dense-128,bn', 'bn,dense-128']) {
    const of = {}
    for (const choice of ['raw', 'unit']) {
      of[choice] = await accuracies({ set: 'fashion-mnist', choice, layers })
      rows.push([layers, choice, ...of[choice].map(share), share(mean(of[choice]))])
    }
    apart[layers] = {
      mean: Math.abs(mean(of.raw) - mean(of.unit)),
      most: Math.max(...seeds.map((_, seed) => Math.abs(of.raw[seed] - of.unit[seed])))
    }
  }
  const bn = apart['dense-128,bn']
  const within = bn.mean <= 0.01
  return [
    '## Batch normalisation and the scale of the input',
    '',
    `Fashion-MNIST, test accuracy after ${values.epochs} epochs, relu, Adam 1e-3, batch 32, exact loss. \`dense-128,bn\` normalises behind the first layer, \`bn,dense-128\` the input itself.`,
    '',
    table(['layers', 'choice', ...seeds.map((seed) => `seed ${seed}`), 'mean'], rows),
    '',
    `With batch normalisation behind the first layer raw bytes and x / 255 end ${share(bn.mean)} apart on average, ${share(bn.most)} at most: ${within ? 'within .01 on average' : 'not within .01 of one another'}. Without it they end ${share(apart['dense-128'].mean)} apart, with batch normalisation of the input ${share(apart['bn,dense-128'].mean)}.`
  ]
}

const sections = []
for (const part of [reach, colour, normalised]) sections.push((await part()).join('\n'))
const text = `# What networks reach\n\n\`npm run bench -- networks\`, seeds ${seeds.join(', ')}.\n\n${sections.join('\n\n')}\n`
console.log(`\n${text}`)
if (values.seeds === '3' && values.epochs === '3') {
  mkdirSync(join(here, 'results'), { recursive: true })
  writeFileSync(join(here, 'results', 'networks.md'), text)
}
for (const what of missed) console.error(`Missed: ${what}`)
process.exitCode = missed.length === 0 ? 0 : 1
