import type { ChoiceId } from './preprocessing'

/** What a person is told of a choice; what it does is in fit.ts and apply.ts. */
export interface ChoiceRecord {
  readonly id: ChoiceId
  readonly name: string
  /** for legends and narrow columns */
  readonly shortName: string
  /** x is a stored value; _c of a channel, _p of a pixel position, _i of an image */
  readonly formula: string
  /** names under which libraries and people know it */
  readonly alsoCalled: readonly string[]
  /** one or two sentences: the formula in words, and what it is fitted on */
  readonly definition: string
  readonly source?: string
}

const FITTED = 'mean and std are of the training split only, std divided by N.'

/** All choices, in the order in which they are shown. */
export const CHOICES: readonly ChoiceRecord[] = [
  {
    id: 'raw',
    name: 'Raw bytes',
    shortName: 'Raw',
    formula: 'x',
    alsoCalled: ['none', 'unnormalised'],
    definition: 'The stored values as they are.'
  },
  {
    id: 'unit',
    name: 'Rescaled to [0, 1]',
    shortName: '[0, 1]',
    formula: 'x / max',
    alsoCalled: ['normalisation (Keras tutorial)', 'min-max scaling', 'ToTensor'],
    definition:
      'Each value divided by the greatest value of its type: 255 for bytes, 65535 for 16-bit. Float pixels: divided by 1 where the training values lie in [0, 1], else by the greatest absolute training value.',
    source: 'Keras tutorial "Basic classification"; torchvision ToTensor'
  },
  {
    id: 'symmetric',
    name: 'Rescaled to [−1, 1]',
    shortName: '[−1, 1]',
    formula: 'x / (max / 2) - 1',
    alsoCalled: ['Inception preprocessing'],
    definition:
      'Each value divided by half the greatest value of its type, less 1. Float pixels that go below 0 are divided by the greatest absolute training value instead, for they lie about 0 already.',
    source: 'Keras applications, preprocess_input of Inception'
  },
  {
    id: 'standardised',
    name: 'Standardised, whole set',
    shortName: 'Standardised',
    formula: '(x - mean_c) / std_c',
    alsoCalled: ['normalisation (torchvision Normalize)', 'z-score'],
    definition: `Each channel less its mean, divided by its std; ${FITTED} A constant channel is divided by 1.`,
    source: 'LeCun, Bottou, Orr & Müller 1998, Efficient BackProp'
  },
  {
    id: 'standardised-per-pixel',
    name: 'Standardised, each pixel',
    shortName: 'Std. each pixel',
    formula: '(x - mean_p) / max(std_p, floor)',
    alsoCalled: ['StandardScaler', 'featurewise std normalisation'],
    definition: `Each value less the mean of its position, divided by that position's std; ${FITTED} The std is at least one 255th of the range (1 for bytes), so that border pixels that are hardly ever lit are not blown up.`,
    source: 'scikit-learn StandardScaler; Keras ImageDataGenerator featurewise_std_normalization'
  },
  {
    id: 'centred',
    name: 'Centred, whole set',
    shortName: 'Centred',
    formula: 'x - mean_c',
    alsoCalled: ['mean subtraction'],
    definition: 'Each channel less its mean over the training split.'
  },
  {
    id: 'centred-per-pixel',
    name: 'Centred, each pixel',
    shortName: 'Centred each pixel',
    formula: 'x - mean_p',
    alsoCalled: ['mean image subtraction'],
    definition: 'Each value less the mean of its position: the mean training image is subtracted.',
    source: 'Krizhevsky, Sutskever & Hinton 2012'
  },
  {
    id: 'per-image',
    name: 'Standardised, each image',
    shortName: 'Std. each image',
    formula: '(x - mean_i) / max(std_i, 1/sqrt(N))',
    alsoCalled: ['tf.image.per_image_standardization', 'samplewise'],
    definition:
      'Each image less its own mean, divided by its own std, which is at least 1/sqrt(N) with N the number of its values. Nothing is fitted.',
    source: 'TensorFlow, tf.image.per_image_standardization'
  },
  {
    id: 'per-image-range',
    name: 'Rescaled, each image',
    shortName: 'Range each image',
    formula: '(x - min_i) / (max_i - min_i)',
    alsoCalled: ['contrast stretching'],
    definition:
      'Each image stretched so that its least value is 0 and its greatest 1; a constant image becomes 0. Nothing is fitted.'
  },
  {
    id: 'per-image-length',
    name: 'Unit length, each image',
    shortName: 'Unit length',
    formula: 'x / max(norm_i, tiny)',
    alsoCalled: ['L2 normalisation', 'Normalizer'],
    definition:
      'Each image divided by its Euclidean length, the root of the sum of its squared values; an image of zeros stays 0. Nothing is fitted.',
    source: 'scikit-learn Normalizer'
  },
  {
    id: 'robust',
    name: 'Robust, whole set',
    shortName: 'Robust',
    formula: '(x - median_c) / IQR_c',
    alsoCalled: ['RobustScaler'],
    definition:
      'Each channel less its median, divided by its interquartile range (75th less 25th percentile, interpolated linearly) over the training split; where that is 0 by its std, and where that is 0 too by 1.',
    source: 'scikit-learn RobustScaler; Hyndman & Fan 1996, definition 7'
  },
  {
    id: 'log',
    name: 'Logarithm',
    shortName: 'Logarithm',
    formula: 'log(1 + x) / log(1 + max)',
    alsoCalled: ['log transform'],
    definition:
      'The logarithm of 1 + x, divided by that of 1 + the greatest value of the type. For values from 0 only.'
  },
  {
    id: 'equalised',
    name: 'Equalised, each image',
    shortName: 'Equalised',
    formula: 'CDF_i(x)',
    alsoCalled: ['histogram equalisation'],
    definition:
      "Each value becomes the share of its image's values, in its channel, that are not greater. Nothing is fitted.",
    source: 'Gonzalez & Woods, Digital Image Processing, histogram equalisation'
  },
  {
    id: 'whitened',
    name: 'Whitened (ZCA)',
    shortName: 'Whitened',
    formula: 'U (L + eps)^-1/2 U^T (x - mean_p)',
    alsoCalled: ['decorrelation (LeCun 1998)'],
    definition:
      'Each image less the mean image, its values decorrelated and brought to variance 1 by the eigenvectors U and eigenvalues L of the training covariance. eps is one hundredth of the mean eigenvalue: directions of less variance are mostly noise and are not blown up.',
    source:
      'LeCun et al. 1998, Efficient BackProp; Krizhevsky 2009 (ZCA); Coates & Ng 2012 (eps of 0.01 to 0.1 pixel variances)'
  },
  {
    id: 'custom',
    name: 'Custom',
    shortName: 'Custom',
    formula: '(x - a_c) / b_c',
    alsoCalled: ["someone else's constants"],
    definition: 'Constants of your own, one for all channels or one each.'
  }
]

const BY_ID = new Map(CHOICES.map((record) => [record.id, record]))

export function choiceRecord(id: ChoiceId): ChoiceRecord {
  return BY_ID.get(id)!
}
