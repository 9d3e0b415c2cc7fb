import { choice } from '../choice'

/** Divisor below which an image of zeros stays zeros instead of becoming NaN. */
const TINY = 1e-12

export const PER_IMAGE_LENGTH = choice({
  id: 'per-image-length',
  name: 'Unit length, each image',
  shortName: 'Unit length',
  formula: 'x / max(norm_i, tiny)',
  alsoCalled: [{ name: 'L2 normalisation' }, { name: 'Normalizer (scikit-learn)' }],
  definition:
    'Each image divided by its Euclidean length, the root of the sum of its squared values; an image of zeros stays 0. Nothing is fitted.',
  source: 'scikit-learn Normalizer',
  colour: { light: '#aa4499', dark: '#d27fc4', line: 'dotted' },
  fit: () => ({ form: { kind: 'image-length', tiny: TINY }, parameters: { tiny: [TINY] } })
})
