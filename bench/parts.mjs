/** Parts of the benchmark, in the order in which they run and are written down. */
export const ORDER = [
  'open',
  'statistics',
  'whitening',
  'training',
  'convolution',
  'job',
  'saturation',
  'ui',
  'scale',
  'start',
  'findings',
  'question',
  'networks',
  'growth'
]
