import { featuresOf } from '../../../core/dataset/dataset'
import type { Dataset, SplitName } from '../../../core/dataset/dataset'
import { levelDistribution, levelFeatureMoments } from '../../../core/preprocessing/distribution'
import type { Distribution } from '../../../core/preprocessing/distribution'
import type { FeatureMoments } from '../../../core/preprocessing/feature-moments'
import { knownLevels, levelFrame, mergeLevels } from '../../../core/preprocessing/image-levels'
import type {
  KnownLevels,
  LevelCounts,
  LevelFrame,
  LevelRange,
  PartFrame
} from '../../../core/preprocessing/image-levels'
import type { FittedPreprocessing } from '../../../core/preprocessing/preprocessing'
import { binEdges } from '../../../core/statistics/counting/bins'
import type { MomentRows } from '../../../core/statistics/moments'
import type { Summary } from '../../../core/statistics/summary'
import { readRows } from '../../data/rows'
import { inOrder, rangeParts } from './parts'

/** What the values of images become under a choice, and the moments of each image. */
export interface Measured {
  readonly distribution: Distribution
  readonly moments: MomentRows
  readonly features: FeatureMoments
}

/** Of choices with levels, of bytes: one pass over the images for all of them. */
export async function measureLevels(
  dataset: Dataset,
  splits: readonly SplitName[],
  summary: Summary,
  choices: readonly FittedPreprocessing[],
  bins: number
): Promise<Measured[]> {
  const parts = rangeParts(dataset, splits)
  const values = summary.count * featuresOf(dataset)
  const first = await readRows(dataset, splits[0]!, 0, 1)
  const known = choices.map((fitted) => knownLevels(fitted, summary.images))
  const ranges: LevelRange[] = []
  for (const [at, fitted] of choices.entries()) {
    ranges.push(known[at]?.range ?? (await foundRange(fitted)))
  }
  const frames = choices.map((fitted, at) => {
    const { min, max } = ranges[at]!
    return levelFrame(fitted, first, ranges[at]!, binEdges(min, max, bins))
  })
  const found = choices.map((): LevelCounts[] => [])
  let images = 0
  const asked = parts.map((part) => {
    const [from, to] = [images, (images += part.count)]
    return { ...part, frames: frames.map((frame, at) => partOf(frame, known[at], from, to)) }
  })
  await inOrder('levelCounts', asked, values, (counts) =>
    counts.forEach((one, at) => found[at]!.push(one))
  )
  return frames.map((frame, at) => {
    const counts = mergeLevels(found[at]!)
    return {
      distribution: levelDistribution(frame, ranges[at]!, counts),
      moments: counts.moments,
      features: levelFeatureMoments(frame, counts)
    }
  })

  async function foundRange(fitted: FittedPreprocessing): Promise<LevelRange> {
    let [least, most] = [Infinity, -Infinity]
    const asked = parts.map((part) => ({ ...part, fitted }))
    await inOrder('levelRange', asked, values, ({ min, max }) => {
      least = Math.min(least, min)
      most = Math.max(most, max)
    })
    return { min: least, max: most }
  }
}

/** A frame for the images from one to another of the set. */
function partOf(
  frame: LevelFrame,
  known: KnownLevels | undefined,
  from: number,
  to: number
): PartFrame {
  if (!known) return frame
  const { centres, divisors } = known.constants
  const constants = { centres: centres.slice(from, to), divisors: divisors.slice(from, to) }
  return { ...frame, constants }
}
