// What networks of more than dense layers reach: LeNet-5 and a small modern net on Fashion-MNIST; both
// beside a dense net of as many weights on colour pictures made from a seed; and raw bytes beside x / 255
// with and without batch normalisation behind the first layer. A round is a seed.
import { join } from 'node:path'
import { colourful, writeSet } from './findings/sets.mjs'
import { cliProgram } from './paths.mjs'
import { run, wholeNumbers } from './run.mjs'

const EPOCHS = 3
const COLOUR_EPOCHS = 10
/** The small modern net for pictures of 12 x 12, where the window of its last convolution has no room. */
const SMALL =
  'conv3x3-16/nobias,bn/m0.9,conv3x3-16/nobias,bn/m0.9,pool2,conv3x3-32/nobias,bn/m0.9,conv3x3-32/nobias,bn/m0.9,gap'
const FLOORS = { 'lenet-5': 0.87, 'small-modern': 0.9 }
const COLOUR = { 'lenet-5': 'lenet-5', 'small net': SMALL }
const NORMALISED = ['dense-128', 'dense-128,bn', 'bn,dense-128']

const onColour = (name) => `${name}, colour`
const denseFor = (name) => `dense net of as many weights as ${name}`

export default {
  name: 'networks',
  title: 'What networks reach',
  rounds: 3,
  quickRounds: 1,
  options: { epochs: { type: 'string', default: String(EPOCHS) } },
  rows: [
    ...Object.entries(FLOORS).map(([layers, least]) => ({
      what: `test accuracy of ${layers}, lowest seed`,
      of: layers,
      measure: 'accuracy',
      figure: 'min',
      least
    })),
    ...Object.keys(COLOUR).map((name) => ({
      what: `test accuracy of ${name} on colour pictures`,
      of: onColour(name),
      against: denseFor(name),
      measure: 'accuracy',
      faster: 1
    })),
    ...NORMALISED.map((layers) => ({
      what: `raw bytes beside x / 255, ${layers}`,
      of: `${layers}, raw`,
      against: `${layers}, unit`,
      measure: 'accuracy'
    }))
  ],
  async prepare({ options, folder }) {
    const { epochs } = wholeNumbers(options)
    const set = join(folder, 'colour')
    const pictures = colourful(7)
    writeSet(set, pictures)
    const features = pictures.train.shape.reduce((product, side) => product * side, 1)
    const contestants = {}
    for (const layers of Object.keys(FLOORS)) {
      const weights = await weightsOf('fashion-mnist', layers)
      contestants[layers] = accuracyOf({ set: 'fashion-mnist', layers, epochs, weights })
    }
    for (const [name, layers] of Object.entries(COLOUR)) {
      const weights = await weightsOf(set, layers)
      const dense = denseLike(weights, features, 10)
      const of = { set, epochs: COLOUR_EPOCHS }
      contestants[onColour(name)] = accuracyOf({ ...of, layers, weights })
      const more = { layers: dense, weights: await weightsOf(set, dense) }
      contestants[denseFor(name)] = accuracyOf({ ...of, ...more })
    }
    for (const layers of NORMALISED) {
      for (const choice of ['raw', 'unit']) {
        const one = { set: 'fashion-mnist', layers, choice, epochs }
        contestants[`${layers}, ${choice}`] = accuracyOf(one)
      }
    }
    return contestants
  },
  result: text
}

const normscope = (words) => run(process.execPath, [cliProgram, ...words, '--json'])

/** Test accuracy after the last epoch, with the seed of the round. */
function accuracyOf({ set, choice = 'unit', layers, epochs, weights }) {
  return async (round) => {
    const words = ['train', set, '--choice', choice, '--layers', layers]
    const more = ['--epochs', String(epochs), '--seed', String(round - 1)]
    const result = await normscope([...words, ...more])
    return { accuracy: result.epochs.at(-1).testAccuracy, layers, weights }
  }
}

