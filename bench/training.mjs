// Images per second of training, batch 32, Adam, x / 255 of Fashion-MNIST: Keras fit, which takes all
// cores, against Normscope in one process and in two at once, for the tutorial's network, LeNet-5 and a
// small modern net. Keras gets the network as the program that `normscope code --network` prints. The
// first epoch of every process is left out (compilation, warm-up).
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cliProgram, inBench } from './paths.mjs'
import { median } from './rounds.mjs'
import { run, wholeNumbers } from './run.mjs'
import { trained } from './training/trained.mjs'

/** `images` so many that an epoch takes some seconds; `faster` is the least ratio to Keras fit. */
const NETWORKS = [
  { layers: 'tutorial', images: 60_000, faster: 8 },
  { layers: 'lenet-5', images: 20_000, faster: 2 },
  { layers: 'small-modern', images: 8_000, faster: 1.3 }
]
const BATCH = 32

const named = (layers) => ({
  keras: `Keras fit, ${layers}`,
  one: `one process, ${layers}`,
  two: `two processes, ${layers}`
})

function rowsOf({ layers, faster }) {
  const { keras, one, two } = named(layers)
  return [
    { what: `training ${layers}`, of: one, against: keras, measure: 'rate', faster },
    { what: `two at once, ${layers}`, of: two, against: one, measure: 'rate', faster: 1.9 },
    { what: `memory of a trainer, ${layers}`, of: one, measure: 'megabytes', most: 1500 }
  ]
}

export default {
  name: 'training',
  title: 'Training',
  rounds: 3,
  quickRounds: 1,
  needs: ['keras'],
  options: { epochs: { type: 'string', default: '3' } },
  rows: NETWORKS.flatMap(rowsOf),
  prepare({ peers: { keras: peer }, options, folder }) {
    const { epochs } = wholeNumbers(options, { epochs: 2 })
    return Object.fromEntries(
      NETWORKS.flatMap((network) => {
        const { keras, one, two } = named(network.layers)
        return [
          [keras, { needs: 'keras', run: () => kerasFit(network, peer, epochs, folder) }],
          [one, () => trained({ ...network, batch: BATCH, epochs })],
          [two, () => twice(network, epochs)]
        ]
      })
    )
  }
}

async function kerasFit({ layers, images }, peer, epochs, folder) {
  const file = join(folder, `${layers}.py`)
  const words = `code fashion-mnist --choice unit --for keras --network --layers ${layers} --json`
  writeFileSync(file, (await run(process.execPath, [cliProgram, ...words.split(' ')])).network)
  const args = [inBench('training', 'keras_fit.py'), file, process.env.NORMSCOPE_FASHION_MNIST]
  const more = [epochs, images, BATCH].map(String)
  const result = await run(peer.program, [...args, ...more], peer.env)
  return { rate: median(result.rates), accuracy: result.trainAccuracy }
}

/** Sum of the rates of two processes that train at the same time. */
async function twice(network, epochs) {
  const one = (seed) => trained({ ...network, batch: BATCH, epochs, seed })
  const both = await Promise.all([one(0), one(1)])
  return { rate: both[0].rate + both[1].rate }
}
