import { choice } from '../choice'
import { affine, rangeOf } from '../fitting'

export const SYMMETRIC = choice({
  id: 'symmetric',
  name: 'Rescaled to [−1, 1]',
  shortName: '[−1, 1]',
  formula: 'x / (max / 2) - 1',
  alsoCalled: [
    {
      name: 'Inception preprocessing (Keras applications)',
      difference: 'for bytes, which it divides by 127.5'
    }
  ],
  definition:
    'Each value divided by half the greatest value of its type, less 1. Float pixels that go below 0 are divided by the greatest absolute training value instead, for they lie about 0 already.',
  source: 'Keras applications, preprocess_input of Inception',
  colour: { light: '#56b4e9', dark: '#8ccbf0', line: 'dashed' },
  first: true,
  fit(summary) {
    const { max, negative } = rangeOf(summary)
    return negative
      ? affine([0], [max], { max: [max] })
      : affine([max / 2], [max / 2], { max: [max] })
  }
})
