import { featuresOf } from '../../dataset/dataset'
import { choice } from '../choice'

export const PER_IMAGE = choice({
  id: 'per-image',
  name: 'Standardised, each image',
  shortName: 'Std. each image',
  formula: '(x - mean_i) / max(std_i, 1/sqrt(N))',
  alsoCalled: [
    { name: 'tf.image.per_image_standardization' },
    {
      name: 'samplewise std normalisation (Keras ImageDataGenerator)',
      difference: 'which adds 10⁻⁶ to the std and has no floor'
    }
  ],
  definition:
    'Each image less its own mean, divided by its own std, which is at least 1/sqrt(N) with N the number of its values. Nothing is fitted.',
  source: 'TensorFlow, tf.image.per_image_standardization',
  colour: { light: '#b8508f', dark: '#e38bc0', line: 'solid' },
  first: true,
  fit: ({ shape }) => ({
    form: { kind: 'image-standardise' },
    parameters: { floor: [1 / Math.sqrt(featuresOf(shape))] }
  })
})
