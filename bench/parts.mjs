import { existsSync } from 'node:fs'
import { inBench } from './paths.mjs'

/** Parts of the benchmark, in the order in which they run and are written down. */
export const ORDER = [
  'open',
  'statistics',
  'whitening',
  'training',
  'convolution',
  'job',
  'jobs',
  'saturation',
  'ui',
  'scale',
  'start',
  'findings',
  'question',
  'networks',
  'growth',
  'cluster'
]

/** Those that are there. */
export const available = ORDER.filter((name) => existsSync(inBench(`${name}.mjs`)))