/** Numbers that training changes, as the network's program says. */
async function weightsOf(set, layers) {
  const words = ['code', set, '--choice', 'unit', '--for', 'keras', '--network', '--layers', layers]
  const { network } = await normscope(words)
  return Number(/: ([\d,]+) weights/.exec(network)[1].replaceAll(',', ''))
}

/** One hidden dense layer that has about so many weights on these images. */
function denseLike(weights, features, classes) {
  return `dense-${Math.round((weights - classes) / (features + 1 + classes))}`
}

const mean = (numbers) => numbers.reduce((sum, value) => sum + value, 0) / numbers.length
const share = (value) => value.toFixed(4).replace(/^0/, '')

/** bench/results/networks.md. */
function text(found, { machine, rounds, table }) {
  const seeds = Array.from({ length: rounds }, (_, seed) => `seed ${seed}`)
  const of = (name) => found[name].map(({ accuracy }) => accuracy)
  const cells = (name) => {
    const [{ layers, weights }] = found[name]
    return [layers, weights, ...of(name).map(share), share(mean(of(name)))]
  }
  const head = ['layers', 'weights', ...seeds, 'mean']
  const apart = (layers) => Math.abs(mean(of(`${layers}, raw`)) - mean(of(`${layers}, unit`)))
  const told = Object.keys(COLOUR).map((name) => {
    const [conv, dense] = [of(onColour(name)), of(denseFor(name))]
    const beats = Math.min(...conv) > Math.max(...dense)
    return `- ${name} ends ${beats ? 'above' : 'not above'} the dense net of as many weights with every seed: ${share(mean(conv))} against ${share(mean(dense))}.`
  })
  const bn = NORMALISED[1]
  const most = Math.max(
    ...seeds.map((_, seed) => Math.abs(of(`${bn}, raw`)[seed] - of(`${bn}, unit`)[seed]))
  )
  const pairs = NORMALISED.flatMap((layers) =>
    ['raw', 'unit'].map((choice) => {
      const all = of(`${layers}, ${choice}`)
      return [layers, choice, ...all.map(share), share(mean(all))]
    })
  )
  const within = apart(bn) <= 0.01 ? 'within .01 on average' : 'not within .01 of one another'
  return [
    '# What networks reach',
    '',
    `\`npm run bench -- networks\`: ${machine}.`,
    '',
    '## Fashion-MNIST',
    '',
    `Test accuracy after ${EPOCHS} epochs of x / 255, relu, Adam 1e-3, batch 32, exact loss.`,
    '',
    table(head, Object.keys(FLOORS).map(cells)),
    '',
    '## Colour pictures',
    '',
    `The generated set of the findings' benchmark: 6000 pictures of 12 × 12 × 3 to train on and 2000 to test on, ten classes with two patterns each, moved by up to two pixels, under other light, tint and noise. Test accuracy after ${COLOUR_EPOCHS} epochs of x / 255, otherwise as above. It is no photograph: it shows that what is shared between places helps where patterns move, not how much on photographs.`,
    '',
    table(
      head,
      Object.keys(COLOUR).flatMap((name) => [cells(onColour(name)), cells(denseFor(name))])
    ),
    '',
    ...told,
    '',
    '## Batch normalisation and the scale of the input',
    '',
    `Fashion-MNIST, test accuracy after ${EPOCHS} epochs, relu, Adam 1e-3, batch 32, exact loss. \`${bn}\` normalises behind the first layer, \`${NORMALISED[2]}\` the input itself.`,
    '',
    table(['layers', 'choice', ...seeds, 'mean'], pairs),
    '',
    `With batch normalisation behind the first layer raw bytes and x / 255 end ${share(apart(bn))} apart on average, ${share(most)} at most: ${within}. Without it they end ${share(apart('dense-128'))} apart, with batch normalisation of the input ${share(apart(NORMALISED[2]))}.`,
    ''
  ].join('\n')
}
