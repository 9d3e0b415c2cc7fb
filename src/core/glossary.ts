import { lowerFirst } from './text'

/** A number that a column shows: the same words in its tooltip, in reports and in docs/SCIENCE.md. */
export interface Term {
  readonly id: string
  /** as within a sentence; a column is titled so */
  readonly name: string
  /** what else columns of the same number are titled */
  readonly also?: readonly string[]
  /** what the number is, one that begins a sentence; of it alone, without what it is good for */
  readonly definition: string
  /** publication the definition is from; ours where there is none */
  readonly source?: string
}

/** Everything that a table counts or measures, once. */
export const GLOSSARY = [
  {
    id: 'mean',
    name: 'mean',
    definition: 'Sum of the values after the choice divided by their number, channel by channel.'
  },
  {
    id: 'std',
    name: 'std',
    definition:
      'Population standard deviation of the values after the choice, channel by channel: the root of their mean squared distance from the mean, with N as the divisor.'
  },
  { id: 'min', name: 'min', definition: 'Smallest value after the choice.' },
  { id: 'max', name: 'max', definition: 'Greatest value after the choice.' },
  {
    id: 'at-minimum',
    name: 'at minimum',
    definition: 'Share of the values after the choice that equal the smallest one.'
  },
  {
    id: 'effective-features',
    name: 'effective features',
    definition:
      'exp(−Σ s log s), where s is the share of a feature (a pixel position and channel) in the sum of E[y²] over all features: the number of equally strong features that would have the same spread. A constant offset counts, as it does in the gradient of the first layer.',
    source: 'Hill 1973, number of order 1'
  },
  {
    id: 'by-variance',
    name: 'by variance',
    definition:
      'Effective features by the variance: exp(−Σ s log s), where s is the share of a feature in the sum of the variances over all features. It is of what differs between images; a constant offset does not count.',
    source: 'Hill 1973, number of order 1'
  },
  {
    id: 'accuracy',
    name: 'test accuracy',
    also: ['accuracy'],
    definition:
      'Share of the test images whose most probable class is their label, after the last epoch; of the training images, during that epoch, where there are no test images. In a row of several seeds, their mean.'
  },
  {
    id: 'spread',
    name: '± seeds',
    definition:
      'Sample standard deviation (divisor n − 1) of the accuracy over runs that differ in their seed only, in percentage points.'
  },
  {
    id: 'highest-seen',
    name: 'highest seen',
    definition:
      'Highest test accuracy of any epoch; of several seeds, the mean. It is picked by the test images themselves, so it is too good for an estimate.'
  },
  {
    id: 'balanced-accuracy',
    name: 'balanced accuracy',
    also: ['balanced'],
    definition:
      'Mean over the classes that occur in the test images of the share of their images that are classified rightly, so that each class counts the same.',
    source: 'Brodersen et al. 2010, The balanced accuracy and its posterior distribution'
  },
  {
    id: 'chance',
    name: 'chance',
    definition: 'Accuracy of always naming the most frequent class of the run’s own test images.'
  },
  {
    id: 'trapped',
    name: 'trapped',
    definition:
      'Share of the last epoch’s samples whose loss gradient is exactly 0 although the network is wrong: nothing pulls them right.'
  },
  {
    id: 'learned',
    name: 'learned',
    definition:
      'Share of the last epoch’s samples whose loss gradient is exactly 0 because they are right beyond what the loss can tell.'
  },
  {
    id: 'dead-units',
    name: 'dead units',
    definition:
      'Share of the hidden units that output 0 for every training image; of a convolution, of the channels that do at every place.'
  },
  {
    id: 'std-of-z',
    name: 'std of z',
    definition:
      'Population standard deviation of the pre-activations of a layer over the probe images, its units and, in a convolution, all places.'
  },
  {
    id: 'saturated',
    name: 'saturated',
    definition:
      'Mean over the units of a layer of the share of the probe images for which |f′(z)| is below 5 % of its maximum. A unit of a convolution is a channel, and its share is over images and places.',
    source: 'Glorot & Bengio 2010; the threshold is ours'
  },
  {
    id: 'gradient-norm',
    name: 'gradient norm',
    definition:
      'Root of the sum of squares of the gradient of the mean loss over the probe images by all weights of a layer, without weight decay.',
    source: 'Glorot & Bengio 2010'
  },
  {
    id: 'time',
    name: 'time',
    definition:
      'Time spent in training steps; of several seeds, the mean. Evaluation, pauses and start-up are left out.'
  },
  {
    id: 'images-per-second',
    name: 'images/s',
    definition:
      'Training images of an epoch by the seconds spent in training steps. Of a run: the median over its epochs.'
  },
  {
    id: 'finding',
    name: 'finding',
    definition:
      'The gravest of what holds for the runs of the row. Each finding has a definition with its threshold.'
  },
  {
    id: 'weights-hash',
    name: 'SHA-256 of the weights',
    definition:
      'Over all weights as float32 little-endian, layer by layer. Two trainings that agree in it ended with the same weights, bit for bit.'
  },
  {
    id: 'share',
    name: 'share',
    definition:
      'Mean over all orders of turning the switches on of what turning this one on changes, in points of accuracy. The shares add up to the gap.',
    source: 'Shapley 1953'
  },
  {
    id: 'share-spread',
    name: 'std over seeds',
    definition: 'Sample standard deviation (divisor n − 1) of the share over the seeds, in points.'
  },
  {
    id: 'lowest',
    name: 'lowest',
    definition:
      'Smallest change that the switch makes in any order, each a mean over the seeds, in points.'
  },
  {
    id: 'highest',
    name: 'highest',
    definition:
      'Greatest change that the switch makes in any order, each a mean over the seeds, in points.'
  },
  {
    id: 'switched-first',
    name: 'switched first',
    definition:
      'Change that the switch makes where it is turned on before all others, a mean over the seeds, in points.'
  },
  {
    id: 'switched-last',
    name: 'switched last',
    definition:
      'Change that the switch makes where it is turned on after all others, a mean over the seeds, in points.'
  },
  {
    id: 'condition-number',
    name: 'condition number',
    definition: 'Largest eigenvalue of E[x xᵀ] over the smallest that is not 0.',
    source: 'LeCun, Bottou, Orr & Müller 1998, Efficient BackProp'
  },
  {
    id: 'trains-up-to',
    name: 'trains up to',
    definition:
      'Largest learning rate at which training works, found by trial; of several seeds, the geometric mean.'
  },
  {
    id: 'brightest-tenth',
    name: 'brightest tenth',
    definition:
      'Share that the brightest tenth of the pixels (of colour images: of their values), by their mean over the training images, has in the pull on the first layer.'
  },
  {
    id: 'effective-pixels',
    name: 'effective pixels',
    also: ['effective values'],
    definition:
      'exp(−Σ s log s), where s is the share of a pixel (of colour images: of each of its values) in the pull on the first layer: the number of equally strong ones whose pull would be spread as widely.',
    source: 'Hill 1973, number of order 1'
  },
  {
    id: 'fewest-bright',
    name: 'fewest bright',
    definition:
      'Mean over the classes of the accuracy on the half of a class’s test images with the fewest bright pixels.'
  },
  {
    id: 'most-bright',
    name: 'most bright',
    definition:
      'Mean over the classes of the accuracy on the half of a class’s test images with the most bright pixels.'
  },
  {
    id: 'saturated-at-start',
    name: 'saturated at the start',
    also: ['saturated at the end'],
    definition:
      'Share of the unit-samples, one for each hidden unit and probe image, with |f′(z)| below 5 % of its greatest value: before training, or after the last epoch.'
  },
  {
    id: 'gradient-per-input',
    name: 'gradient per input',
    definition:
      'Length of the gradient of the mean loss over the probe images with respect to weights and biases of the first layer, before training, divided by the root mean square of that layer’s input, which multiplies it.'
  },
  {
    id: 'epochs-to-best',
    name: 'steps to 95 % of the best',
    definition:
      'Steps until the accuracy in training, by twentieths of an epoch, is 95 % of the best that any choice reaches.'
  },
  {
    id: 'accuracy-there',
    name: 'accuracy there',
    definition:
      'Highest test accuracy at the input scale, picked by the test images; of several seeds, the mean.'
  },
  {
    id: 'as-good',
    name: 'as good, middle',
    definition:
      'Geometric middle of the values about the best whose accuracy is within one point of it.'
  },
  {
    id: 'predicted',
    name: 'predicted',
    definition:
      'Value with which the first layer would train as it does at scale 1, by the identity of scalings.'
  },
  {
    id: 'equivalent',
    name: 'equivalent',
    definition: 'Factor on the setting with which the run on the moved input is the same training.'
  },
  {
    id: 'set-to',
    name: 'set to',
    definition: 'Factor on the setting that the moved run was given.'
  },
  {
    id: 'moved',
    name: 'moved',
    definition:
      'Largest relative difference within the epoch of the losses of the moved run from those of the run as it is.'
  },
  {
    id: 'last-bit',
    name: 'last bit of the initial weights changed',
    definition:
      'Largest relative difference within the epoch that runs have whose initial weights of the first layer differ in the last bit: what rounding alone makes.'
  },
  {
    id: 'weights',
    name: 'weights',
    definition:
      'Numbers of a layer that training changes: kernel, bias, and scale and shift of a normalisation. Moving means and variances are kept beside them and not trained.'
  },
  {
    id: 'share-of-work',
    name: 'share of the work',
    definition: 'Multiply-adds of a layer for one image, as a share of those of the whole network.'
  },
  {
    id: 'multiply-adds',
    name: 'multiply-adds',
    definition:
      'Products that are summed on the way of one image through the network; what is not a product of weights counts once for each value that it reads or makes. A training step takes about three times as many for each image.'
  },
  {
    id: 'step-memory',
    name: 'memory of a step',
    definition:
      'By count: four numbers of 4 bytes for each weight (itself, its gradient and up to two moments of the optimiser) and two for each value that an operation makes of a batch. Images, TensorFlow and its buffers come on top.'
  }
] as const satisfies readonly Term[]

export type TermId = (typeof GLOSSARY)[number]['id']

type KnownTerm = Term & { readonly id: TermId }

const TERMS: readonly KnownTerm[] = GLOSSARY

export function termOf(id: TermId): Term {
  return TERMS.find((term) => term.id === id) as Term
}

/** The term that a column's title names; undefined for titles that are plain words. */
export function termTitled(title: string): KnownTerm | undefined {
  return TERMS.find(({ name, also = [] }) => [name, ...also].some((each) => isTitle(title, each)))
}

function isTitle(title: string, name: string): boolean {
  return title === name || lowerFirst(title) === name
}
