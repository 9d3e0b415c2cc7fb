// Ten choices, three epochs each: the whole job from Fashion-MNIST's files to test accuracies, start-up
// included. Keras fit trains one after the other on all cores; Normscope as its commands do. With
// --fifty also fifty such jobs one after the other, and how many of their runs did not come to a result.
import { bundled } from './bundle.mjs'
import { inBench } from './paths.mjs'
import { run } from './run.mjs'

const CHOICES = [
  ...['raw', 'unit', 'symmetric', 'standardised', 'standardised-per-pixel', 'centred'],
  ...['centred-per-pixel', 'per-image', 'per-image-range', 'per-image-length']
]
const EPOCHS = 3
const JOBS = 50
const [KERAS, OWN, FIFTY] = ['Keras fit, one after the other', 'Normscope', `${JOBS} jobs`]

export default {
  name: 'job',
  title: 'Training',
  rounds: 1,
  needs: ['keras'],
  options: { fifty: { type: 'boolean', default: false } },
  measures: { lost: { unit: 'runs', digits: 0 } },
  rows: ({ options }) => [
    { what: 'ten choices, three epochs', of: OWN, against: KERAS, faster: 8 },
    ...(options.fifty
      ? [{ what: `runs lost in ${JOBS} jobs`, of: FIFTY, measure: 'lost', most: 0 }]
      : [])
  ],
  async prepare({ peers: { keras } }) {
    const program = await bundled('job/normscope.ts')
    return {
      [KERAS]: { needs: 'keras', run: () => kerasJob(keras) },
      [OWN]: async () => {
        const { seconds, found } = await job(program)
        return { seconds, accuracy: found.unit }
      },
      [FIFTY]: { rounds: 1, run: () => fifty(program) }
    }
  }
}

async function timed(work) {
  const began = performance.now()
  const found = await work()
  return { seconds: (performance.now() - began) / 1000, found }
}

async function kerasJob(peer) {
  const words = [process.env.NORMSCOPE_FASHION_MNIST, String(EPOCHS)]
  const { seconds, found } = await timed(() =>
    run(peer.program, [inBench('job', 'keras_job.py'), ...words], peer.env)
  )
  return { seconds, accuracy: found.unit }
}

/** Seconds, and the test accuracy by choice of every run that came to one. */
const job = (program) =>
  timed(() => run(process.execPath, [program, CHOICES.join(','), String(EPOCHS)]))

async function fifty(program) {
  let came = 0
  for (let at = 0; at < JOBS; at++) {
    try {
      came += Object.values((await job(program)).found).filter(Number.isFinite).length
    } catch (error) {
      console.error(error.message)
    }
  }
  return { lost: JOBS * CHOICES.length - came }
}
