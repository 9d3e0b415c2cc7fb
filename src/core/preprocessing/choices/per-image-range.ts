import { choice } from '../choice'

export const PER_IMAGE_RANGE = choice({
  id: 'per-image-range',
  name: 'Rescaled, each image',
  shortName: 'Range each image',
  formula: '(x - min_i) / (max_i - min_i)',
  alsoCalled: [
    { name: 'contrast stretching', difference: 'without cutting off percentiles first' }
  ],
  definition:
    'Each image stretched so that its least value is 0 and its greatest 1; a constant image becomes 0. Nothing is fitted.',
  colour: { light: '#882255', dark: '#c7619a', line: 'dashed' },
  fit: () => ({ form: { kind: 'image-range' }, parameters: {} })
})
