// The question in Keras 3 and in Normscope: test accuracy of the tutorial's network on raw bytes and on
// x / 255, under each loss, with the same epochs; a round is a seed. Keras on JAX clips the label's
// probability, on TensorFlow it takes the logits behind the softmax; the loss of TensorFlow 1.11 is put
// into Keras as its lines stand there. Weights and shuffles are each program's own.
import { cliProgram, inBench } from './paths.mjs'
import { run, wholeNumbers } from './run.mjs'

const LOSSES = [
  { loss: 'clipped', epsilon: 1e-7, peer: 'Keras 3 on JAX', backend: 'jax', form: 'today' },
  {
    loss: 'exact',
    epsilon: 1e-7,
    peer: 'Keras 3 on TensorFlow',
    backend: 'tensorflow',
    form: 'today'
  },
  {
    loss: 'clipped-2018',
    epsilon: 1e-8,
    peer: 'the lines of TensorFlow 1.11',
    backend: 'tensorflow',
    form: '2018'
  }
]
const CHOICES = { raw: 'raw bytes', unit: 'x / 255' }

export default {
  name: 'question',
  title: 'The question',
  rounds: 3,
  quickRounds: 1,
  needs: ['keras'],
  options: {
    epochs: { type: 'string', default: '2' },
    limit: { type: 'string', default: '60000' }
  },
  measures: { raw: { digits: 4 }, unit: { digits: 4 } },
  rows: LOSSES.flatMap(({ loss, peer }) =>
    Object.entries(CHOICES).map(([choice, text]) => ({
      what: `test accuracy of ${text}, ${loss} loss`,
      of: loss,
      against: peer,
      measure: choice
    }))
  ),
  prepare({ peers: { keras }, options }) {
    const { epochs, limit } = wholeNumbers(options)
    return Object.fromEntries(
      LOSSES.flatMap((one) => [
        [one.peer, { needs: 'keras', run: (round) => inKeras(keras, one, epochs, limit, round) }],
        [one.loss, (round) => inNormscope(one, epochs, limit, round)]
      ])
    )
  }
}

/** Accuracies on raw bytes and on x / 255 with the seed of the round. */
async function inKeras({ program, env }, { backend, form }, epochs, limit, round) {
  const args = [inBench('question', 'in_keras.py'), process.env.NORMSCOPE_FASHION_MNIST]
  args.push(...[epochs, round - 1, limit, form].map(String))
  const { raw, unit } = await run(program, args, { ...env, KERAS_BACKEND: backend })
  return { raw: raw[0], unit: unit[0] }
}

async function inNormscope({ loss, epsilon }, epochs, limit, round) {
  const found = {}
  for (const choice of Object.keys(CHOICES)) {
    const words = `train fashion-mnist --choice ${choice} --loss ${loss} --adam-epsilon ${epsilon}`
    const more = `--epochs ${epochs} --seed ${round - 1} --limit ${limit} --json`
    const result = await run(process.execPath, [cliProgram, ...`${words} ${more}`.split(' ')])
    found[choice] = result.epochs.at(-1).testAccuracy
  }
  return found
}
