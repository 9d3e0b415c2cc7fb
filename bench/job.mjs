// Ten choices, three epochs each: the whole job from Fashion-MNIST's files to test accuracies, start-up
// included. Keras fit trains one after the other on all cores; Normscope as its commands do.
import { EPOCHS, preparedJob } from './job/job.mjs'
import { inBench } from './paths.mjs'
import { run } from './run.mjs'

const [KERAS, OWN] = ['Keras fit, one after the other', 'Normscope']

export default {
  name: 'job',
  title: 'Training',
  rounds: 1,
  needs: ['keras'],
  rows: [{ what: 'ten choices, three epochs', of: OWN, against: KERAS, faster: 8 }],
  async prepare({ peers: { keras } }) {
    const words = [process.env.NORMSCOPE_FASHION_MNIST, String(EPOCHS)]
    const job = await preparedJob()
    return {
      [KERAS]: {
        needs: 'keras',
        run: () =>
          timed(() => run(keras.program, [inBench('job', 'keras_job.py'), ...words], keras.env))
      },
      [OWN]: () => timed(job)
    }
  }
}

async function timed(work) {
  const began = performance.now()
  const found = await work()
  return { seconds: (performance.now() - began) / 1000, accuracy: found.unit }
}
