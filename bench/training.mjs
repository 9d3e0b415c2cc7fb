// Images per second of training, Adam, x / 255 of Fashion-MNIST: Normscope in one process and in two at once,
// against Keras fit, which takes all cores, for the tutorial's network, LeNet-5 and a small modern net; and the
// tutorial's 784-128-10 against other ways to train it and against what the library's own kernels allow. Keras
// gets the network as the program that `normscope code --network` prints. The first epoch of every process is
// left out (compilation, warm-up).
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundled } from './bundle.mjs'
import { cliProgram, inBench } from './paths.mjs'
import { median } from './rounds.mjs'
import { run, wholeNumbers } from './run.mjs'
import { trained } from './training/trained.mjs'

/**
 * `images` so many that an epoch of Keras takes some seconds, and `times` as many epochs where one takes less than
 * half a second here; `faster` is the least ratio to Keras fit.
 */
const NETWORKS = [
  { layers: 'tutorial', images: 60_000, times: 2, faster: 8, twice: 1.9 },
  { layers: 'lenet-5', images: 20_000, faster: 2, twice: 1.8 },
  { layers: 'small-modern', images: 8_000, faster: 1.3, twice: 1.8 }
]
const [TUTORIAL] = NETWORKS
const BATCH = 32
const LARGE = 128
/** Rounds of what takes ten seconds or more; the rest takes two or three, and the machine's speed moves between them. */
const FEW = 3

/** Other ways to train the tutorial's network, by name. */
const WAYS = [
  { name: 'tf.function, whole epochs', peer: 'keras', way: 'loop', faster: 2.5 },
  { name: 'scikit-learn MLPClassifier', peer: 'scikit-learn', way: 'sklearn', faster: 2.5 },
  { name: 'NumPy by hand', peer: 'numpy', way: 'numpy', faster: 1.4 }
]
const TFJS = 'tfjs-node model.fit'
/** of tfjs, whose epochs take long */
const TFJS_IMAGES = 20_000
const large = { keras: `Keras fit, batch ${LARGE}`, one: `one process, batch ${LARGE}` }
const START = "a trainer's start"
const kernels = (batch) => `two products and Adam alone, batch ${batch}`

const named = (layers) => ({
  keras: `Keras fit, ${layers}`,
  one: `one process, ${layers}`,
  two: `two processes, ${layers}`
})

function rowsOf({ layers, faster, twice }) {
  const { keras, one, two } = named(layers)
  return [
    { what: `training ${layers}`, of: one, against: keras, measure: 'rate', faster },
    { what: `two at once, ${layers}`, of: two, against: one, measure: 'rate', faster: twice },
    { what: `memory of a trainer, ${layers}`, of: one, measure: 'megabytes', most: 1500 }
  ]
}

function rowsOfTutorial() {
  const { one } = named(TUTORIAL.layers)
  const own = { what: 'training tutorial', of: one, measure: 'rate' }
  const atLarge = { what: `training tutorial, batch ${LARGE}`, of: large.one, measure: 'rate' }
  return [
    ...WAYS.map(({ name, faster }) => ({ ...own, against: name, faster })),
    { ...own, against: TFJS, faster: 20 },
    { ...own, against: kernels(BATCH), faster: 0.75 },
    { ...atLarge, against: large.keras, faster: 4 },
    { ...atLarge, against: kernels(LARGE), faster: 0.75 },
    { what: 'fork of a trainer to its first step', of: START, measure: 'first', most: 1000 },
    { what: 'its next run, to data and graph in place', of: START, measure: 'ready', most: 100 },
    { what: 'its next run, to the first step', of: START, measure: 'second' }
  ]
}

export default {
  name: 'training',
  title: 'Training',
  rounds: 9,
  quickRounds: 1,
  needs: ['keras', 'scikit-learn', 'numpy'],
  options: { epochs: { type: 'string', default: '3' } },
  measures: Object.fromEntries(
    ['first', 'ready', 'second'].map((name) => [name, { unit: 'ms', digits: 0 }])
  ),
  rows: [...NETWORKS.flatMap(rowsOf), ...rowsOfTutorial()],
  async prepare({ peers, options, folder }) {
    const { epochs } = wholeNumbers(options, { epochs: 2 })
    const epochsOf = ({ times = 1 }) => times * epochs
    const program = await bundled('training/kernels.ts')
    const start = await bundled('training/start.ts')
    const fit = (network, batch) => ({
      needs: 'keras',
      rounds: FEW,
      run: () => kerasFit({ ...network, batch, epochs: epochsOf(network) }, peers.keras, folder)
    })
    const of = (network, batch) => () => trained({ ...network, batch, epochs: epochsOf(network) })
    return {
      ...Object.fromEntries(
        NETWORKS.flatMap((network) => {
          const { keras, one, two } = named(network.layers)
          const rounds = network === TUTORIAL ? undefined : FEW
          return [
            [keras, fit(network, BATCH)],
            [one, { rounds, run: of(network, BATCH) }],
            [two, { rounds, run: () => twice(network, epochsOf(network)) }]
          ]
        })
      ),
      ...Object.fromEntries(
        WAYS.map(({ name, peer, way }) => [
          name,
          { needs: peer, rounds: FEW, run: () => otherWay(way, epochs, peers[peer]) }
        ])
      ),
      [TFJS]: { rounds: FEW, run: () => tfjsFit(epochs) },
      [START]: () => run(process.execPath, [start]),
      [large.keras]: fit(TUTORIAL, LARGE),
      [large.one]: of(TUTORIAL, LARGE),
      ...Object.fromEntries(
        [BATCH, LARGE].map((batch) => [
          kernels(batch),
          () => run(process.execPath, [program, String(batch)], oneThread)
        ])
      )
    }
  }
}

/** As a trainer's process is started. */
const oneThread = {
  ...process.env,
  TF_NUM_INTRAOP_THREADS: '1',
  TF_NUM_INTEROP_THREADS: '1',
  TF_ENABLE_ONEDNN_OPTS: '1',
  TF_CPP_MIN_LOG_LEVEL: '2'
}

const rateOf = ({ rates, trainAccuracy }) => ({ rate: median(rates), accuracy: trainAccuracy })

async function otherWay(way, epochs, peer) {
  const words = [way, process.env.NORMSCOPE_FASHION_MNIST, String(epochs), String(BATCH)]
  return rateOf(await run(peer.program, [inBench('training', 'peers.py'), ...words], peer.env))
}

async function tfjsFit(epochs) {
  const words = [process.env.NORMSCOPE_FASHION_MNIST, ...[epochs, BATCH, TFJS_IMAGES].map(String)]
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' }
  return rateOf(await run(process.execPath, [inBench('training', 'tfjs_fit.cjs'), ...words], env))
}

async function kerasFit({ layers, images, batch, epochs }, peer, folder) {
  const file = join(folder, `${layers}.py`)
  const words = `code fashion-mnist --choice unit --for keras --network --layers ${layers} --json`
  writeFileSync(file, (await run(process.execPath, [cliProgram, ...words.split(' ')])).network)
  const args = [inBench('training', 'keras_fit.py'), file, process.env.NORMSCOPE_FASHION_MNIST]
  const more = [epochs, images, batch].map(String)
  return rateOf(await run(peer.program, [...args, ...more], peer.env))
}

/** Sum of the rates of two processes that train at the same time. */
async function twice(network, epochs) {
  const one = (seed) => trained({ ...network, batch: BATCH, epochs, seed })
  const both = await Promise.all([one(0), one(1)])
  return { rate: both[0].rate + both[1].rate }
}
