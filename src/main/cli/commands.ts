import type { Command } from './command'
import { advise } from './advise'
import { batchNorm } from './batch-norm'
import { cache } from './cache'
import { claims } from './claims'
import { clusterJob } from './cluster-job'
import { code } from './code'
import { curvature } from './curvature'
import { distributions } from './distributions'
import { equivalence } from './equivalence'
import { explain } from './explain'
import { inspect } from './inspect'
import { layers } from './layers'
import { merge } from './merge'
import { mismatch } from './mismatch'
import { rateMap } from './rate-map'
import { reproduce } from './reproduce'
import { reproduceStudy } from './reproduce-study'
import { serve } from './serve'
import { study } from './study'
import { summarise } from './summarise'
import { train } from './train'

/** Every command of the program, in the order in which help lists them. */
export const COMMANDS: readonly Command[] = [
  inspect,
  distributions,
  summarise,
  merge,
  code,
  layers,
  train,
  explain,
  batchNorm,
  reproduce,
  equivalence,
  rateMap,
  curvature,
  claims,
  mismatch,
  advise,
  study,
  reproduceStudy,
  cache,
  serve,
  clusterJob
]
